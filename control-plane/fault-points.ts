/**
 * Every write of the control plane goes through one port, and each kind of write is two named points there: `KIND:sending`, before etcd has
 * heard of it, and `KIND:written`, when etcd has it and nobody has been told. A test kills this process at all of them (see
 * `proto/kit/fault-points.ts`). Two more are around the key file. A new stored kind falls under `other` until it gets a name here.
 */
import { type FaultPoints, noFaults } from "#proto/kit/fault-points.ts";
import { type KeyFileFaultPoint, keyFileFaultPoints } from "./sealing/key-file.ts";
import {
  clusterKey,
  eventKey,
  joinTokenKey,
  leaderKey,
  memberPrefix,
  nodeIdentityKey,
  parseResourceKey,
  sealingPrefix,
  sessionKey,
} from "./store/keyspace.ts";
import type { Kv } from "./store/kv.ts";

const objectKinds = ["configmaps", "deployments", "namespaces", "nodes", "pods", "replicasets", "secrets"] as const;

const keyKinds = ["cluster", "event", "identity", "leader", "member", "sealing", "session", "token"] as const;

const writeKinds = [...keyKinds, ...objectKinds, "other"] as const;

export type WriteKind = (typeof writeKinds)[number];

export type ControlPlaneFaultPoint = `${WriteKind}:sending` | `${WriteKind}:written` | KeyFileFaultPoint;

export const controlPlaneFaultPoints: readonly ControlPlaneFaultPoint[] = [
  ...writeKinds.flatMap((kind) => [`${kind}:sending`, `${kind}:written`] as const),
  ...keyFileFaultPoints,
];

export type ControlPlaneFaults = FaultPoints<ControlPlaneFaultPoint>;

const prefixes: Readonly<Record<(typeof keyKinds)[number], string>> = {
  cluster: clusterKey(""),
  event: eventKey("", "").split("/", 1)[0] ?? "",
  identity: nodeIdentityKey(""),
  leader: leaderKey,
  member: memberPrefix,
  sealing: sealingPrefix,
  session: sessionKey(""),
  token: joinTokenKey(""),
};

function writeKindOf(key: string): WriteKind {
  const { plural } = parseResourceKey(key) ?? {};
  const known = objectKinds.find((kind) => kind === plural) ?? keyKinds.find((kind) => key.startsWith(prefixes[kind]));
  return known ?? "other";
}

/** The same store with fault points around its writes; the store itself when none are switched on. */
export function withFaultPoints(kv: Kv, faults: ControlPlaneFaults): Kv {
  if (faults === noFaults) return kv;
  const transact: Kv["transact"] = async (writes, fence, signal) => {
    const kinds = new Set(writes.map(({ key }) => writeKindOf(key)));
    for (const kind of kinds) await faults.at(`${kind}:sending`);
    const result = await kv.transact(writes, fence, signal);
    for (const kind of kinds) await faults.at(`${kind}:written`);
    return result;
  };
  return new Proxy(kv, {
    get(target, property) {
      if (property === "transact") return transact;
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
