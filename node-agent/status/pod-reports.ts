/**
 * Pod statuses on their way to the control plane: only changes, gathered for some 20 ms, the newest of a pod wins. What a
 * lost connection may have swallowed goes again with the next session, all of it: the other side drops what it has.
 */
import type { Clock, Timer } from "#proto/kit/clock.ts";
import type { orch } from "#proto/wire/generated/messages.js";
import type { PodReport, StatusSink } from "../reconciler/ports.ts";

export type SendBatch = (batch: orch.v1.StatusBatch.$Properties) => void;

interface Known {
  readonly update: orch.v1.PodStatusUpdate.$Properties;
  readonly text: string;
}

/** A lone change goes almost at once; those that follow closely are gathered. */
const firstMs = 2;
const gatherMs = 20;
const maxPodsPerBatch = 100;
/** The control plane refuses a session with more than 64. */
const maxUnacknowledged = 16;

export class PodReports implements StatusSink {
  readonly #clock: Clock;
  readonly #known = new Map<string, Known>();
  readonly #changed = new Set<string>();
  readonly #unacknowledged = new Set<number>();
  #sequence = 0;
  #flushedAtMs = Number.NEGATIVE_INFINITY;
  #send: SendBatch | undefined;
  #timer: Timer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  publish(report: PodReport): void {
    const text = `${report.finished} ${JSON.stringify(report.status)}`;
    if (this.#known.get(report.uid)?.text === text) return;
    const { uid, namespace, name, finished } = report;
    const status = Buffer.from(JSON.stringify(report.status));
    this.#known.set(uid, { update: { uid, namespace, name, status, finished }, text });
    this.#changed.add(uid);
    this.#flushSoon();
  }

  forget(uid: string): void {
    this.#known.delete(uid);
    this.#changed.delete(uid);
  }

  /** A session is up: everything goes to it. */
  connected(send: SendBatch): void {
    this.#send = send;
    this.#unacknowledged.clear();
    for (const uid of this.#known.keys()) this.#changed.add(uid);
    this.#flushSoon();
  }

  disconnected(): void {
    this.#send = undefined;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  acknowledged(sequence: number): void {
    this.#unacknowledged.delete(sequence);
    if (this.#changed.size > 0) this.#flushSoon();
  }

  #flushSoon(): void {
    if (!this.#send || this.#timer || this.#changed.size === 0) return;
    const isQuiet = this.#clock.monotonicMs() - this.#flushedAtMs >= 2 * gatherMs;
    this.#timer = this.#clock.after(isQuiet ? firstMs : gatherMs, () => {
      this.#timer = undefined;
      this.#flushedAtMs = this.#clock.monotonicMs();
      this.#flush();
    });
  }

  #flush(): void {
    while (this.#send && this.#changed.size > 0 && this.#unacknowledged.size < maxUnacknowledged) {
      const pods: orch.v1.PodStatusUpdate.$Properties[] = [];
      for (const uid of this.#changed) {
        if (pods.length >= maxPodsPerBatch) break;
        this.#changed.delete(uid);
        const known = this.#known.get(uid);
        if (known) pods.push(known.update);
      }
      if (pods.length === 0) return;
      this.#sequence += 1;
      this.#unacknowledged.add(this.#sequence);
      this.#send({ sequence: this.#sequence, pods });
    }
  }
}
