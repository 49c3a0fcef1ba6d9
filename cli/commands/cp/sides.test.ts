import assert from "node:assert/strict";
import { test } from "node:test";
import { lastName, meansContent, sidesOf } from "./sides.ts";

test("the side with a colon is in the pod; a path that begins with . or / is here, colons or not", () => {
  const remote = { pod: "web-1", namespace: undefined, path: "/tmp" };
  assert.deepEqual(sidesOf("./a:b", "web-1:/tmp"), { kind: "upload", local: "./a:b", remote });
  assert.deepEqual(sidesOf("web-1:/tmp", "/x:y"), { kind: "download", local: "/x:y", remote });
});

test("a slash before the colon is a kind, else a namespace as with kubectl", () => {
  const pod = (text: string) => {
    const { pod: name, namespace } = sidesOf(".", text).remote;
    return [name, namespace];
  };
  assert.deepEqual(pod("deployment/web:/x"), ["deployment/web", undefined]);
  assert.deepEqual(pod("prod/web-1:/x"), ["web-1", "prod"]);
});

test("two pods, no pod, no path and no name are told apart", () => {
  const table: readonly (readonly [string, string, RegExp])[] = [
    ["a:/x", "b:/x", /one side .* is a path here/],
    ["a:/x", "-", /- is no place/],
    ["x", "y", /neither side names a pod/],
    ["a:", "y", /has no path/],
    ["a/b/c:/x", "y", /names no pod/],
  ];
  for (const [from, to, message] of table) assert.throws(() => sidesOf(from, to), message);
});

test("the name of what is copied is the last of its path", () => {
  const names = ["/var/log/app.log", "site/", "/", "/var/log/.", "..", "a/.."].map(lastName);
  assert.deepEqual(names, ["app.log", "site", "", "log", "", ""]);
  assert.deepEqual(["a/.", ".", "a", "a."].map(meansContent), [true, true, false, false]);
});
