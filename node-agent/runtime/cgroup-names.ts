/** The cgroups of a node, below its root: /orch/CLUSTER/NODE. No process lives in an inner one. */

export function podCgroup(cgroupRoot: string, podUid: string): string {
  return `${podsGroup(cgroupRoot)}/${podUid}`;
}

export function podsGroup(cgroupRoot: string): string {
  return `${cgroupRoot}/pods`;
}

export function supervisorGroup(cgroupRoot: string): string {
  return `${cgroupRoot}/conmon`;
}
