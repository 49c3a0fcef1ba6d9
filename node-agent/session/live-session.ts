/** One session from hello to its end: heartbeats, and what arrives handed on while it is the one in use. */
import { Channel } from "#proto/kit/channel.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { orch } from "#proto/wire/generated/messages.js";
import { Heartbeats } from "./heartbeats.ts";
import type { AgentMessage, ControlMessage, LiveSession, SessionCall, SessionOptions } from "./session-ports.ts";

const welcomeTimeoutMs = 30_000;
const maxQueued = 2_048;
/** The control plane ends a session that was replaced by itself, when all it had to say is said. */
const lastRequestsMs = 3_000;

export interface End {
  readonly kind: "broken" | "dismissed";
  readonly reason: string;
  readonly afterMs: number;
  readonly wasWelcome: boolean;
  readonly nodeDeleted: boolean;
  readonly identityRefused: boolean;
}

export function brokenEnd(reason: string, wasWelcome: boolean): End {
  return { kind: "broken", reason, afterMs: 0, wasWelcome, nodeDeleted: false, identityRefused: false };
}

export interface Turns {
  /** Just before hello. */
  readonly onHello: () => void;
  /** At the welcome, before anybody else hears of it. */
  readonly onWelcome: () => void;
}

export class Live implements LiveSession {
  readonly #options: SessionOptions;
  readonly #outbound = new Channel<AgentMessage>(maxQueued);
  readonly #over = new AbortController();
  readonly #signal: AbortSignal;
  readonly #turns: Turns;
  #welcomed = false;
  #hears: "all" | "no assignments" | "requests" = "all";

  constructor(options: SessionOptions, turns: Turns, signal: AbortSignal) {
    this.#options = options;
    this.#turns = turns;
    this.#signal = AbortSignal.any([signal, this.#over.signal]);
  }

  get isRetired(): boolean {
    return this.#hears === "requests";
  }

  /** A successor has said hello: it will be told everything, so deltas of this one count no more. */
  deafen(): void {
    this.#hears = "no assignments";
  }

  /** The successor came to nothing: the whole set is needed again. */
  hearAgain(): void {
    this.#hears = "all";
    this.send({ gap: {} });
  }

  /** A successor is welcome: requests that are still under way here are taken, then this one ends without a word to anybody. */
  retire(): void {
    this.#hears = "requests";
    this.#options.clock.after(lastRequestsMs, () => this.cancel());
  }

  /** Ends it, as a broken one. */
  cancel(): void {
    this.#fail(new Problem("canceled", "reconnecting"));
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
        this.#turns.onHello();
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
          this.#turns.onWelcome();
          const intervalMs = Number(message.welcome.heartbeatIntervalMs ?? 0) || 2_000;
          heartbeats = new Heartbeats({ clock, intervalMs, send: (beat) => this.send({ heartbeat: beat }) });
          heartbeats.start(() => this.#fail(new Problem("timeout", "the control plane does not answer heartbeats")));
          await handlers.welcome(message.welcome, this);
        } else if (message.goodbye) {
          return farewell(message.goodbye, this.#welcomed);
        } else this.#take(message, heartbeats);
      }
      return brokenEnd("the control plane closed it", this.#welcomed);
    } finally {
      heartbeats?.stop();
    }
  }

  #take(message: ControlMessage, heartbeats: Heartbeats | undefined): void {
    const { handlers } = this.#options;
    if (this.isRetired && !message.openStream && !message.operation && !message.heartbeatAck) return;
    if (message.heartbeatAck) heartbeats?.acknowledged(Number(message.heartbeatAck.sequence ?? 0));
    else if (message.assignments) {
      if (this.#hears === "no assignments") return;
      if (!handlers.assignments(message.assignments)) this.send({ gap: {} });
    } else if (message.statusAck) handlers.statusAck(Number(message.statusAck.sequence ?? 0));
    else if (message.openStream) handlers.openStream(message.openStream);
    else if (message.operation) handlers.operation(message.operation, this);
    else if (message.renewNow) handlers.renewNow();
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
    nodeDeleted: goodbye.nodeDeleted ?? false,
    identityRefused: goodbye.identityRefused ?? false,
  };
}
