import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import { assertNoHoles, lessReserved } from "./offer.ts";

test("what is reserved is taken off; nothing left is refused with what there is", () => {
  const has = { milliCpu: 2000, memoryBytes: 2 ** 30 };
  assert.deepEqual(lessReserved(has, { milliCpu: 500, memoryBytes: 0 }), { milliCpu: 1500, memoryBytes: 2 ** 30 });
  assert.throws(
    () => lessReserved(has, { milliCpu: 0, memoryBytes: 2 ** 30 }),
    (thrown) => Problem.is(thrown, "bad-request") && /2000m of CPU and 1024 MiB/.test(thrown.hint ?? ""),
  );
});

test("a runtime with known holes is refused by name where that is asked for", () => {
  assertNoHoles([{ name: "crun", version: "1.8.1" }]);
  assert.throws(
    () => assertNoHoles([{ name: "runc", version: "1.1.5" }]),
    (thrown) => Problem.is(thrown, "unsupported") && /runc 1\.1\.5 .*CVE-2024-21626/.test(thrown.message),
  );
});
