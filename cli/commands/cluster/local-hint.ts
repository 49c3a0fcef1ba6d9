/** What to do when a control plane does not answer and its cluster may be one of this machine. */
import { askSupervisor, type ControlReply } from "#deploy/local-cluster/control.ts";
import { clusterPaths, isClusterName } from "#deploy/local-cluster/names.ts";
import { type LocalCluster, readCluster } from "#deploy/local-cluster/state.ts";
import { type Clock, sleep } from "#proto/kit/clock.ts";

const answerTimeoutMs = 2000;

export async function localHint(cluster: string, clock: Clock): Promise<string> {
  if (!isClusterName(cluster)) return remoteHint;
  const { logs } = clusterPaths(cluster);
  let known: LocalCluster | undefined;
  try {
    known = readCluster(cluster);
  } catch {
    return `if it is a local cluster, look as root: sudo orchctl cluster status   (logs: ${logs})`;
  }
  if (!known) return remoteHint;
  const reply = await askInTime(cluster, clock);
  if (reply === "silent") return `its supervisor does not answer; the logs in ${logs} say more`;
  if (!reply)
    return `it is stopped; start it with: sudo orchctl cluster up --name ${cluster} --nodes ${known.nodes.length}   (logs: ${logs})`;
  const dead = (reply.programs ?? []).filter((program) => program.pid === undefined).map((program) => program.name);
  const what =
    dead.length === 0
      ? `its supervisor is ${reply.phase ?? "running"}`
      : `${dead.join(", ")} ${dead.length === 1 ? "does" : "do"} not run`;
  return `${what}; it is started again by itself, and the logs in ${logs} say what ended it`;
}

/** Undefined when no supervisor runs. */
function askInTime(cluster: string, clock: Clock): Promise<ControlReply | "silent" | undefined> {
  return Promise.race([
    askSupervisor(cluster, { kind: "status" }).catch(() => "silent" as const),
    sleep(clock, answerTimeoutMs).then(() => "silent" as const),
  ]);
}

const remoteHint = "on its machine: systemctl status orch-control-plane   and: journalctl -u orch-control-plane";
