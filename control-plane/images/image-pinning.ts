/**
 * Decides which digest an image of a workload revision means: the first node that needs it finds out, or has it; the answer is written to
 * the ReplicaSet and everybody gets that one, also when the tag has moved meanwhile. At most one node asks the registry at a time.
 */
import type { Clock, Timer } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { digestInName, imagePins, isPin, withImagePins } from "#proto/resources/image-pins.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Cache } from "../cache/cache.ts";
import type { ObjectStore } from "../store/object-store.ts";
import type { ImageDirectory } from "./image-directory.ts";
import { containersOf, type PinHolder, pinHolderOf } from "./pinned-pods.ts";

export interface ImagePinsOptions {
  readonly cache: Pick<Cache, "get">;
  readonly store: Pick<ObjectStore, "get" | "write">;
  readonly directory: ImageDirectory;
  readonly clock: Clock;
}

export interface PinQuestion {
  readonly node: string;
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
  /** As the container spells it. */
  readonly image: string;
  /** The whole name, as tags are known by in the directory. */
  readonly name: string;
  readonly present: string;
  readonly resolved: string;
  readonly failed: boolean;
}

interface Turn {
  readonly node: string;
  readonly over: PromiseWithResolvers<void>;
  readonly timer: Timer;
}

/** Longer than a registry takes that answers at all; then another node tries. */
const turnMs = 20_000;
const maxTries = 8;
const maxRemembered = 10_000;

export class ImagePinning {
  readonly #options: ImagePinsOptions;
  /** Who asks the registry, by what is to be pinned. */
  readonly #turns = new Map<string, Turn>();
  /** What was written and the cache may not show yet; and what pods that stand for themselves run. */
  readonly #remembered = new Map<string, string>();

  constructor(options: ImagePinsOptions) {
    this.#options = options;
  }

  /** The digest; undefined when this node is to ask the registry and call again. Problem `not-found`, `forbidden`: no such pod of this node. */
  async pin(question: PinQuestion, signal: AbortSignal): Promise<string | undefined> {
    const { pod, policy } = this.#podOf(question);
    const holder = pinHolderOf(pod, this.#get);
    const key = `${holder?.object.metadata.uid ?? question.uid}\n${question.image}`;
    if (question.resolved !== "") {
      const digest = await this.#settle(key, holder, pod, question.image, question.resolved);
      this.#endTurn(key);
      return digest;
    }
    if (question.failed) {
      this.#endTurn(key, question.node);
      const inCluster = this.#options.directory.digestOf(question.name);
      const known = this.#known(key, holder, pod, question.image);
      if (known !== undefined || inCluster === undefined || policy === "Always") return known;
      return await this.#settle(key, holder, pod, question.image, inCluster);
    }
    return await this.#find(key, { question, holder, pod, policy }, signal);
  }

  /** Digests that a pod was told although no object says so. */
  remembered(uid: string, image: string): string | undefined {
    return this.#remembered.get(`${uid}\n${image}`);
  }

  /** The node is gone: another one asks in its place. */
  forget(node: string): void {
    for (const key of [...this.#turns.keys()]) this.#endTurn(key, node);
  }

  readonly #get = (resource: string, namespace: string, name: string): KubeObject | undefined =>
    this.#options.cache.get(resource, namespace, name);

  async #find(key: string, asked: Asked, signal: AbortSignal): Promise<string | undefined> {
    const { question, holder, pod, policy } = asked;
    const present = policy === "Always" ? "" : question.present || (this.#localName(question.name, policy) ?? "");
    for (;;) {
      signal.throwIfAborted();
      const known = this.#known(key, holder, pod, question.image);
      if (known !== undefined) return known;
      if (isPin(present)) return await this.#settle(key, holder, pod, question.image, present);
      const turn = this.#turns.get(key);
      if (!turn || turn.node === question.node) {
        if (policy !== "Never") this.#beginTurn(key, question.node);
        return undefined;
      }
      await orAborted(turn.over.promise, signal);
    }
  }

  /** An image that no registry gave is the same everywhere; one that came from a registry is asked for there. */
  #localName(name: string, policy: string): string | undefined {
    const { directory } = this.#options;
    return policy === "Never" ? directory.digestOf(name) : directory.localDigestOf(name);
  }

  #known(key: string, holder: PinHolder | undefined, pod: KubeObject, image: string): string | undefined {
    const fresh =
      holder && this.#get(holder.resource, holder.object.metadata.namespace ?? "", holder.object.metadata.name);
    return imagePins(pod)[image] ?? imagePins(fresh ?? holder?.object)[image] ?? this.#remembered.get(key);
  }

  /** The first answer counts. */
  async #settle(
    key: string,
    holder: PinHolder | undefined,
    pod: KubeObject,
    image: string,
    digest: string,
  ): Promise<string> {
    if (!isPin(digest))
      throw new Problem("unsupported", `the digest ${JSON.stringify(digest.slice(0, 80))} is no sha256`);
    const known = this.#known(key, holder, pod, image);
    if (known !== undefined) return known;
    const settled = holder ? await this.#write(holder, image, digest) : digest;
    this.#remembered.delete(key);
    this.#remembered.set(key, settled);
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size > maxRemembered && oldest !== undefined) this.#remembered.delete(oldest);
    return settled;
  }

  async #write({ object }: PinHolder, image: string, digest: string): Promise<string> {
    const { store } = this.#options;
    const { namespace = "", name, uid } = object.metadata;
    const key = { group: "apps", plural: "replicasets", namespace, name };
    let current: KubeObject | undefined = object;
    for (let tries = 0; tries < maxTries; tries++) {
      if (!current || current.metadata.uid !== uid) {
        throw new Problem("not-found", `the ReplicaSet ${namespace}/${name} is gone`, { retry: "later" });
      }
      const known = imagePins(current)[image];
      if (known !== undefined) return known;
      const guard = current.metadata.resourceVersion ?? "";
      const result = await store.write({
        kind: "update",
        key,
        object: withImagePins(current, { [image]: digest }),
        guard,
      });
      if (result.ok) return digest;
      current = result.reason === "missing" ? undefined : (result.current ?? (await store.get(key)));
    }
    throw new Problem("conflict", `ReplicaSet ${namespace}/${name} changes too often to be written`, {
      retry: "later",
    });
  }

  #podOf(question: PinQuestion): { readonly pod: KubeObject; readonly policy: string } {
    const { namespace, pod: name, uid, image, node } = question;
    const pod = this.#get("pods", namespace, name);
    const isHere = (pod?.spec as { readonly nodeName?: string } | undefined)?.nodeName === node;
    if (!pod || pod.metadata.uid !== uid || !isHere) {
      throw new Problem("forbidden", `pod ${namespace}/${name} is not on node ${node}`, { retry: "later" });
    }
    const container = containersOf(pod).find((one) => one.image === image);
    if (!container || digestInName(image) !== undefined) {
      throw new Problem("bad-request", `pod ${namespace}/${name} has no container with a tag like ${image}`);
    }
    return { pod, policy: container.imagePullPolicy ?? "IfNotPresent" };
  }

  #beginTurn(key: string, node: string): void {
    this.#endTurn(key);
    const timer = this.#options.clock.after(turnMs, () => this.#endTurn(key, node));
    this.#turns.set(key, { node, over: Promise.withResolvers<void>(), timer });
  }

  #endTurn(key: string, node?: string): void {
    const turn = this.#turns.get(key);
    if (!turn || (node !== undefined && turn.node !== node)) return;
    this.#turns.delete(key);
    turn.timer.cancel();
    turn.over.resolve();
  }
}

interface Asked {
  readonly question: PinQuestion;
  readonly holder: PinHolder | undefined;
  readonly pod: KubeObject;
  readonly policy: string;
}

async function orAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
