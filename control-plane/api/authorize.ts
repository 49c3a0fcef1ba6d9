/** Who may do what, before there are RBAC kinds: built-in groups, and no by default. */
import { Problem } from "#proto/kit/problem.ts";

/** Who calls, as their certificate says. */
export interface Caller {
  readonly user: string;
  readonly groups: readonly string[];
}

export type Verb = "get" | "list" | "watch" | "create" | "update" | "patch" | "delete" | "deletecollection";

export interface Access {
  readonly verb: Verb;
  /** PLURAL or PLURAL.GROUP. */
  readonly resource: string;
  readonly subresource?: string;
  /** "" for cluster-scoped resources and for all namespaces. */
  readonly namespace: string;
  readonly name: string;
}

/** The port. RBAC will implement it. */
export interface Authorizer {
  /** Undefined when allowed; else a sentence that says why not. */
  refusal(caller: Caller, access: Access): string | undefined;
}

export const administrators = "system:masters";
export const nodes = "system:nodes";
export const viewers = "orch:viewers";
export const editors = "orch:editors";

const readVerbs: ReadonlySet<Verb> = new Set<Verb>(["get", "list", "watch"]);
/** Their content, or who may join, is not for everybody who may look. */
const administrative = [
  "jointokens.orch",
  "usercertificates.orch",
  "certificates.orch",
  "authorities.orch",
  "sealingkeys.orch",
  "backups.orch",
];
const confidential = new Set(["secrets", ...administrative]);
/** What editors may not change: the cluster itself. */
const clusterOwned = new Set(["nodes", "registries.orch", ...administrative]);
/** Streams into a container run as it: reading does not include them. */
const intrusive = new Set(["exec", "attach", "portforward"]);

export const builtInGroups: Authorizer = {
  refusal(caller, access) {
    if (caller.groups.includes(administrators)) return undefined;
    if (caller.groups.includes(nodes)) return "nodes use their own session, not the API";
    const reading = readVerbs.has(access.verb) && !intrusive.has(access.subresource ?? "");
    if (caller.groups.includes(editors)) return editorRefusal(access, reading);
    if (caller.groups.includes(viewers)) return viewerRefusal(access, reading);
    return `groups ${caller.groups.map((group) => `"${group}"`).join(", ") || "(none)"} may do nothing here`;
  },
};

function viewerRefusal(access: Access, reading: boolean): string | undefined {
  if (!reading) return `the group ${viewers} may only read`;
  return confidential.has(access.resource) ? `the group ${viewers} may not read ${access.resource}` : undefined;
}

function editorRefusal(access: Access, reading: boolean): string | undefined {
  const { resource, namespace } = access;
  if (resource === "secrets" && (namespace === "kube-system" || namespace === "")) {
    return `the group ${editors} may not use secrets of ${namespace === "" ? "all namespaces" : namespace}`;
  }
  if (resource === "namespaces" && access.subresource === "podsecurity") {
    return `the group ${editors} may not open namespaces to privileged pods`;
  }
  if (reading) return clusterOwned.has(resource) && confidential.has(resource) ? notTheirs(resource) : undefined;
  return clusterOwned.has(resource) ? notTheirs(resource) : undefined;
}

const notTheirs = (resource: string): string => `the group ${editors} may not use ${resource}`;

/** Throws `forbidden` with the whole sentence. */
export function authorize(authorizer: Authorizer, caller: Caller, access: Access): void {
  const refusal = authorizer.refusal(caller, access);
  if (refusal === undefined) return;
  const { verb, resource, subresource, namespace, name } = access;
  const what = `${resource}${subresource ? `/${subresource}` : ""}${name === "" ? "" : ` "${name}"`}`;
  const where = namespace === "" ? "" : ` in namespace "${namespace}"`;
  throw new Problem("forbidden", `user "${caller.user}" cannot ${verb} ${what}${where}: ${refusal}`, {
    hint: "Ask an administrator for a certificate with another group.",
  });
}
