/** Container ids: unique on the node for ever, and readable. Shared by bundles, cgroups, root filesystems and conmon. */
import { Problem } from "#proto/kit/problem.ts";

export interface ContainerIdentity {
  readonly podUid: string;
  readonly name: string;
  readonly attempt: number;
}

const uidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const namePattern = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const idPattern = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})_([a-z0-9][-a-z0-9]*)_(\d{1,9})$/;

/** Problem `bad-request` for parts that could not be told apart again, or would leave a directory. */
export function containerId(identity: ContainerIdentity): string {
  checkPodUid(identity.podUid);
  if (!namePattern.test(identity.name)) {
    throw new Problem("bad-request", `${JSON.stringify(identity.name)} is not a container name`);
  }
  if (!Number.isSafeInteger(identity.attempt) || identity.attempt < 0 || identity.attempt > 999_999_999) {
    throw new Problem("bad-request", `${identity.attempt} is not a container attempt`);
  }
  return `${identity.podUid.replaceAll("-", "")}_${identity.name}_${identity.attempt}`;
}

/** The parts of an id, or undefined when it is not one of ours. */
export function parseContainerId(id: string): ContainerIdentity | undefined {
  const match = idPattern.exec(id);
  if (!match) return undefined;
  const [, a, b, c, d, e, name, attempt] = match;
  if (name === undefined || attempt === undefined) return undefined;
  return { podUid: `${a}-${b}-${c}-${d}-${e}`, name, attempt: Number(attempt) };
}

/** Pod uids become directory and cgroup names: only the canonical form passes. */
export function checkPodUid(podUid: string): void {
  if (!uidPattern.test(podUid)) throw new Problem("bad-request", `${JSON.stringify(podUid)} is not a pod uid`);
}

/** Container ids become file names: only what `containerId` makes passes. */
export function checkContainerId(id: string): ContainerIdentity {
  const identity = parseContainerId(id);
  if (!identity) throw new Problem("bad-request", `${JSON.stringify(id)} is not a container id`);
  return identity;
}
