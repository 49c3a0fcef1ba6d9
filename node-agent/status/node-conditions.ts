/** What is wrong with this node, as Node conditions. Pure. `Ready` is the control plane's to judge, from the session. */
import type { NodeCondition } from "#proto/resources/node.ts";
import type { Pressures } from "./machine-facts.ts";

const minMemoryBytes = 100 * 2 ** 20;
const minDiskFraction = 0.1;
const minDiskBytes = 1 * 2 ** 30;
const maxProcessFraction = 0.9;

/** `networkProblem`: why pods get no address here. */
export function nodeConditions(
  pressures: Pressures,
  runtime: RuntimeFacts,
  _networkProblem?: string,
): readonly NodeCondition[] {
  return [memoryPressure(pressures), diskPressure(pressures), processPressure(pressures), ...knownHoles(runtime)];
}

function memoryPressure({ memoryAvailableBytes }: Pressures): NodeCondition {
  return memoryAvailableBytes < minMemoryBytes
    ? condition("MemoryPressure", true, "NodeHasInsufficientMemory", "the node has less than 100 MiB of memory left")
    : condition("MemoryPressure", false, "NodeHasSufficientMemory", "the node has sufficient memory available");
}

function diskPressure({ diskAvailableBytes, diskTotalBytes }: Pressures): NodeCondition {
  const least = Math.min(minDiskBytes, diskTotalBytes * minDiskFraction);
  return diskAvailableBytes < least
    ? condition("DiskPressure", true, "NodeHasDiskPressure", "the disk under the node's data directory is almost full")
    : condition("DiskPressure", false, "NodeHasNoDiskPressure", "the node has no disk pressure");
}

function processPressure({ processes, maxProcesses }: Pressures): NodeCondition {
  return processes > maxProcesses * maxProcessFraction
    ? condition("PIDPressure", true, "NodeHasInsufficientPID", "the machine has almost no process ids left")
    : condition("PIDPressure", false, "NodeHasSufficientPID", "the node has sufficient process ids available");
}

export interface RuntimeFacts {
  readonly name: string;
  readonly version: string;
}

/** runc's escapes of November 2025 (CVE-2025-31133, -52565, -52881): fixed in 1.2.8, 1.3.3 and 1.4.0. */
function knownHoles({ name, version }: RuntimeFacts): readonly NodeCondition[] {
  if (name !== "runc") return [];
  const [major = 0, minor = 0, patch = 0] = version.split(/[.+-]/).map(Number);
  const isFixed =
    major > 1 || (major === 1 && (minor > 3 || (minor === 3 && patch >= 3) || (minor === 2 && patch >= 8)));
  if (isFixed) return [];
  const message = `runc ${version} is, by its version, open to container escapes (CVE-2025-31133, CVE-2025-52565, CVE-2025-52881); install crun, or runc 1.2.8 or later`;
  return [condition("RuntimeVulnerable", true, "KnownVulnerabilities", message)];
}

function condition(type: string, isTrue: boolean, reason: string, message: string): NodeCondition {
  return { type, status: isTrue ? "True" : "False", reason, message };
}
