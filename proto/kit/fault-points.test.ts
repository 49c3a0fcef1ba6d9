import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { type FaultDependencies, noFaults, openFaultPoints, parseFaultRules } from "./fault-points.ts";
import { silentLogger } from "./logger.ts";
import { ManualClock } from "./manual-clock.ts";
import { Problem } from "./problem.ts";

const names = ["first", "second"] as const;
const folder = mkdtempSync(join(tmpdir(), "orch-faults-"));
after(() => rmSync(folder, { recursive: true }));

function dependencies(): FaultDependencies & { readonly clock: ManualClock; deaths: number } {
  const made = { clock: new ManualClock(), logger: silentLogger, deaths: 0, kill: () => void made.deaths++ };
  return made;
}

test("nothing asked for, nothing happens", () => {
  assert.equal(openFaultPoints(undefined, names, dependencies()), noFaults);
  assert.equal(openFaultPoints("", names, dependencies()).at("first"), undefined);
});

test("a process dies at the named visit of the named point, and nowhere else", () => {
  const around = dependencies();
  const faults = openFaultPoints("second=kill@2", names, around);
  assert.equal(faults.at("first"), undefined);
  assert.equal(faults.at("second"), undefined);
  assert.equal(around.deaths, 0);
  assert.ok(faults.at("second") instanceof Promise);
  assert.equal(around.deaths, 1);
  assert.equal(faults.at("second"), undefined);
});

test("an error is a Problem that names its point; every visit can be meant", async () => {
  const faults = openFaultPoints("first=error:disk on fire@every", names, dependencies());
  for (let visit = 0; visit < 3; visit++) {
    await assert.rejects(async () => faults.at("first"), /disk on fire \(fault point first\)/);
  }
});

test("a wait ends when its time is over", async () => {
  const around = dependencies();
  const faults = openFaultPoints("first=delay:500", names, around);
  let isOver = false;
  const waiting = faults.at("first")?.then(() => {
    isOver = true;
  });
  around.clock.advance(499);
  await Promise.resolve();
  assert.equal(isOver, false);
  around.clock.advance(1);
  await waiting;
  assert.equal(isOver, true);
});

test("of a file each process takes one line; when it is used up nothing happens any more", () => {
  const path = join(folder, "walk");
  writeFileSync(path, "first=kill\nsecond=kill");
  for (const name of names) {
    const around = dependencies();
    const faults = openFaultPoints(`file:${path}`, names, around);
    void faults.at(name);
    assert.equal(around.deaths, 1, name);
  }
  assert.equal(openFaultPoints(`file:${path}`, names, dependencies()), noFaults);
  assert.equal(readFileSync(path, "utf8"), "");
});

const wrong: Readonly<Record<string, RegExp>> = {
  "third=kill": /no fault point "third"/,
  first: /no fault point "first"/,
  "first=explode": /names no action/,
  "first=delay": /names no action/,
  "first=delay:-1": /names no action/,
  "first=kill@0": /no visit after @/,
  "first=kill@soon": /no visit after @/,
};

for (const [text, message] of Object.entries(wrong)) {
  test(`${text} is refused`, () => {
    assert.throws(
      () => parseFaultRules(text, names),
      (thrown) => Problem.is(thrown, "bad-request") && message.test(thrown.message),
    );
  });
}
