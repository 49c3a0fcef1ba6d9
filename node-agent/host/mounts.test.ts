import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMountInfo } from "./mounts.ts";

test("a mountinfo line with optional fields and escaped names is read", () => {
  const text = [
    "36 35 98:0 /mnt1 /mnt2/with\\040space rw,noatime master:1 shared:7 - ext3 /dev/root\\134x rw,errors=continue",
    "37 36 0:40 / /p\\303\\274 ro - tmpfs tmpfs rw,size=4k",
    "",
  ].join("\n");
  const [first, second, ...rest] = parseMountInfo(text);
  assert.equal(rest.length, 0);
  assert.deepEqual(first, {
    id: 36,
    parentId: 35,
    device: "98:0",
    root: "/mnt1",
    mountPoint: "/mnt2/with space",
    options: ["rw", "noatime"],
    type: "ext3",
    source: "/dev/root\\x",
    superOptions: ["rw", "errors=continue"],
  });
  assert.equal(second?.mountPoint, "/pü");
});

test("lines that are not mountinfo are skipped", () => {
  assert.deepEqual(parseMountInfo("garbage\n1 2 3:4 / /x rw no-separator ext4 a b"), []);
});
