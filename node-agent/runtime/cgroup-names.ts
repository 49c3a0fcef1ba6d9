/** The cgroups of a node, below its root: /orch/CLUSTER/NODE. No process lives in an inner one. */

export function podCgroup(cgroupRoot: string, podUid: string): string {
  return `${cgroupRoot}/pods/${podUid}`;
}

export function supervisorGroup(cgroupRoot: string): string {
  return `${cgroupRoot}/conmon`;
}
