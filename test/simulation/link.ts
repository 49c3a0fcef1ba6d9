/**
 * One agent's connection to a control plane: ordered both ways, each message late by a little, held where the network is cut, one way or
 * both. Either end can go without a word, which leaves the other with half a connection: what was on its way still arrives, answers go
 * nowhere. The control plane's end is what a gRPC stream gives the real `AgentSession`.
 */
import type { AgentMessage, ControlMessage, SessionCall } from "#control-plane/sessions/agent-session.ts";
import { Channel } from "#proto/kit/channel.ts";
import type { Clock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Chaos } from "./chaos.ts";

/** Towards the control plane, or from it. */
export type Direction = "up" | "down";

export interface LinkOptions {
  readonly clock: Clock;
  readonly chaos: Chaos;
  /** While true messages of that direction wait, as in a network that lost its route, or before a frozen reader. */
  readonly isHeld: (direction: Direction) => boolean;
  /** False once the agent has given this connection up: what it still brings comes beside that of the next. */
  readonly isCurrent: () => boolean;
  /** Said by the control plane, whether or not it arrives: what is under way when a connection is closed is lost here. */
  readonly onGoodbye: (goodbye: NonNullable<ControlMessage["goodbye"]>) => void;
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
  readonly #gone = { agent: false, controlPlane: false };
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
        if (message.goodbye) this.#options.onGoodbye(message.goodbye);
        this.#send("down", () => this.#deliverDown(message));
      },
    };
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  sendUp(message: AgentMessage): void {
    this.#send("up", () => this.#deliverUp(message));
  }

  /** Both ends learn of it; what is under way is lost. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#toControlPlane.close();
    if (!this.#gone.agent) this.#options.onClosed();
  }

  /** An end that is no longer there. The other finds out by silence; what was sent before still arrives. */
  abandon(end: "agent" | "controlPlane"): void {
    this.#gone[end] = true;
    if (this.#gone.agent && this.#gone.controlPlane) this.close();
  }

  #deliverUp(message: AgentMessage): void {
    if (this.#gone.controlPlane) return;
    const { chaos, isCurrent } = this.#options;
    if (!isCurrent()) chaos.sometimes("a message of a connection given up arrives");
    this.#toControlPlane.push(message);
  }

  #deliverDown(message: ControlMessage): void {
    const { chaos, onMessage } = this.#options;
    if (this.#gone.agent) return;
    const isDelta = message.assignments && !message.assignments.complete;
    if (isDelta && chaos.strikes("lostDelta")) {
      // A stream that loses a message is about to break; what still comes through shows the gap first.
      this.#options.clock.after(chaos.between(500, 3_000), () => this.close());
      return;
    }
    onMessage(message);
    if (isDelta && chaos.strikes("repeatedDelta")) onMessage(message);
  }

  #send(direction: Direction, deliver: () => void): void {
    const { clock, chaos } = this.#options;
    if (!this.#isOpen) return;
    if (chaos.strikes("brokenLink")) {
      this.close();
      return;
    }
    const queue = this.#queues[direction];
    const delayMs = chaos.strikes("slowLink") ? chaos.between(100, 3_000) : chaos.between(0, 10);
    queue.push({ atMs: clock.monotonicMs() + delayMs, deliver });
    if (queue.length === 1) this.#pump(queue, direction);
  }

  /** One at a time: a message never overtakes another, however long the network was away. */
  #pump(queue: Message[], direction: Direction): void {
    const { clock, isHeld } = this.#options;
    const [first] = queue;
    if (!first || !this.#isOpen) return;
    const waitMs = isHeld(direction) ? retryMs : Math.max(0, first.atMs - clock.monotonicMs());
    clock.after(waitMs, () => {
      if (!this.#isOpen) return;
      if (!isHeld(direction) && clock.monotonicMs() >= first.atMs) {
        queue.shift();
        first.deliver();
      }
      this.#pump(queue, direction);
    });
  }
}
