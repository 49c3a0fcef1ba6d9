/**
 * One agent's connection to a control plane: ordered both ways, each message late by a little, cut off when the node is. The
 * control plane's end is what a gRPC stream gives the real `AgentSession`.
 */
import type { AgentMessage, ControlMessage, SessionCall } from "#control-plane/sessions/agent-session.ts";
import { Channel } from "#proto/kit/channel.ts";
import type { Clock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Chaos } from "./chaos.ts";

export interface LinkOptions {
  readonly clock: Clock;
  readonly chaos: Chaos;
  /** While true messages wait, as in a network that lost its route. */
  readonly isCut: () => boolean;
  /** The agent's end. */
  readonly onMessage: (message: ControlMessage) => void;
  readonly onClosed: () => void;
}

interface Message {
  readonly atMs: number;
  readonly deliver: () => void;
}

const maxQueued = 10_000;
const retryMs = 250;

export class Link {
  readonly #options: LinkOptions;
  readonly #toControlPlane = new Channel<AgentMessage>(maxQueued);
  readonly #queues: { readonly up: Message[]; readonly down: Message[] } = { up: [], down: [] };
  #isOpen = true;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  /** The control plane's end. */
  get call(): SessionCall {
    return {
      requests: this.#toControlPlane,
      send: async (message) => {
        if (!this.#isOpen) throw new Problem("unavailable", "the agent's connection is closed");
        this.#send("down", () => this.#deliverDown(message));
      },
    };
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  sendUp(message: AgentMessage): void {
    this.#send("up", () => this.#toControlPlane.push(message));
  }

  /** Both ends learn of it; what is under way is lost. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#toControlPlane.close();
    this.#options.onClosed();
  }

  #deliverDown(message: ControlMessage): void {
    const { chaos, onMessage } = this.#options;
    const isDelta = message.assignments && !message.assignments.complete;
    if (isDelta && chaos.strikes("lostDelta")) {
      // A stream that loses a message is about to break; what still comes through shows the gap first.
      this.#options.clock.after(chaos.between(500, 3_000), () => this.close());
      return;
    }
    onMessage(message);
    if (isDelta && chaos.strikes("repeatedDelta")) onMessage(message);
  }

  #send(direction: "up" | "down", deliver: () => void): void {
    const { clock, chaos } = this.#options;
    if (!this.#isOpen) return;
    if (chaos.strikes("brokenLink")) {
      this.close();
      return;
    }
    const queue = this.#queues[direction];
    queue.push({ atMs: clock.monotonicMs() + chaos.between(0, 10), deliver });
    if (queue.length === 1) this.#pump(queue);
  }

  /** One at a time: a message never overtakes another, however long the network was away. */
  #pump(queue: Message[]): void {
    const { clock, isCut } = this.#options;
    const [first] = queue;
    if (!first || !this.#isOpen) return;
    const waitMs = isCut() ? retryMs : Math.max(0, first.atMs - clock.monotonicMs());
    clock.after(waitMs, () => {
      if (!this.#isOpen) return;
      if (!isCut() && clock.monotonicMs() >= first.atMs) {
        queue.shift();
        first.deliver();
      }
      this.#pump(queue);
    });
  }
}
