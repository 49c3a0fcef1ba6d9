import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import { checkUpgrade } from "./upgrade-check.ts";

test("a cluster goes one minor version ahead at a time, and not back", () => {
  assert.equal(checkUpgrade("1.4.2", "1.4.2"), "same");
  for (const to of ["1.4.3", "1.5.0", "1.5.0-rc.1"]) assert.equal(checkUpgrade("1.4.2", to), undefined, to);
  const refused = (from: string, to: string, hint: RegExp): void =>
    assert.throws(
      () => checkUpgrade(from, to),
      (thrown) => Problem.is(thrown, "unsupported") && hint.test(thrown.hint ?? ""),
    );
  refused("1.4.2", "1.6.0", /upgrade to 1\.5 first/);
  refused("1.4.2", "2.0.0", /upgrade to 1\.5 first/);
  refused("1.4.2", "1.4.1", /going back needs a backup/);
  assert.throws(() => checkUpgrade("x", "1.0.0"), /no version/);
});
