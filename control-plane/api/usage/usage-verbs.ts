/**
 * `pods` and `nodes` of `metrics.k8s.io`, as Kubernetes' metrics server answers them: made when they are asked for, from what the agents
 * say at this moment; never stored, never watched. A node that does not answer leaves its items without figures, and says why.
 */
import { toTime } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Node } from "#proto/resources/node.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Pod } from "#proto/resources/pod.ts";
import { fromBytes, fromMilliCpu } from "#proto/resources/quantity.ts";
import { findDefinition, type ResourceDefinition } from "#proto/resources/registry.ts";
import type { Amounts, NodeUsage } from "#proto/resources/usage.ts";
import { authorize } from "../authorize.ts";
import type { ApiEnvironment, Call } from "../environment.ts";
import type { ObjectEncoder } from "../read/encode.ts";
import type { GetRequest, ListReply, ListRequest } from "../read/list.ts";
import { readSelection } from "../read/selection.ts";

/** A node's answer, or why there is none. */
export type UsageAnswer = NodeUsage | Problem;

export interface UsageSource {
  /** Asks all of them at once; never rejects for a node that does not answer. */
  usage(nodes: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, UsageAnswer>>;
}

/** Why an item has no figures. */
export const usageProblem = "orch/usage-problem";

const suffix = ".metrics.k8s.io";
const apiVersion = "metrics.k8s.io/v1beta1";

export const isUsage = (resource: string): boolean => resource === `pods${suffix}` || resource === `nodes${suffix}`;

function definitionOf(resource: string): ResourceDefinition {
  const definition = findDefinition(resource.slice(0, -suffix.length));
  if (!definition) throw new Problem("not-found", `the server does not know the resource "${resource.slice(0, 100)}"`);
  return definition;
}

export async function listUsage(
  env: ApiEnvironment,
  call: Call,
  request: ListRequest,
  { encoder, source }: { readonly encoder: ObjectEncoder; readonly source: UsageSource },
): Promise<ListReply> {
  const { resource, namespace } = request;
  authorize(env.authorizer, call.caller, { verb: "list", resource, namespace, name: "" });
  const definition = definitionOf(resource);
  const { matches } = readSelection(definition, request);
  const where = definition.namespaced && namespace !== "" ? namespace : undefined;
  const objects = [...env.cache.each(definition.resource, where)].filter(matches);
  const items = await measured(env, call, objects, source);
  return {
    items: items.map((item) => encoder.encode(item)),
    resourceVersion: env.cache.resourceVersion,
    continue: "",
    remaining: 0,
  };
}

export async function getUsage(
  env: ApiEnvironment,
  call: Call,
  { resource, namespace, name }: GetRequest,
  source: UsageSource,
): Promise<KubeObject> {
  authorize(env.authorizer, call.caller, { verb: "get", resource, namespace, name });
  const definition = definitionOf(resource);
  const object = env.cache.get(definition.resource, definition.namespaced ? namespace || "default" : "", name);
  const [item] = object ? await measured(env, call, [object], source) : [];
  if (item) return item;
  const what = object ? `${definition.kind} ${name} is on no node` : `${definition.kind} ${name} does not exist`;
  throw new Problem("not-found", what, { object: `${definition.kind} ${name}` });
}

/** Pods that are on no node, or have ended, use nothing and are left out. */
async function measured(
  env: ApiEnvironment,
  call: Call,
  objects: readonly KubeObject[],
  source: UsageSource,
): Promise<readonly KubeObject[]> {
  const placed = objects.flatMap((object) => {
    const node = nodeOf(object);
    return node === undefined ? [] : [{ object, node }];
  });
  const answers = await source.usage([...new Set(placed.map(({ node }) => node))], call.signal);
  const timestamp = toTime(env.clock.nowMs());
  return placed.map(({ object, node }) => {
    const answer = answers.get(node) ?? new Problem("unavailable", `node ${node} is not connected`);
    return itemOf(object, answer, timestamp);
  });
}

function nodeOf(object: KubeObject): string | undefined {
  if (object.kind === "Node") return (object as unknown as Node).metadata.name;
  const { spec, status } = object as unknown as Pod;
  return status?.phase === "Succeeded" || status?.phase === "Failed" ? undefined : spec.nodeName || undefined;
}

const usageOf = ({ milliCpu, memoryBytes }: Amounts) => ({
  cpu: fromMilliCpu(milliCpu),
  memory: fromBytes(Math.ceil(memoryBytes / 1024) * 1024),
});

function itemOf({ kind, metadata }: KubeObject, answer: UsageAnswer, timestamp: string): KubeObject {
  const { name, namespace, uid, labels } = metadata;
  const known = answer instanceof Problem ? undefined : answer;
  const annotations = answer instanceof Problem ? { [usageProblem]: answer.message } : undefined;
  const base = {
    apiVersion,
    kind: `${kind}Metrics`,
    metadata: { name, ...(namespace && { namespace }), ...(labels && { labels }), ...(annotations && { annotations }) },
    timestamp,
    window: `${((known?.windowMs ?? 0) / 1000).toFixed(3)}s`,
  };
  if (kind === "Node" && known) {
    const { milliCpu, memoryBytes, ...flows } = known.node;
    return { ...base, usage: usageOf({ milliCpu, memoryBytes }), ...flows } as unknown as KubeObject;
  }
  if (kind === "Node") return base as KubeObject;
  const pod = known?.pods.find((one) => one.uid === uid);
  // What Kubernetes' metrics do not know stands beside what they do.
  const containers = (pod?.containers ?? []).map(({ name: container, milliCpu, memoryBytes, ...others }) => {
    return { name: container, usage: usageOf({ milliCpu, memoryBytes }), ...others };
  });
  return { ...base, ...(pod?.network && { network: pod.network }), containers } as unknown as KubeObject;
}
