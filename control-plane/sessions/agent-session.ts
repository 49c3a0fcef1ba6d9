/**
 * One agent's session once it is welcome: sends assignments and control messages in order, slowed down by the agent, and
 * hands what arrives to its handlers. Deltas are at least 20 ms apart; a slow agent gets fewer and larger ones.
 */
import { Channel } from "#proto/kit/channel.ts";
import type { Clock, Timer } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { orch } from "#proto/wire/generated/messages.js";
import type { AssignmentView } from "./assignment-view.ts";
import type { Speaker, Standing } from "./standing.ts";

export type AgentMessage = orch.v1.AgentMessage.$Properties;
export type ControlMessage = orch.v1.ControlMessage.$Properties;

export interface SessionCall {
  readonly requests: AsyncIterable<AgentMessage>;
  /** Resolves when there is room for more. */
  send(message: ControlMessage): Promise<void>;
}

export interface SessionHandlers {
  heartbeat(session: AgentSession, heartbeat: orch.v1.Heartbeat.$Properties): void;
  /** Resolves when every status of the batch is durable. */
  status(session: AgentSession, batch: orch.v1.StatusBatch.$Properties): Promise<void>;
  nodeStatus(session: AgentSession, status: orch.v1.NodeStatus.$Properties): void;
  events(session: AgentSession, batch: orch.v1.EventBatch.$Properties): void;
  operation(session: AgentSession, result: orch.v1.OperationResult.$Properties): void;
  images(session: AgentSession, report: orch.v1.ImageReport.$Properties): void;
}

export interface AgentSessionOptions {
  readonly node: string;
  readonly instance: string;
  readonly version: string;
  /** What it says that it can do. */
  readonly features: readonly string[];
  readonly epoch: number;
  readonly standing: Standing;
  readonly view: AssignmentView;
  readonly clock: Clock;
  readonly handlers: SessionHandlers;
  /** The client certificate's end, by the wall clock: the session ends then. */
  readonly certificateExpiresAtMs: number;
  /** Of the client certificate. */
  readonly serial: string;
}

export interface Farewell {
  readonly reason: string;
  /** Negative: do not come back. */
  readonly reconnectAfterMs: number;
}

const tooSlow = "the agent reads too slowly";
const coalesceMs = 20;
const completeIntervalMs = 250;
const maxQueuedMessages = 1024;
const flushMs = 1000;
const maxUnacknowledgedBatches = 64;
const completeLimits = { maxBytes: 6 << 20 };
const deltaLimits = { maxChanges: 100, maxBytes: 4 << 20 };

export class AgentSession {
  readonly options: AgentSessionOptions;
  readonly #outbound = new Channel<"assignments" | ControlMessage>(maxQueuedMessages);
  readonly #ended = new AbortController();
  readonly #endAsked = Promise.withResolvers<void>();
  #farewell: Farewell | undefined;
  #timer: Timer | undefined;
  #version = 0;
  #completeDue = true;
  #completeAtMs = Number.NEGATIVE_INFINITY;
  #sentAtMs = Number.NEGATIVE_INFINITY;
  #unacknowledged = 0;
  #lastHeardAtMs: number;

  constructor(options: AgentSessionOptions) {
    this.options = options;
    this.#lastHeardAtMs = options.clock.monotonicMs();
  }

  get node(): string {
    return this.options.node;
  }

  get lastHeardAtMs(): number {
    return this.#lastHeardAtMs;
  }

  /** Aborts when the session is over. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  get speaker(): Speaker {
    const { epoch, standing } = this.options;
    return { epoch, standing, signal: this.signal };
  }

  /** Serves the session; resolves when it is over, after the farewell if there is one. */
  async run(call: SessionCall): Promise<void> {
    this.#outbound.push("assignments");
    const reading = this.#read(call).catch((thrown: unknown) => this.#fail(thrown));
    const writing = this.#write(call).catch((thrown: unknown) => this.#fail(thrown));
    // An agent that reads nothing would hold the writer for ever: after `end` it has a moment to take what is queued.
    const patience = this.#endAsked.promise.then(() => this.#pause(flushMs));
    await Promise.race([reading, writing, patience]);
    this.#timer?.cancel();
    this.#ended.abort(new Problem("unavailable", `the session of node ${this.node} has ended`));
    const { reason, reconnectAfterMs } = this.#farewell ?? {};
    if (reason !== undefined) {
      const goodbye = call.send({ goodbye: { reason, reconnectAfterMs: reconnectAfterMs ?? 0 } });
      await Promise.race([goodbye.catch(() => undefined), this.#pause(flushMs)]);
    }
  }

  /** The first reason wins. */
  end(farewell: Farewell): void {
    this.#farewell ??= farewell;
    this.#outbound.close();
    this.#endAsked.resolve();
  }

  #pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.options.clock.after(delayMs, resolve));
  }

  /** Queues a message; false when the session is over or the agent takes nothing any more (it is ended then). */
  send(message: ControlMessage): boolean {
    if (this.#outbound.push(message)) return true;
    this.end({ reason: tooSlow, reconnectAfterMs: 1000 });
    return false;
  }

  /** The view has changes: they leave at once after a pause, else when 20 ms have passed since the last delta. */
  assignmentsChanged(): void {
    if (this.#timer || this.signal.aborted) return;
    const { clock } = this.options;
    const dueAtMs = Math.max(
      this.#sentAtMs + coalesceMs,
      this.#completeDue ? this.#completeAtMs + completeIntervalMs : 0,
    );
    this.#timer = clock.after(Math.max(0, dueAtMs - clock.monotonicMs()), () => {
      this.#timer = undefined;
      this.#pushAssignments();
    });
  }

  #pushAssignments(): void {
    if (!this.#outbound.push("assignments")) this.end({ reason: tooSlow, reconnectAfterMs: 1000 });
  }

  #fail(thrown: unknown): void {
    const problem = Problem.from(thrown);
    if (problem.code !== "canceled" && problem.code !== "unavailable") {
      this.end({ reason: problem.message, reconnectAfterMs: 1000 });
    }
  }

  async #write(call: SessionCall): Promise<void> {
    for await (const item of this.#outbound) {
      if (item !== "assignments") await call.send(item);
      else if (!this.#farewell) await this.#sendAssignments(call);
    }
  }

  async #sendAssignments(call: SessionCall): Promise<void> {
    const { view, clock } = this.options;
    if (this.#completeDue) {
      this.#completeDue = false;
      this.#completeAtMs = clock.monotonicMs();
      const upserts = [...view.complete(completeLimits)];
      this.#version++;
      await call.send({ assignments: { complete: true, resultsIn: this.#version, upserts, removals: [] } });
    } else {
      const { upserts, removals } = view.take(deltaLimits);
      if (upserts.length + removals.length > 0) {
        const appliesTo = this.#version++;
        const delta = { complete: false, appliesTo, resultsIn: this.#version };
        await call.send({ assignments: { ...delta, upserts: [...upserts], removals: [...removals] } });
      }
    }
    this.#sentAtMs = clock.monotonicMs();
    if (view.hasChanges) this.#pushAssignments();
    else if (this.#completeDue) this.assignmentsChanged();
  }

  async #read(call: SessionCall): Promise<void> {
    const { handlers, clock } = this.options;
    for await (const message of call.requests) {
      this.#lastHeardAtMs = clock.monotonicMs();
      if (message.heartbeat) {
        handlers.heartbeat(this, message.heartbeat);
        this.send({ heartbeatAck: { sequence: message.heartbeat.sequence ?? 0 } });
      } else if (message.status) this.#takeStatus(message.status);
      else if (message.node) handlers.nodeStatus(this, message.node);
      else if (message.events) handlers.events(this, message.events);
      else if (message.operation) handlers.operation(this, message.operation);
      else if (message.images) handlers.images(this, message.images);
      else if (message.gap) {
        this.#completeDue = true;
        this.assignmentsChanged();
      } else if (message.hello) {
        throw new Problem("bad-request", "hello is only the first message of a session");
      }
    }
  }

  #takeStatus(batch: orch.v1.StatusBatch.$Properties): void {
    if (++this.#unacknowledged > maxUnacknowledgedBatches) {
      throw new Problem(
        "too-many-requests",
        `more than ${maxUnacknowledgedBatches} status batches await acknowledgement`,
      );
    }
    this.options.handlers.status(this, batch).then(
      () => {
        this.#unacknowledged--;
        this.send({ statusAck: { sequence: batch.sequence ?? 0 } });
      },
      (thrown: unknown) => this.end({ reason: Problem.from(thrown).message, reconnectAfterMs: 1000 }),
    );
  }
}
