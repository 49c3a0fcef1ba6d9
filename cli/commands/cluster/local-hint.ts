/** What to do when a control plane does not answer and its cluster may be one of this machine. */
import { askSupervisor } from "#deploy/local-cluster/control.ts";
import { clusterPaths, isClusterName } from "#deploy/local-cluster/names.ts";
import { type LocalCluster, readCluster } from "#deploy/local-cluster/state.ts";

export async function localHint(cluster: string): Promise<string> {
  if (!isClusterName(cluster)) return remoteHint;
  const { logs } = clusterPaths(cluster);
  let known: LocalCluster | undefined;
  try {
    known = readCluster(cluster);
  } catch {
    return `if it is a local cluster, look as root: sudo orchctl cluster status   (logs: ${logs})`;
  }
  if (!known) return remoteHint;
  const running = await askSupervisor(cluster, { kind: "status" }).catch(() => undefined);
  if (!running)
    return `it is stopped; start it with: sudo orchctl cluster up --name ${cluster} --nodes ${known.nodes.length}   (logs: ${logs})`;
  const dead = (running.programs ?? []).filter((program) => program.pid === undefined).map((program) => program.name);
  const what =
    dead.length === 0
      ? `its supervisor is ${running.phase ?? "running"}`
      : `${dead.join(", ")} ${dead.length === 1 ? "does" : "do"} not run`;
  return `${what}; it is started again by itself, and the logs in ${logs} say what ended it`;
}

const remoteHint = "on its machine: systemctl status orch-control-plane   and: journalctl -u orch-control-plane";
