/** What this node offers to pods, and whether it may run any. Pure. */
import { Problem } from "#proto/kit/problem.ts";
import type { RunConfig } from "./config.ts";
import type { Amounts } from "./flag-reader.ts";
import { knownHoles, type ProgramVersion } from "./status/known-holes.ts";
import type { MachineFacts } from "./status/machine-facts.ts";

export function offered(
  config: RunConfig,
  machine: MachineFacts,
): { readonly milliCpu: number; readonly memoryBytes: number; readonly addresses: readonly string[] } {
  return {
    milliCpu: config.milliCpu ?? machine.milliCpu,
    memoryBytes: config.memoryBytes ?? machine.memoryBytes,
    addresses: config.nodeAddresses.length > 0 ? config.nodeAddresses : machine.addresses.slice(0, 1),
  };
}

/** Throws Problem `bad-request` when nothing is left. */
export function lessReserved(has: Amounts, reserved: Amounts): Amounts {
  const left = {
    milliCpu: has.milliCpu - reserved.milliCpu,
    memoryBytes: has.memoryBytes - reserved.memoryBytes,
  };
  if (left.milliCpu > 0 && left.memoryBytes > 0) return left;
  throw new Problem("bad-request", "--system-reserved and --orch-reserved leave nothing for pods", {
    hint: `This node offers ${has.milliCpu}m of CPU and ${Math.floor(has.memoryBytes / 2 ** 20)} MiB of memory.`,
  });
}

/** Throws Problem `unsupported` that names what is wrong with the runtime. */
export function assertNoHoles(programs: readonly ProgramVersion[]): void {
  const found = knownHoles(programs);
  if (found.length === 0) return;
  throw new Problem("unsupported", `--refuse-vulnerable-runtime: ${found.join("; ")}`, {
    hint: "Install a newer one, or run without the flag; what runs already goes on.",
  });
}
