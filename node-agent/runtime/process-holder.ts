/**
 * Keeps the pid namespace that a pod's containers share: its first process must run for as long as any other, whoever starts or ends. With
 * it all others end, which the kernel sees to; then the next container that is made gets a new one.
 */
import { once } from "node:events";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Clock, sleep } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { AgentFaults } from "../fault-points.ts";
import { awaitReap, closeAll, makePipe, pipeStream, posixSpawn } from "../host/posix-spawn.ts";
import { identifyProcess, isRunning, type ProcessIdentity } from "../host/processes.ts";
import { findProgram, systemPath } from "../host/programs.ts";
import { detachMounts, mount } from "../host/syscalls.ts";
import type { Cgroups } from "./cgroups.ts";
import { firstWords, runtimeReason } from "./conmon.ts";
import type { Sandbox } from "./container-runtime.ts";
import { holderConfig, holderGroup, holderProgram } from "./holder-config.ts";
import type { HostFacts } from "./host-facts.ts";
import { toOciJson } from "./oci-json.ts";
import type { RuntimeBinaries } from "./runtime-binaries.ts";

export interface HolderParts {
  readonly binaries: Pick<RuntimeBinaries, "name" | "runtimePath">;
  readonly host: HostFacts;
  readonly cgroups: Cgroups;
  readonly clock: Clock;
  readonly faults?: AgentFaults | undefined;
}

const program = "catatonit";
/** In the pod's directory: where the namespace is pinned, so that a pid that is given anew leads nowhere else. */
const pinName = "pid";

/** The namespace as a file. Idempotent while the process runs; begins anew when it has ended, or was being made by an agent that died. */
export async function holdProcesses(sandbox: Sandbox, parts: HolderParts): Promise<string> {
  const directory = join(sandbox.directory, "holder");
  const pin = join(sandbox.directory, pinName);
  const known = await readHolder(directory);
  if (known && (await isRunning(known))) return pin;
  await parts.cgroups.remove(holderGroup(sandbox));
  letGoOfProcesses(sandbox.directory);
  await rm(directory, { recursive: true, force: true });
  const holder = await start(sandbox, directory, parts);
  await parts.faults?.at("holder:started");
  await writeFile(pin, "", { mode: 0o600 });
  mount({ source: `/proc/${holder.pid}/ns/pid`, target: pin, flags: ["bind"] });
  if (!(await isRunning(holder))) throw new Problem("unavailable", "the first process of the pod has ended at once");
  await writeFile(join(directory, recordName), JSON.stringify(holder), { mode: 0o600 });
  await parts.faults?.at("holder:record");
  return pin;
}

/** Where the pod's directory is removed the pin goes with it, and the process with the pod's cgroup. */
function letGoOfProcesses(sandboxDirectory: string): void {
  detachMounts(join(sandboxDirectory, pinName));
}

/** Written last: it makes the holder complete. */
const recordName = "holder.json";

async function readHolder(directory: string): Promise<ProcessIdentity | undefined> {
  const text = await readFile(join(directory, recordName), "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as ProcessIdentity);
}

async function start(sandbox: Sandbox, directory: string, parts: HolderParts): Promise<ProcessIdentity> {
  const path = await findProgram(program);
  if (path === undefined)
    throw new Problem("unavailable", `containers cannot share processes on this node: ${program} is not installed`, {
      hint: `apt-get install ${program} on the node, or leave out shareProcessNamespace`,
    });
  const rootfs = await makeRoot(join(directory, "root"));
  const config = holderConfig({ sandbox, host: parts.host, program: path, rootfs });
  await writeFile(join(directory, "config.json"), toOciJson(config), { mode: 0o600 });
  await runDetached(directory, sandbox.podUid, parts);
  const holder = await identifyProcess(Number(await readFile(join(directory, pidName), "utf8")));
  if (!holder) throw new Problem("unavailable", "the first process of the pod has ended at once");
  return holder;
}

/** Empty: a place for the program and for each mount. */
async function makeRoot(rootfs: string): Promise<string> {
  for (const name of ["dev", "proc"]) await mkdir(join(rootfs, name), { recursive: true, mode: 0o755 });
  await writeFile(join(rootfs, holderProgram), "");
  return rootfs;
}

const pidName = "holder.pid";
const wordsTimeoutMs = 1_000;

/** With pipes as its streams: the runtime gives them to the process's user, and /dev/null is the node's. */
async function runDetached(directory: string, podUid: string, { binaries, clock }: HolderParts): Promise<void> {
  const [input, output, errors] = [makePipe(), makePipe(), makePipe()];
  const args = ["--root", join(directory, "state"), "run", "--detach", "--pid-file", join(directory, pidName)];
  let pid: number;
  try {
    pid = posixSpawn(binaries.runtimePath, [...args, "--bundle", directory, `holder-${podUid}`], {
      env: { PATH: systemPath },
      cwd: directory,
      files: [input.readEnd, output.writeEnd, errors.writeEnd],
    });
  } catch (thrown) {
    closeAll([errors.readEnd]);
    throw thrown;
  } finally {
    closeAll([input.readEnd, input.writeEnd, output.readEnd, output.writeEnd, errors.writeEnd]);
  }
  const complaint = firstWords(pipeStream(errors.readEnd, "readable"));
  const closed = once(complaint.stream, "close");
  try {
    if ((await awaitReap(pid, clock)) === 0) return;
    await Promise.race([closed, sleep(clock, wordsTimeoutMs)]);
    throw new Problem(
      "internal",
      `${binaries.name} cannot start the first process of the pod: ${runtimeReason(complaint.text())}`,
    );
  } finally {
    complaint.stream.destroy();
  }
}
