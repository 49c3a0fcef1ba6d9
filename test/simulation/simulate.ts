/** Runs one seed: trouble for a while, then calm, in which everything must settle and stay so. */
import type { Direction } from "./link.ts";
import { unsettled } from "./settled.ts";
import { SimWorld } from "./sim-world.ts";

export interface SeedResult {
  readonly seed: number;
  /** Empty: the seed passed. */
  readonly violations: readonly string[];
  readonly digest: number;
  readonly seen: ReadonlyMap<string, number>;
  readonly simulatedMs: number;
}

const troubleMs = 24_000;
const longestFaultMs = 11_000;
/** Longer than every back-off, lease, drift check and eviction added up. */
const settleWithinMs = 120_000;
const staysMs = 8_000;
const secondMs = 1_000;

export async function simulate(seed: number, onTrace?: (line: string) => void): Promise<SeedResult> {
  const world = new SimWorld({ seed, ...(onTrace ? { onTrace } : {}) });
  world.trace(`seed ${seed}: ${world.agents.length} nodes, ${describe(world)}`);
  world.start(world.chaos.random.next() < 0.6 ? 2 : 1);
  await trouble(world);
  if (world.violations.length === 0) await calm(world);
  world.stop();
  const { violations, digest, chaos, clock } = world;
  return { seed, violations, digest, seen: chaos.seen, simulatedMs: clock.monotonicMs() };
}

async function trouble(world: SimWorld): Promise<void> {
  const { chaos, users, clock } = world;
  await world.run(3_000);
  void users.create();
  while (clock.monotonicMs() < troubleMs && world.violations.length === 0) {
    await world.run(clock.monotonicMs() + secondMs);
    peopleAct(world);
    for (const controlPlane of world.controlPlanes) {
      if (chaos.strikes("controlPlaneCrash")) world.crash(controlPlane);
      else if (chaos.strikes("controlPlaneFreeze")) controlPlane.freeze(chaos.between(500, 9_000));
      else if (chaos.strikes("clockStep")) world.stepClock(controlPlane);
      else if (chaos.strikes("storeCut")) world.cutStore(controlPlane, chaos.between(1_000, 9_000));
    }
    for (const agent of world.agents.filter((one) => one.isOn)) {
      if (chaos.strikes("agentCrash")) agent.crash();
      else if (chaos.strikes("partition")) agent.partition(chaos.between(500, longestFaultMs));
      else if (chaos.strikes("oneWayPartition")) agent.partition(chaos.between(500, longestFaultMs), [oneWay(world)]);
      else if (chaos.strikes("flapping")) agent.flap(chaos.between(2, 4));
      else if (chaos.strikes("clockStep")) world.stepClock(agent);
      else if (chaos.strikes("powerOff")) agent.powerOff(chaos.between(1_000, longestFaultMs));
      else if (chaos.strikes("containerCrash")) agent.crashContainer();
    }
  }
}

const oneWay = ({ chaos }: SimWorld): Direction => chaos.pick(["up", "down"] as const) ?? "up";

function peopleAct({ chaos, users, drains }: SimWorld): void {
  const dice = chaos.random.next();
  if (dice < 0.05) void users.create();
  else if (dice < 0.15) void users.scale();
  else if (dice < 0.27) void users.update();
  else if (dice < 0.3) void users.pause();
  else if (dice < 0.32) void users.delete();
  else if (dice < 0.34) void drains.cordonOrNot();
  else if (dice < 0.4) drains.begin();
}

/** Every fault has an end; then all that was asked for must come true, and stay. */
async function calm(world: SimWorld): Promise<void> {
  const { chaos, users, drains, clock } = world;
  chaos.stop();
  await world.run(clock.monotonicMs() + longestFaultMs);
  void users.mend();
  void drains.end();
  const untilMs = clock.monotonicMs() + settleWithinMs;
  let atRest: { readonly sinceMs: number; readonly revision: number } | undefined;
  let differences: readonly string[] = [];
  while (clock.monotonicMs() < untilMs) {
    if (!(await world.run(clock.monotonicMs() + secondMs))) return;
    differences = unsettled(world);
    const { revision } = world.etcd;
    // What is as it should be is left alone, its store, too (I18).
    if (differences.length > 0) atRest = undefined;
    else if (atRest?.revision !== revision) atRest = { sinceMs: clock.monotonicMs(), revision };
    if (atRest !== undefined && clock.monotonicMs() - atRest.sinceMs >= staysMs) return;
  }
  for (const difference of differences) world.violations.push(`not settled: ${difference}`);
  if (differences.length === 0) world.violations.push("not settled: it was right but did not stay so, or wrote on");
}

const describe = (world: SimWorld): string =>
  Object.entries(world.chaos.rates)
    .filter(([, rate]) => rate > 0)
    .map(([kind, rate]) => `${kind} ${rate.toFixed(3)}`)
    .join(", ") || "no faults";
