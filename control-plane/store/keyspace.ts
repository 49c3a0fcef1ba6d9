/** Every key in the store is built and read here and nowhere else. */

export interface ResourceKey {
  /** API group; "" is the core group. */
  readonly group: string;
  readonly plural: string;
  /** "" for cluster-scoped objects. */
  readonly namespace: string;
  readonly name: string;
}

/** `registry/GROUP/PLURAL/NAMESPACE/NAME`; the core group is `core`, cluster-scoped objects have `_` as namespace. */
export const registryPrefix = "registry/";

export function resourcePrefix(group: string, plural: string, namespace?: string): string {
  const base = `${registryPrefix}${group === "" ? "core" : group}/${plural}/`;
  return namespace === undefined ? base : `${base}${namespace === "" ? "_" : namespace}/`;
}

export function resourceKey(key: ResourceKey): string {
  return `${resourcePrefix(key.group, key.plural, key.namespace)}${key.name}`;
}

const resourceKeyForm = new RegExp(`^${registryPrefix}([^/]+)/([^/]+)/([^/]+)/([^/]+)$`);

export function parseResourceKey(text: string): ResourceKey | undefined {
  const [, group, plural, namespace, name] = resourceKeyForm.exec(text) ?? [];
  if (!group || !plural || !namespace || !name) return undefined;
  return { group: group === "core" ? "" : group, plural, namespace: namespace === "_" ? "" : namespace, name };
}

/** Not an object: the cache writes it to learn how far its watch has come. */
export const progressKey = `${registryPrefix}-`;

/** Outside the main watch. */
export const eventsPrefix = "events/";
export const eventKey = (namespace: string, name: string): string => `${eventsPrefix}${namespace}/${name}`;
export const sessionKey = (node: string): string => `sessions/${node}`;
export const joinTokenKey = (id: string): string => `tokens/${id}`;
export const joinTokenPrefix = "tokens/";
/** Which keys a node's name belongs to. */
export const nodeIdentityKey = (node: string): string => `identities/${node}`;
/** Certificates that were given out, and those revoked, by serial number. */
export const certificatePrefix = "certificates/";
export const certificateKey = (serial: string): string => `${certificatePrefix}${serial}`;
export const revocationPrefix = "revocations/";
export const revocationKey = (serial: string): string => `${revocationPrefix}${serial}`;
export const leaderKey = "leader/control-plane";
/** Sealed material: `ca` (certificate authority), `settings`, `format`. */
export const clusterKey = (name: string): string => `cluster/${name}`;
/** Which key seals, and the permits to write what a key has sealed. */
export const sealingPrefix = "sealing/";
export const sealingStateKey = `${sealingPrefix}keys`;
export const sealingPermitPrefix = `${sealingPrefix}permits/`;
export const sealingPermitKey = (keyId: string): string => `${sealingPermitPrefix}${keyId}`;
/** Control planes that live, each on a lease of its own. */
export const memberPrefix = "control-planes/";
export const memberKey = (id: string): string => `${memberPrefix}${id}`;
