/** Finds the programs that run containers. */
import type { Clock } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import { findProgram } from "../host/programs.ts";
import { run } from "../host/spawn.ts";
import { hugetlbDirectory, isHugetlbControllerMissing } from "./hugetlb-controller.ts";
import { findInitProgram } from "./init-process.ts";

export interface RuntimeBinaries {
  readonly name: "crun" | "runc";
  readonly version: string;
  readonly runtimePath: string;
  readonly conmonPath: string;
  readonly conmonVersion: string;
  /** First process of containers; undefined when this node has none. */
  readonly initProgram: string | undefined;
}

export interface FindOptions {
  readonly clock: Clock;
  /** Tried in this order; the first that answers is taken. */
  readonly candidates?: readonly ("crun" | "runc")[];
  /** Where programs are looked for. Default: the usual system folders. */
  readonly directories?: readonly string[];
}

const versionTimeoutMs = 10_000;

/** Problem `unavailable` naming the Debian package when something is missing. */
export async function findRuntimeBinaries(options: FindOptions): Promise<RuntimeBinaries> {
  const conmonPath = await findProgram("conmon", options.directories);
  if (conmonPath === undefined) throw missing("conmon is not installed", "conmon");
  const candidates = options.candidates ?? ["crun", "runc"];
  for (const name of candidates) {
    const runtimePath = await findProgram(name, options.directories);
    if (runtimePath === undefined) continue;
    const [version, conmonVersion, initProgram] = await Promise.all([
      versionOf(runtimePath, options.clock),
      versionOf(conmonPath, options.clock),
      findInitProgram(options.directories),
    ]);
    return { name, version, runtimePath, conmonPath, conmonVersion, initProgram };
  }
  throw missing(`${candidates.join(" or ")} is not installed`, candidates[0] ?? "crun");
}

async function versionOf(program: string, clock: Clock): Promise<string> {
  const { code, stdout, stderr } = await run(program, ["--version"], { clock, timeoutMs: versionTimeoutMs });
  if (code === 0) return /version\s+(\S+)/.exec(stdout)?.[1] ?? "unknown";
  throw new Problem("unavailable", `${program} does not work on this node: ${stderr.trim().slice(0, 500)}`);
}

function missing(what: string, packageName: string): Problem {
  return new Problem("unavailable", `this node cannot run containers: ${what}`, {
    hint: `apt-get install ${packageName}`,
    retry: "never",
  });
}

/** crun, else runc; the other way round where crun cannot start. */
export async function preferredRuntimes(logger: Logger): Promise<readonly ("crun" | "runc")[]> {
  if (!(await isHugetlbControllerMissing())) return ["crun", "runc"];
  logger.warn({}, `crun needs the hugetlb controller at ${hugetlbDirectory}: runc is used where it is installed`);
  return ["runc", "crun"];
}
