/** The binding subresource of pods: gives a pod its node, once. */
import { toTime } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { authorize } from "../authorize.ts";
import type { ApiEnvironment, Call } from "../environment.ts";
import { isRecord, type JsonRecord, member } from "../patch/json.ts";
import { describe, notFound, objectTarget } from "../target.ts";
import { changeObject, type Decision } from "../write-loop.ts";
import type { CreateRequest } from "./create.ts";
import type { WriteReply } from "./reply.ts";
import { settle, writeReply } from "./update.ts";

export async function bindPod(env: ApiEnvironment, call: Call, request: CreateRequest): Promise<WriteReply> {
  const metadata = isRecord(request.body.metadata) ? request.body.metadata : {};
  const name = request.name || text(metadata.name);
  const target = objectTarget({ ...request, name, subresource: "binding" });
  const { definition, namespace } = target;
  const access = { resource: definition.resource, subresource: "binding", namespace, name };
  authorize(env.authorizer, call.caller, { verb: "create", ...access });
  const node = readNode(request.body);
  if (!env.cache.get("nodes", "", node)) throw new Problem("not-found", `Node ${node} does not exist`);
  const decide = (current: KubeObject | undefined): Decision => {
    if (!current) throw notFound(target);
    assertBindable(current, text(metadata.uid), describe(definition, namespace, name));
    return settle(current, bound(current, { node, now: toTime(env.clock.nowMs()) }));
  };
  const changed = await changeObject(env, call, target, decide, { dryRun: request.options.dryRun, retry: true });
  return writeReply(changed, []);
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

function readNode(body: JsonRecord): string {
  const target = isRecord(body.target) ? body.target : {};
  const kind = member(target, "kind") ?? "Node";
  const name = member(target, "name");
  if (kind === "Node" && typeof name === "string" && name !== "") return name;
  throw new Problem("bad-request", "a Binding has `target: {kind: Node, name: NAME}`");
}

function assertBindable(pod: KubeObject, uid: string, object: string): void {
  const nodeName = isRecord(pod.spec) ? pod.spec.nodeName : undefined;
  const refuse = (why: string): never => {
    throw new Problem("conflict", `${object} cannot be bound: ${why}`, { object, retry: "never" });
  };
  if (uid !== "" && uid !== pod.metadata.uid) refuse("it is another pod than the one that was meant");
  if (pod.metadata.deletionTimestamp !== undefined) refuse("it is being deleted");
  if (typeof nodeName === "string" && nodeName !== "") refuse(`it is already on node "${nodeName}"`);
}

function bound(pod: KubeObject, { node, now }: { readonly node: string; readonly now: string }): KubeObject {
  const status = isRecord(pod.status) ? pod.status : {};
  const conditions = Array.isArray(status.conditions) ? status.conditions : [];
  const others = conditions.filter((condition) => !isRecord(condition) || condition.type !== "PodScheduled");
  const scheduled = { type: "PodScheduled", status: "True", lastTransitionTime: now };
  return {
    ...pod,
    spec: { ...(isRecord(pod.spec) && pod.spec), nodeName: node },
    status: { ...status, conditions: [...others, scheduled] },
  };
}
