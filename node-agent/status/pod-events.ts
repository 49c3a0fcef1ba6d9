/**
 * Events on their way to the control plane, which counts repetitions: gathered, bounded, and limited per pod so that one
 * crashing pod cannot drown the others. Without a session the newest are kept.
 */
import { type Clock, type Timer, toTime } from "#proto/kit/clock.ts";
import type { Pod } from "#proto/resources/pod.ts";
import type { orch } from "#proto/wire/generated/messages.js";
import type { EventSink, PodEvent } from "../reconciler/ports.ts";

export type SendEvents = (batch: orch.v1.EventBatch.$Properties) => void;

interface Allowance {
  readonly tokens: number;
  readonly atMs: number;
}

const gatherMs = 100;
const maxWaiting = 512;
const maxPerBatch = 128;
const burst = 25;
const refillMs = 10_000;
const maxPodsTracked = 1024;
const maxMessageLength = 1024;

export class PodEvents implements EventSink {
  readonly #clock: Clock;
  readonly #nodeName: string;
  readonly #waiting: Uint8Array[] = [];
  readonly #allowances = new Map<string, Allowance>();
  #send: SendEvents | undefined;
  #timer: Timer | undefined;

  constructor(clock: Clock, nodeName: string) {
    this.#clock = clock;
    this.#nodeName = nodeName;
  }

  emit(pod: Pod, event: PodEvent): void {
    if (!this.#isAllowed(pod.metadata.uid ?? "")) return;
    this.#waiting.push(Buffer.from(JSON.stringify(this.#object(pod, event))));
    if (this.#waiting.length > maxWaiting) this.#waiting.shift();
    this.#flushSoon();
  }

  /** About the node itself. */
  emitOfNode(event: PodEvent): void {
    if (!this.#isAllowed("")) return;
    this.#waiting.push(Buffer.from(JSON.stringify(this.#said({ kind: "Node", name: this.#nodeName }, "", event))));
    if (this.#waiting.length > maxWaiting) this.#waiting.shift();
    this.#flushSoon();
  }

  connected(send: SendEvents): void {
    this.#send = send;
    this.#flushSoon();
  }

  disconnected(): void {
    this.#send = undefined;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #object(pod: Pod, event: PodEvent): Readonly<Record<string, unknown>> {
    const { namespace = "default", name, uid } = pod.metadata;
    const fieldPath = event.container === undefined ? {} : { fieldPath: `spec.containers{${event.container}}` };
    return this.#said({ kind: "Pod", namespace, name, uid, ...fieldPath }, namespace, event);
  }

  #said(
    about: Readonly<Record<string, unknown>>,
    namespace: string,
    event: PodEvent,
  ): Readonly<Record<string, unknown>> {
    const at = toTime(this.#clock.nowMs());
    return {
      apiVersion: "v1",
      kind: "Event",
      metadata: { namespace },
      involvedObject: { apiVersion: "v1", ...about },
      type: event.type,
      reason: event.reason,
      message: event.message.slice(0, maxMessageLength),
      source: { component: "node-agent", host: this.#nodeName },
      reportingComponent: "node-agent",
      reportingInstance: this.#nodeName,
      firstTimestamp: at,
      lastTimestamp: at,
    };
  }

  #isAllowed(uid: string): boolean {
    const nowMs = this.#clock.monotonicMs();
    const before = this.#allowances.get(uid) ?? { tokens: burst, atMs: nowMs };
    const tokens = Math.min(burst, before.tokens + (nowMs - before.atMs) / refillMs);
    this.#allowances.delete(uid);
    this.#allowances.set(uid, { tokens: tokens >= 1 ? tokens - 1 : tokens, atMs: nowMs });
    if (this.#allowances.size > maxPodsTracked) {
      const [oldest] = this.#allowances.keys();
      if (oldest !== undefined) this.#allowances.delete(oldest);
    }
    return tokens >= 1;
  }

  #flushSoon(): void {
    if (!this.#send || this.#timer || this.#waiting.length === 0) return;
    this.#timer = this.#clock.after(gatherMs, () => {
      this.#timer = undefined;
      this.#send?.({ events: this.#waiting.splice(0, maxPerBatch) });
      this.#flushSoon();
    });
  }
}
