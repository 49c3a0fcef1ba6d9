/**
 * The agent's session with the control plane: dial, hello, welcome; then heartbeats, assignments, statuses and requests until
 * it breaks, and again with back-off. Containers never notice.
 */
import { backoffMs } from "#proto/kit/backoff.ts";
import { Channel } from "#proto/kit/channel.ts";
import { type Clock, sleep } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import type { orch } from "#proto/wire/generated/messages.js";
import { Heartbeats } from "./heartbeats.ts";

export type AgentMessage = orch.v1.AgentMessage.$Properties;
export type ControlMessage = orch.v1.ControlMessage.$Properties;

/** One call on a connection of its own. */
export interface SessionCall {
  readonly replies: AsyncIterable<ControlMessage>;
  send(message: AgentMessage): Promise<void>;
  close(): void;
}

export interface SessionHandlers {
  hello(): orch.v1.AgentHello.$Properties | Promise<orch.v1.AgentHello.$Properties>;
  welcome(welcome: orch.v1.Welcome.$Properties, session: LiveSession): void | Promise<void>;
  /** False asks for the whole set again. */
  assignments(message: orch.v1.Assignments.$Properties): boolean;
  statusAck(sequence: number): void;
  openStream(request: orch.v1.OpenStream.$Properties): void;
  operation(request: orch.v1.Operation.$Properties, session: LiveSession): void;
  ended(): void;
}

export interface LiveSession {
  /** Queues a message; a session whose queue is full is broken and begun anew. */
  send(message: AgentMessage): void;
}

export interface SessionOptions {
  readonly dial: (signal: AbortSignal) => Promise<SessionCall>;
  readonly handlers: SessionHandlers;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** Why the agent must not come back. */
export interface Dismissal {
  readonly reason: string;
}

const backoff = { initialMs: 100, maxMs: 8_000 };
const welcomeTimeoutMs = 30_000;
const maxQueued = 2_048;

export class Session {
  readonly #options: SessionOptions;
  #reconnect: AbortController | undefined;
  #lastTrouble = "";

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Runs until the signal aborts (undefined) or the control plane sends this agent away for good. */
  async run(signal: AbortSignal): Promise<Dismissal | undefined> {
    const { clock, random, logger } = this.#options;
    for (let failures = 0; !signal.aborted; ) {
      const end = await this.#once(signal);
      if (signal.aborted) return undefined;
      if (end.kind === "dismissed") {
        logger.error({ reason: end.reason }, "the control plane sent this agent away for good");
        return { reason: end.reason };
      }
      failures = end.wasWelcome ? 0 : failures + 1;
      const delayMs = Math.max(
        end.afterMs,
        end.wasWelcome ? random.next() * 200 : backoffMs(backoff, failures - 1, random),
      );
      await sleep(clock, delayMs, signal).catch(() => undefined);
    }
    return undefined;
  }

  /** Ends the session in use and dials again: after a certificate was renewed. */
  reconnect(): void {
    this.#reconnect?.abort(new Problem("canceled", "reconnecting"));
  }

  async #once(signal: AbortSignal): Promise<End> {
    const { logger, handlers } = this.#options;
    const controller = new AbortController();
    this.#reconnect = controller;
    const live = new Live(this.#options, AbortSignal.any([signal, controller.signal]));
    try {
      const end = await live.run();
      logger.info({ reason: end.reason }, "the session has ended");
      return end;
    } catch (thrown) {
      const problem = Problem.from(thrown);
      if (!signal.aborted && !controller.signal.aborted) this.#trouble(problem, live.wasWelcome);
      return { kind: "broken", reason: problem.message, afterMs: 0, wasWelcome: live.wasWelcome };
    } finally {
      if (live.wasWelcome) handlers.ended();
    }
  }

  /** Once per outage and reason. */
  #trouble(problem: Problem, wasWelcome: boolean): void {
    const { logger } = this.#options;
    const isNews = wasWelcome || problem.message !== this.#lastTrouble;
    this.#lastTrouble = problem.message;
    if (!isNews) return;
    const fields = { code: problem.code, error: problem.message, hint: problem.hint };
    if (wasWelcome) logger.warn(fields, "the session with the control plane broke");
    else logger.warn(fields, "no session with the control plane; trying again");
  }
}

interface End {
  readonly kind: "broken" | "dismissed";
  readonly reason: string;
  readonly afterMs: number;
  readonly wasWelcome: boolean;
}

class Live implements LiveSession {
  readonly #options: SessionOptions;
  readonly #outbound = new Channel<AgentMessage>(maxQueued);
  readonly #over = new AbortController();
  readonly #signal: AbortSignal;
  #welcomed = false;

  constructor(options: SessionOptions, signal: AbortSignal) {
    this.#options = options;
    this.#signal = AbortSignal.any([signal, this.#over.signal]);
  }

  get wasWelcome(): boolean {
    return this.#welcomed;
  }

  send(message: AgentMessage): void {
    if (!this.#outbound.push(message))
      this.#fail(new Problem("unavailable", "the control plane takes no more messages"));
  }

  async run(): Promise<End> {
    const { dial, handlers, clock } = this.#options;
    const timeout = clock.after(welcomeTimeoutMs, () =>
      this.#fail(new Problem("timeout", "no welcome from the control plane")),
    );
    try {
      const call = await dial(this.#signal);
      const onAbort = (): void => call.close();
      this.#signal.addEventListener("abort", onAbort, { once: true });
      try {
        this.send({ hello: await handlers.hello() });
        const writing = this.#write(call).catch((thrown: unknown) => this.#fail(thrown));
        const end = await this.#read(call, () => timeout.cancel());
        this.#outbound.close();
        await writing;
        return end;
      } finally {
        call.close();
      }
    } catch (thrown) {
      throw this.#over.signal.aborted ? this.#over.signal.reason : thrown;
    } finally {
      timeout.cancel();
      this.#fail(new Problem("canceled", "the session is over"));
    }
  }

  #fail(thrown: unknown): void {
    this.#outbound.close();
    this.#over.abort(Problem.from(thrown));
  }

  async #write(call: SessionCall): Promise<void> {
    for await (const message of this.#outbound) await call.send(message);
  }

  async #read(call: SessionCall, onWelcome: () => void): Promise<End> {
    const { handlers, clock } = this.#options;
    let heartbeats: Heartbeats | undefined;
    try {
      for await (const message of call.replies) {
        if (message.welcome) {
          onWelcome();
          this.#welcomed = true;
          const intervalMs = Number(message.welcome.heartbeatIntervalMs ?? 0) || 2_000;
          heartbeats = new Heartbeats({ clock, intervalMs, send: (beat) => this.send({ heartbeat: beat }) });
          heartbeats.start(() => this.#fail(new Problem("timeout", "the control plane does not answer heartbeats")));
          await handlers.welcome(message.welcome, this);
        } else if (message.goodbye) {
          return farewell(message.goodbye, this.#welcomed);
        } else this.#take(message, heartbeats);
      }
      return { kind: "broken", reason: "the control plane closed it", afterMs: 0, wasWelcome: this.#welcomed };
    } finally {
      heartbeats?.stop();
    }
  }

  #take(message: ControlMessage, heartbeats: Heartbeats | undefined): void {
    const { handlers } = this.#options;
    if (message.heartbeatAck) heartbeats?.acknowledged(Number(message.heartbeatAck.sequence ?? 0));
    else if (message.assignments) {
      if (!handlers.assignments(message.assignments)) this.send({ gap: {} });
    } else if (message.statusAck) handlers.statusAck(Number(message.statusAck.sequence ?? 0));
    else if (message.openStream) handlers.openStream(message.openStream);
    else if (message.operation) handlers.operation(message.operation, this);
  }
}

function farewell(goodbye: orch.v1.Goodbye.$Properties, wasWelcome: boolean): End {
  const afterMs = Number(goodbye.reconnectAfterMs ?? 0);
  const reason = goodbye.reason ?? "";
  return {
    kind: afterMs < 0 ? "dismissed" : "broken",
    reason,
    afterMs: Math.min(Math.max(0, afterMs), 60_000),
    wasWelcome,
  };
}
