import assert from "node:assert/strict";
import { test } from "node:test";
import { parsePorts } from "./run.ts";

test("port pairs", () => {
  assert.deepEqual(parsePorts("8080:80"), { local: 8080, remote: 80 });
  assert.deepEqual(parsePorts("80"), { local: 80, remote: 80 });
  assert.deepEqual(parsePorts(":80"), { local: 0, remote: 80 });
  assert.deepEqual(parsePorts("0:80"), { local: 0, remote: 80 });
  for (const word of ["", ":", "80:", "a:80", "80:http", "1:2:3", "-1:80", "70000:80", "80:0", "80:65536", "1.5:80"])
    assert.throws(() => parsePorts(word), /no port pair/, word);
});
