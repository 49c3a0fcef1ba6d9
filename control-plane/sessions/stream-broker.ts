/**
 * Brings a caller and an agent together: asks the agent through its session to call back with an id, and hands out that
 * call once, to the one who asked, when identity and id match and the deadline has not passed.
 */
import type { Clock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import type { orch } from "#proto/wire/generated/messages.js";

export type Frame = orch.v1.Frame.$Properties;

/** One side of a stream, as both the API and the agents' gateway see it. */
export interface FrameCall {
  readonly requests: AsyncIterable<Frame>;
  /** Resolves when there is room for more. */
  send(frame: Frame): Promise<void>;
  readonly signal: AbortSignal;
}

/** A call whose first frame has been read already. */
export interface StreamEnd {
  readonly frames: AsyncIterator<Frame>;
  send(frame: Frame): Promise<void>;
  readonly signal: AbortSignal;
  /** Ends the call; with a problem the other side sees that. Idempotent. */
  close(problem?: Problem): void;
}

export interface StreamSender {
  /** False when the session takes nothing. */
  send(message: orch.v1.ControlMessage.$Properties): boolean;
  readonly signal: AbortSignal;
}

export interface StreamBrokerOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly sessionOf: (node: string) => StreamSender | undefined;
  /** The address of the control plane that holds the node's session, when it is another one. */
  readonly ownerOf?: (node: string) => string | undefined;
  /** How long an agent has to call back. */
  readonly deadlineMs: number;
}

interface Pending {
  readonly node: string;
  readonly resolve: (end: StreamEnd) => void;
}

const maxPending = 4096;

export class StreamBroker {
  readonly #options: StreamBrokerOptions;
  readonly #pending = new Map<string, Pending>();

  constructor(options: StreamBrokerOptions) {
    this.#options = options;
  }

  /** Throws Problem `unavailable` when the node has no session, `timeout` when its agent does not call back. */
  async open(node: string, target: orch.v1.StreamOpen.$Properties, signal: AbortSignal): Promise<StreamEnd> {
    const { clock, random, sessionOf, deadlineMs } = this.#options;
    let session = sessionOf(node);
    if (!session) throw this.#elsewhere(node) ?? notConnected(node);
    if (this.#pending.size >= maxPending) throw new Problem("too-many-requests", "too many streams are being opened");
    const id = random.uuid();
    const waiting = Promise.withResolvers<StreamEnd>();
    // A session that moved over to a new connection was told before it ended: the agent calls back all the same.
    const lost = (): void => {
      const successor = sessionOf(node);
      if (!successor || successor === session) {
        waiting.reject(notConnected(node));
        return;
      }
      session = successor;
      session.signal.addEventListener("abort", lost, { once: true });
    };
    const gone = (): void => waiting.reject(signal.reason);
    const timer = clock.after(deadlineMs, () => {
      waiting.reject(new Problem("timeout", `node ${node} did not open the stream within ${deadlineMs / 1000} s`));
    });
    session.signal.addEventListener("abort", lost, { once: true });
    signal.addEventListener("abort", gone, { once: true });
    this.#pending.set(id, { node, resolve: waiting.resolve });
    try {
      if (signal.aborted) throw signal.reason;
      if (!session.send({ openStream: { id, deadlineMs, target: { ...target, id } } })) throw notConnected(node);
      return await waiting.promise;
    } finally {
      this.#pending.delete(id);
      timer.cancel();
      session.signal.removeEventListener("abort", lost);
      signal.removeEventListener("abort", gone);
    }
  }

  #elsewhere(node: string): Problem | undefined {
    const owner = this.#options.ownerOf?.(node);
    if (owner === undefined) return undefined;
    return new Problem("unavailable", `node ${node} is served by another control plane, at ${owner}`, {
      object: `Node ${node}`,
      hint: "Ask that one: use a context with its address.",
    });
  }

  /** An agent calls back. Resolves when the stream is over; rejects with the problem it was closed with. */
  async accept(node: string, call: FrameCall): Promise<void> {
    const frames = call.requests[Symbol.asyncIterator]();
    const id = (await firstFrame(frames, this.#options))?.open?.id;
    const pending = id ? this.#pending.get(id) : undefined;
    // The same answer for an id that never was, was used, is late or is another node's.
    if (!id || pending?.node !== node) throw new Problem("not-found", "nobody waits for this stream");
    this.#pending.delete(id);
    const over = Promise.withResolvers<void>();
    const onAbort = (): void => over.resolve();
    call.signal.addEventListener("abort", onAbort, { once: true });
    pending.resolve({
      frames,
      send: (frame) => call.send(frame),
      signal: call.signal,
      close: (problem) => (problem ? over.reject(problem) : over.resolve()),
    });
    await over.promise.finally(() => call.signal.removeEventListener("abort", onAbort));
  }
}

/** Undefined when the caller ended without one. Throws Problem `timeout` when none comes. */
export async function firstFrame(
  frames: AsyncIterator<Frame>,
  within: { readonly clock: Clock; readonly deadlineMs: number },
): Promise<Frame | undefined> {
  const late = Promise.withResolvers<never>();
  const timer = within.clock.after(within.deadlineMs, () => {
    late.reject(new Problem("timeout", "the stream's first frame did not come"));
  });
  try {
    const first = await Promise.race([frames.next(), late.promise]);
    return first.done ? undefined : first.value;
  } finally {
    timer.cancel();
  }
}

export function notConnected(node: string): Problem {
  return new Problem("unavailable", `the agent of node ${node} is not connected`, {
    object: `Node ${node}`,
    hint: "Check the machine and its orch-node-agent service; `orchctl get nodes` shows when it was last ready.",
  });
}
