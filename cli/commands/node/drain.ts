/**
 * Moves all pods off nodes. Copies of a ReplicaSet leave when others are available in their place; the wish stands in the
 * pods themselves, so that a drain that was cut off goes on when it is asked for again, and loses nothing meanwhile.
 */
import { sleep, toTime } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Deployment } from "#proto/resources/deployment.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { controllerOf } from "#proto/resources/owner.ts";
import type { Pod } from "#proto/resources/pod.ts";
import { replaceRequestedAnnotation } from "#proto/resources/replace-request.ts";
import type { ApiClient } from "../../client/api-client.ts";
import { withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { type Deadline, startDeadline } from "../../waiting/deadline.ts";
import { isPassing } from "../../waiting/watch-until.ts";
import { drainPlan, isAskedToBeReplaced, standstill, type Way } from "./drain-plan.ts";
import { type DrainOptions, setUnschedulable } from "./run.ts";

const retryAfterMs = 500;
/** Tries to evict a pod that a budget protects, this far apart. */
const protectedRetryMs = 5_000;
const namedInTimeout = 5;

export async function drain(
  nodes: readonly string[],
  options: DrainOptions,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const deadline = startDeadline(environment.clock, options.timeout === 0 ? forEverMs : options.timeout);
  if (!isDry(options)) await setUnschedulable(nodes, true, global, environment);
  await withConnection(global, environment, async ({ api }) => {
    for (const node of nodes) await new Drain(node, options, api, environment).run(deadline);
  });
}

const forEverMs = 2 ** 31 - 1;
/** Nothing is asked of anybody: where it is tried makes no difference. */
const isDry = ({ dryRun = "none" }: DrainOptions): boolean => dryRun !== "none";

class Drain {
  readonly #node: string;
  readonly #options: DrainOptions;
  readonly #api: ApiClient;
  readonly #environment: Environment;
  /** By uid: pods that are to leave and were seen on the node. */
  readonly #leaving = new Map<string, Pod>();
  readonly #gone = new Set<string>();
  readonly #hurried = new Set<string>();
  readonly #ways = new Map<string, Promise<Way>>();

  constructor(node: string, options: DrainOptions, api: ApiClient, environment: Environment) {
    this.#node = node;
    this.#options = options;
    this.#api = api;
    this.#environment = environment;
  }

  async run(deadline: Deadline): Promise<void> {
    if (isDry(this.#options)) {
      for (const pod of this.#toMove((await this.#list()).items))
        this.#say(`pod/${pod.metadata.name} (${pod.metadata.namespace}) would leave`);
      return;
    }
    await this.#untilEmpty(deadline);
    this.#say(`node/${this.#node} drained`);
  }

  /** Throws before anything is moved when pods would be lost that nobody said may be. */
  #toMove(pods: readonly Pod[]): readonly Pod[] {
    const { move, refusals } = drainPlan(pods, this.#options);
    if (refusals.length === 0) return move;
    const state = isDry(this.#options) ? "cannot be drained like this" : "is cordoned, but not drained";
    throw new Problem("conflict", `${this.#node} ${state}`, {
      causes: refusals.map((message) => ({ message })),
      hint: "repeat with the flags named above",
    });
  }

  async #list(): Promise<{ readonly items: readonly Pod[]; readonly resourceVersion: string }> {
    const { items, resourceVersion } = await this.#api.list("pods", this.#query());
    return { items: items as unknown as readonly Pod[], resourceVersion };
  }

  #query() {
    const { podSelector } = this.#options;
    const fieldSelector = `spec.nodeName=${this.#node}`;
    return { namespace: "", fieldSelector, ...(podSelector !== undefined && { labelSelector: podSelector }) };
  }

  async #untilEmpty(deadline: Deadline): Promise<void> {
    const { clock, signal } = this.#environment;
    const expired = new AbortController();
    const timer = clock.after(deadline.remainingMs(), () => expired.abort());
    const until = AbortSignal.any([signal, expired.signal]);
    try {
      while (!(await this.#look(until))) {
        until.throwIfAborted();
        await sleep(clock, retryAfterMs, until);
      }
    } catch (thrown) {
      if (!expired.signal.aborted || signal.aborted) throw thrown;
      throw await this.#timeout(deadline);
    } finally {
      timer.cancel();
    }
  }

  /** One list and one watch; true when the node is empty. False: the watch broke off, or a pod is protected for now. */
  async #look(until: AbortSignal): Promise<boolean> {
    try {
      const { items, resourceVersion } = await this.#list();
      const standing = new Set(items.map((pod) => pod.metadata.uid));
      for (const [uid, pod] of this.#leaving) if (!standing.has(uid)) this.#left(pod);
      for (const pod of this.#toMove(items)) await this.#see(pod, until);
      if (this.#leaving.size === 0) return true;
      for await (const event of this.#api.watch("pods", { ...this.#query(), resourceVersion }, until)) {
        if (event.type === "BOOKMARK") continue;
        const pod = event.object as unknown as Pod;
        if (event.type === "DELETED") this.#left(pod);
        else if (this.#toMove([pod]).length > 0) await this.#see(pod, until);
        // One that ended while it was leaving still holds what it has on the node until it is gone.
        else if (pod.metadata.deletionTimestamp === undefined) this.#left(pod);
        if (this.#leaving.size === 0) return true;
      }
    } catch (thrown) {
      until.throwIfAborted();
      if (!(Problem.is(thrown) && isPassing(thrown))) throw thrown;
    }
    return false;
  }

  #left(pod: Pod): void {
    const uid = pod.metadata.uid ?? "";
    if (!this.#leaving.delete(uid)) return;
    this.#gone.add(uid);
    const { name, namespace } = pod.metadata;
    this.#say(`pod/${name} (${namespace}) has left (${this.#gone.size} of ${this.#gone.size + this.#leaving.size})`);
  }

  async #see(pod: Pod, until: AbortSignal): Promise<void> {
    const uid = pod.metadata.uid ?? "";
    const isNew = !this.#leaving.has(uid);
    this.#leaving.set(uid, pod);
    if (pod.metadata.deletionTimestamp !== undefined) await this.#hurry(pod);
    else if (isNew) await this.#ask(pod, until);
  }

  async #ask(pod: Pod, until: AbortSignal): Promise<void> {
    const way = await this.#wayOf(pod);
    const { name, namespace = "" } = pod.metadata;
    if (way === "replace") {
      if (!isAskedToBeReplaced(pod)) {
        const annotations = { [replaceRequestedAnnotation]: toTime(this.#environment.clock.nowMs()) };
        const body = { metadata: { uid: pod.metadata.uid, annotations } };
        await this.#unlessGone(
          this.#api.patch({ resource: "pods", namespace, name }, { type: "merge", body }, { fieldManager: "orchctl" }),
        );
      }
      this.#tell(`pod/${name} (${namespace}) leaves when another copy is available`);
      return;
    }
    await this.#evict(pod, until);
    this.#tell(`pod/${name} (${namespace}) is asked to leave`);
  }

  /** A budget may protect the pod for now: tried again until the time is over. */
  async #evict(pod: Pod, until: AbortSignal): Promise<void> {
    const { gracePeriod } = this.#options;
    const { name, namespace = "", uid = "" } = pod.metadata;
    const deleteOptions = {
      preconditions: { uid },
      ...(gracePeriod !== undefined && { gracePeriodSeconds: gracePeriod }),
    };
    const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name, namespace }, deleteOptions };
    const target = { resource: "pods", namespace, name, subresource: "eviction" };
    for (let told = false; ; told = true) {
      try {
        await this.#unlessGone(this.#api.createSubresource(target, eviction as unknown as KubeObject));
        return;
      } catch (thrown) {
        if (!Problem.is(thrown, "too-many-requests")) throw thrown;
        if (!told) this.#tell(`pod/${name} (${namespace}) stays for now: ${thrown.message}`);
        await sleep(this.#environment.clock, protectedRetryMs, until);
      }
    }
  }

  /** The time to stop in that was asked for, for a pod whose controller has given it its own. */
  async #hurry(pod: Pod): Promise<void> {
    const { gracePeriod } = this.#options;
    const { name, namespace = "", uid = "", deletionGracePeriodSeconds = 0 } = pod.metadata;
    if (gracePeriod === undefined || gracePeriod >= deletionGracePeriodSeconds || this.#hurried.has(uid)) return;
    this.#hurried.add(uid);
    const request = { resource: "pods", namespace, name, graceSeconds: gracePeriod, preconditionUid: uid };
    await this.#unlessGone(this.#api.delete(request));
  }

  #wayOf(pod: Pod): Promise<Way> {
    const owner = controllerOf(pod);
    if (owner?.kind !== "ReplicaSet" || this.#options.surge === false) return Promise.resolve("evict");
    const { namespace = "" } = pod.metadata;
    const known = this.#ways.get(owner.uid) ?? wayOfReplicaSet(this.#api, namespace, owner.name);
    this.#ways.set(owner.uid, known);
    return known;
  }

  async #unlessGone(request: Promise<unknown>): Promise<void> {
    try {
      await request;
    } catch (thrown) {
      // Not there any more, or another of the same name: the one that was meant has left.
      if (!Problem.is(thrown, "not-found") && !Problem.is(thrown, "conflict")) throw thrown;
    }
  }

  async #timeout({ timeoutMs }: Deadline): Promise<Problem> {
    const left = [...this.#leaving.values()];
    const total = this.#gone.size + left.length;
    const causes: { message: string }[] = [];
    for (const pod of left.slice(0, namedInTimeout)) {
      const siblings = await this.#siblings(pod).catch(() => []);
      causes.push({ message: standstill(pod, siblings) });
    }
    if (left.length > namedInTimeout) causes.push({ message: `and ${left.length - namedInTimeout} more` });
    const some = left.length === 1 ? "pod is" : "pods are";
    const message = `${left.length} of ${total} ${some} still on ${this.#node} after ${timeoutMs / 1000} s`;
    const waits = left.some((pod) => pod.metadata.deletionTimestamp === undefined && isAskedToBeReplaced(pod));
    const other = waits ? "; --no-surge takes pods away before others are ready" : "";
    const hint = `${this.#node} stays cordoned and its pods go on leaving; the same command waits on${other}`;
    return new Problem("timeout", message, { causes, hint });
  }

  async #siblings(pod: Pod): Promise<readonly Pod[]> {
    const owner = controllerOf(pod);
    if (!owner) return [];
    const { items } = await this.#api.list("pods", { namespace: pod.metadata.namespace ?? "" });
    return (items as unknown as readonly Pod[]).filter((one) => controllerOf(one)?.uid === owner.uid);
  }

  #say(line: string): void {
    this.#environment.out.write(`${line}\n`);
  }

  #tell(line: string): void {
    this.#environment.err.write(`${line}\n`);
  }
}

/** Two copies at a time are not for everybody: a Deployment that recreates has said so. */
async function wayOfReplicaSet(api: ApiClient, namespace: string, name: string): Promise<Way> {
  try {
    const owner = controllerOf(await api.get("replicasets.apps", namespace, name));
    if (owner?.kind !== "Deployment") return "replace";
    const deployment = (await api.get("deployments.apps", namespace, owner.name)) as unknown as Deployment;
    return deployment.spec.strategy?.type === "Recreate" ? "evict" : "replace";
  } catch (thrown) {
    if (Problem.is(thrown, "not-found")) return "evict";
    throw thrown;
  }
}
