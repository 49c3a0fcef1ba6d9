/**
 * One side of a byte stream to a container or node (proto/schema/stream.proto): data both ways with credit, so that neither
 * side ever buffers more than the window.
 */
import { Problem } from "#proto/kit/problem.ts";
import type { BidiStream, RpcCaller } from "#proto/kit/rpc/caller.ts";
import { decodeProblem } from "#proto/kit/rpc/problem-wire.ts";
import type { Sendable } from "#proto/kit/rpc/sendable.ts";
import type { orch } from "#proto/wire/generated/messages.js";
import { streamMethod } from "#proto/wire/stream-method.ts";

/** What each side may send before the other has granted anything: part of the protocol. */
const firstWindowBytes = 512 * 1024;
/** Who sends so much that we grant more is not to wait for each grant. */
const wideWindowBytes = 4 * 1024 * 1024;
const chunkBytes = 64 * 1024;

export interface FrameData {
  readonly stream: "out" | "err";
  readonly bytes: Uint8Array;
}

export interface StreamOutcome {
  readonly exitCode: number;
  readonly detail: unknown;
}

type Frame = orch.v1.Frame;

export class FrameStream {
  readonly #call: BidiStream<Frame, Frame>;
  #sendCredit = firstWindowBytes;
  /** What the other side may have on its way. */
  #windowBytes = firstWindowBytes;
  #owedCredit = 0;
  #wakeSender: (() => void) | undefined;
  #outcome: StreamOutcome | undefined;
  #ended = false;
  /** attach: called when the container is there, before its first output. */
  onReady: (container: { readonly terminal: boolean; readonly stdin: boolean }) => void = () => undefined;

  private constructor(call: BidiStream<Frame, Frame>) {
    this.#call = call;
  }

  static async open(rpc: RpcCaller, open: Sendable<orch.v1.StreamOpen>, signal: AbortSignal): Promise<FrameStream> {
    const call = rpc.bidi(streamMethod, { signal });
    await call.send({ open });
    return new FrameStream(call);
  }

  /** Data as it comes; returns when the other side is done. Throws the Problem it ended with. Read exactly once. */
  async *data(): AsyncGenerator<FrameData, void, undefined> {
    try {
      for await (const frame of this.#call.replies) {
        if (frame.data?.length) yield* this.#consume({ stream: "out", bytes: frame.data });
        else if (frame.errorData?.length) yield* this.#consume({ stream: "err", bytes: frame.errorData });
        else if (frame.credit) this.#grant(frame.credit);
        else if (frame.ready) {
          this.onReady({ terminal: frame.ready.terminal === true, stdin: frame.ready.stdin === true });
        } else if (frame.result) {
          if (frame.result.problem?.length) throw decodeProblem(frame.result.problem);
          const detail = frame.result.detail?.length
            ? (JSON.parse(Buffer.from(frame.result.detail).toString("utf8")) as unknown)
            : undefined;
          this.#outcome = { exitCode: frame.result.exitCode ?? 0, detail };
          return;
        }
      }
    } finally {
      this.#ended = true;
      this.#wakeSender?.();
    }
  }

  /** Known once `data` has returned. */
  get outcome(): StreamOutcome {
    if (!this.#outcome) throw new Problem("unavailable", "the stream ended before its result was known");
    return this.#outcome;
  }

  /** Sends in window-sized steps; resolves when all of it was handed over. Stops quietly when the other side is done. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length && !this.#ended; ) {
      if (this.#sendCredit <= 0) {
        await new Promise<void>((resolve) => {
          this.#wakeSender = resolve;
        });
        continue;
      }
      const part = bytes.subarray(at, at + Math.min(chunkBytes, this.#sendCredit));
      this.#sendCredit -= part.length;
      at += part.length;
      await this.#send({ data: part });
    }
  }

  endInput(): Promise<void> {
    return this.#send({ endOfInput: true });
  }

  resize(rows: number, columns: number): Promise<void> {
    return this.#send({ resize: { rows, columns } });
  }

  /** To the container's process, by number. */
  signal(signal: number): Promise<void> {
    return this.#send({ signal });
  }

  close(): void {
    this.#ended = true;
    this.#wakeSender?.();
    this.#call.cancel();
  }

  async #send(frame: Sendable<Frame>): Promise<void> {
    if (this.#ended) return;
    await this.#call.send(frame).catch((thrown: unknown) => {
      if (!this.#ended) throw thrown;
    });
  }

  async *#consume(data: FrameData): AsyncGenerator<FrameData, void, undefined> {
    yield data;
    this.#owedCredit += data.bytes.length;
    if (this.#owedCredit < this.#windowBytes / 2) return;
    const credit = this.#owedCredit + wideWindowBytes - this.#windowBytes;
    this.#windowBytes = wideWindowBytes;
    this.#owedCredit = 0;
    await this.#send({ credit });
  }

  #grant(credit: number): void {
    this.#sendCredit += credit;
    this.#wakeSender?.();
  }
}
