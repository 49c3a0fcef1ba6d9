import assert from "node:assert/strict";
import { test } from "node:test";
import { isUlimitAnnotation, parseUlimits, ulimitContainer, ulimitsOf } from "./ulimits.ts";

const unlimited = Number.POSITIVE_INFINITY;

test("limits are soft:hard or one for both, numbers or unlimited", () => {
  assert.deepEqual(parseUlimits("nofile=1024:65536, core=0,memlock=unlimited,stack=-1"), [
    { name: "nofile", soft: 1024, hard: 65_536 },
    { name: "core", soft: 0, hard: 0 },
    { name: "memlock", soft: unlimited, hard: unlimited },
    { name: "stack", soft: unlimited, hard: unlimited },
  ]);
});

test("what is wrong is said", () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ["", /is not NAME=SOFT:HARD/],
    ["files=1", /"files=1" is not NAME=SOFT:HARD with a name of core, cpu/],
    ["nofile=many", /nofile takes whole numbers or `unlimited`/],
    ["nofile=1.5", /is not NAME=SOFT:HARD/],
    ["nofile=99999999999999999", /takes whole numbers/],
    ["nofile=10:5", /soft limit 10 is above the hard limit 5/],
    ["nofile=unlimited:5", /soft limit unlimited is above/],
    ["core=0,core=1", /core is there twice/],
  ];
  for (const [text, pattern] of cases) assert.match(String(parseUlimits(text)), pattern, text);
});

test("a container's own limits win over its pod's, one by one", () => {
  const annotations = {
    "orch/ulimits": "nofile=10,core=0",
    "orch/ulimits.web": "nofile=20",
    "orch/ulimits.x": "cpu=1",
  };
  assert.deepEqual(
    ulimitsOf(annotations, "web").map(({ name, hard }) => `${name}=${hard}`),
    ["nofile=20", "core=0"],
  );
  assert.deepEqual(ulimitsOf(undefined, "web"), []);
  assert.deepEqual(Object.keys(annotations).map(ulimitContainer), [undefined, "web", "x"]);
  assert.ok(isUlimitAnnotation("orch/ulimits.web") && !isUlimitAnnotation("orch/ulimits-web"));
});
