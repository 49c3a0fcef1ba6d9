/**
 * Leaving a cluster: containers stop in their own time, the control plane is told, and then nothing of this node is left on the
 * machine. Every part can be repeated: what was cut off goes on where it was.
 */
import { existsSync } from "node:fs";
import { rm, rmdir } from "node:fs/promises";
import { dirname } from "node:path";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import type { LeaveConfig } from "./config.ts";
import { isMountPoint, unmountBelow } from "./host/mounts.ts";
import { Cgroups } from "./runtime/cgroups.ts";
import { mountRunDirectory } from "./runtime/runtime-paths.ts";
import { ControlPlaneLink } from "./session/control-plane-link.ts";
import { lockInstance } from "./single-instance.ts";
import { buildAgent, findPlace, type Place, type Surroundings } from "./wiring.ts";

export interface Left {
  readonly cluster: string;
  readonly nodeName: string;
  /** Why the control plane does not know of it; undefined = it does. */
  readonly untold: string | undefined;
}

const tellTimeoutMs = 15_000;

/** Throws Problem `conflict` while the agent runs, `timeout` when containers do not stop, `unavailable` without control plane. */
export async function leaveCluster(
  { run: config, force, timeoutMs }: LeaveConfig,
  hostname: string,
  around: Surroundings,
  signal: AbortSignal,
): Promise<Left> {
  const place = await findPlace(config, hostname);
  await mountRunDirectory(place.runDirectory);
  const lock = await lockInstance(place.runDirectory).catch((thrown: unknown) => {
    throw Problem.is(thrown, "conflict") ? stillRunning(place) : thrown;
  });
  const link = new ControlPlaneLink({ addresses: place.controlPlane, identity: place.identity, clock: around.clock });
  try {
    // Before anything is stopped: a machine that cannot say goodbye had better not go.
    const unreachable = force ? undefined : await reason(link.reach(AbortSignal.timeout(tellTimeoutMs)));
    if (unreachable !== undefined) throw cannotTell(unreachable);
    const late = around.clock.after(timeoutMs, () => tooLate.abort(stopsTooSlowly(place, timeoutMs)));
    const tooLate = new AbortController();
    try {
      const { agent, network } = await buildAgent(config, place, around, link);
      await agent.stopAllPods(AbortSignal.any([signal, tooLate.signal]));
      await network.tearDown();
    } finally {
      late.cancel();
    }
    const untold = await reason(tell(link));
    if (untold !== undefined && !force) throw cannotTell(untold);
    await removeTraces(place, around);
    return { cluster: place.cluster, nodeName: place.nodeName, untold };
  } finally {
    link.close();
    await lock.release();
    await unmountRunDirectory(place);
  }
}

async function removeTraces({ dataDirectory, cgroupRoot }: Place, { clock }: Surroundings): Promise<void> {
  const cgroups = await Cgroups.open(clock);
  for (const part of ["pods", "conmon"]) await cgroups.remove(`${cgroupRoot}/${part}`);
  await cgroups.pruneParents(`${cgroupRoot}/pods`);
  await unmountBelow(dataDirectory);
  await rm(dataDirectory, { recursive: true, force: true });
  await removeEmptyParents(dataDirectory);
}

/** Only once the rest is gone: a leave that was cut off needs its pods' namespaces again. */
async function unmountRunDirectory({ runDirectory, dataDirectory }: Place): Promise<void> {
  if (existsSync(dataDirectory)) return;
  if (await isMountPoint(runDirectory)) await unmountBelow(runDirectory);
  await rm(runDirectory, { recursive: true, force: true });
  await removeEmptyParents(runDirectory);
}

/** `nodes`, the cluster's, and `orch`, as far as nothing else is in them. */
async function removeEmptyParents(path: string): Promise<void> {
  let parent = dirname(path);
  try {
    for (let level = 0; level < 3; level++, parent = dirname(parent)) await rmdir(parent);
  } catch (thrown) {
    if (errnoOf(thrown) !== "ENOTEMPTY" && errnoOf(thrown) !== "EBUSY" && errnoOf(thrown) !== "ENOENT") throw thrown;
  }
}

/**
 * A certificate that is not good any more has done its last service: the Node it stood for is gone, by us or by an administrator. The
 * answer may be lost with it, so a call that broke off is made again.
 */
async function tell(link: ControlPlaneLink, triesLeft = 2): Promise<void> {
  try {
    await link.leave(AbortSignal.timeout(tellTimeoutMs));
  } catch (thrown) {
    if (Problem.is(thrown, "unauthenticated")) return;
    if (triesLeft === 0 || !(Problem.is(thrown, "unavailable") || Problem.is(thrown, "canceled"))) throw thrown;
    link.close();
    await tell(link, triesLeft - 1);
  }
}

async function reason(attempt: Promise<unknown>): Promise<string | undefined> {
  try {
    await attempt;
    return undefined;
  } catch (thrown) {
    return Problem.from(thrown).message;
  }
}

function stillRunning({ nodeName }: Place): Problem {
  return new Problem("conflict", `the agent of node ${nodeName} still runs on this machine`, {
    hint: "Stop it first: systemctl disable --now orch-node-agent.",
  });
}

function cannotTell(why: string): Problem {
  return new Problem("unavailable", `the control plane cannot be told that this machine leaves: ${why}`, {
    hint: "Try again when it answers; or leave with --force, and run `orchctl node remove NAME` when it does.",
  });
}

function stopsTooSlowly({ nodeName }: Place, timeoutMs: number): Problem {
  return new Problem("timeout", `not all containers of node ${nodeName} stopped within ${timeoutMs / 1000} s`, {
    hint: "Run the same command again, with a longer --timeout.",
  });
}
