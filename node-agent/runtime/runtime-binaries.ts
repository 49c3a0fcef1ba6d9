/** Finds the programs that run containers. */
import type { Clock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { run } from "../host/spawn.ts";

export interface RuntimeBinaries {
  readonly name: "crun" | "runc";
  readonly version: string;
  readonly runtimePath: string;
  readonly conmonPath: string;
}

export interface FindOptions {
  readonly clock: Clock;
  /** Tried in this order; the first that answers is taken. */
  readonly candidates?: readonly ("crun" | "runc")[];
  readonly conmon?: string;
}

const versionTimeoutMs = 10_000;

/** Problem `unavailable` naming the Debian package when something is missing. */
export async function findRuntimeBinaries(options: FindOptions): Promise<RuntimeBinaries> {
  const conmonPath = options.conmon ?? "conmon";
  if ((await versionOf(conmonPath, options.clock)) === undefined) throw missing("conmon", "conmon");
  for (const name of options.candidates ?? (["crun", "runc"] as const)) {
    const version = await versionOf(name, options.clock);
    if (version !== undefined) return { name, version, runtimePath: name, conmonPath };
  }
  throw missing("neither crun nor runc", "crun");
}

async function versionOf(program: string, clock: Clock): Promise<string | undefined> {
  try {
    const { code, stdout } = await run(program, ["--version"], { clock, timeoutMs: versionTimeoutMs });
    return code === 0 ? (/version\s+(\S+)/.exec(stdout)?.[1] ?? "unknown") : undefined;
  } catch (thrown) {
    if (Problem.is(thrown, "unavailable")) return undefined;
    throw thrown;
  }
}

function missing(what: string, packageName: string): Problem {
  const subject = what.startsWith("neither") ? `${what} is installed` : `${what} is not installed`;
  return new Problem("unavailable", `this node cannot run containers: ${subject}`, {
    hint: `apt-get install ${packageName}`,
    retry: "never",
  });
}
