/** The agent's end of one stream: bytes in and out within the credit of either side, bounded memory, one result at the end. */
import { Channel } from "#proto/kit/channel.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { orch } from "#proto/wire/generated/messages.js";
import { initialCreditBytes, SendWindow } from "./send-window.ts";

export type Frame = orch.v1.Frame.$Properties;

export interface FrameCall {
  readonly replies: AsyncIterable<Frame>;
  /** Resolves when the frame has left: the memory of its bytes may be used again. */
  send(frame: Frame): Promise<void>;
  end(): void;
  cancel(): void;
}

export interface WindowSize {
  readonly rows: number;
  readonly columns: number;
}

/** The kernel keeps each side in 16 bits. */
const maxWindowSide = 0xffff;

/** Undefined for a size that no terminal can have. */
export function windowSize({ rows, columns }: orch.v1.TerminalSize.$Properties): WindowSize | undefined {
  const isSide = (value: number): boolean => value > 0 && value <= maxWindowSide;
  return isSide(rows ?? 0) && isSide(columns ?? 0) ? { rows: rows ?? 0, columns: columns ?? 0 } : undefined;
}

const frameBytes = 128 * 1024;
/** Credit goes back in pieces of this size: a frame per byte would cost more than the byte. */
const grantBytes = 128 * 1024;

export class FrameStream {
  readonly #call: FrameCall;
  readonly #window = new SendWindow();
  /** As many items as there can be bytes under way: the bytes are the bound. */
  readonly #input = new Channel<Uint8Array>(initialCreditBytes + 1);
  readonly #ended = new AbortController();
  #unreadBytes = 0;
  #takenBytes = 0;
  #hasInputEnded = false;
  #size: WindowSize | undefined;
  #onResize: ((size: WindowSize) => void) | undefined;
  #onSignal: ((signal: number) => void) | undefined;

  constructor(call: FrameCall) {
    this.#call = call;
  }

  /** Aborts when the other side is gone. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  /** Called at once with the size that is known. */
  onResize(handler: (size: WindowSize) => void): void {
    this.#onResize = handler;
    if (this.#size) handler(this.#size);
  }

  /** The client wants a signal sent. */
  onSignal(handler: (signal: number) => void): void {
    this.#onSignal = handler;
  }

  /** Reads frames until the call ends. Never rejects: a failure aborts `signal`. */
  async receive(): Promise<void> {
    try {
      for await (const frame of this.#call.replies) this.#take(frame);
      this.#fail(new Problem("canceled", "the client went away"));
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  /** What the client sends, until it half-closes. Read once. More may come as it is taken. */
  async *input(): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const chunk of this.#input) {
      this.#unreadBytes -= chunk.length;
      this.#takenBytes += chunk.length;
      yield chunk;
      if (this.#takenBytes < grantBytes || this.#hasInputEnded) continue;
      const credit = this.#takenBytes;
      this.#takenBytes = 0;
      await this.#call.send({ credit });
    }
  }

  /** Resolves when the bytes have left: their memory may be used again. Waits for credit. */
  async write(bytes: Uint8Array, stream: "data" | "errorData" = "data"): Promise<void> {
    for (let offset = 0; offset < bytes.length; ) {
      const taken = await this.#window.take(Math.min(frameBytes, bytes.length - offset));
      const chunk = bytes.subarray(offset, offset + taken);
      await this.#call.send(stream === "data" ? { data: chunk } : { errorData: chunk });
      offset += taken;
    }
  }

  /** Tells the client what it is connected to. */
  ready(ready: orch.v1.StreamReady.$Properties): Promise<void> {
    return this.#call.send({ ready });
  }

  async finish(result: orch.v1.StreamResult.$Properties): Promise<void> {
    await this.#call.send({ result });
    this.#call.end();
  }

  #take(frame: Frame): void {
    if (frame.data) {
      this.#unreadBytes += frame.data.length;
      if (this.#unreadBytes > initialCreditBytes + grantBytes) {
        throw new Problem("too-many-requests", "the client sent more than it was allowed to");
      }
      if (frame.data.length > 0) this.#input.push(frame.data);
    } else if (frame.credit) this.#window.grant(Number(frame.credit));
    else if (frame.endOfInput) this.#endInput();
    else if (frame.resize) this.#resize(windowSize(frame.resize));
    else if (frame.signal) this.#onSignal?.(frame.signal);
  }

  #resize(size: WindowSize | undefined): void {
    if (!size) return;
    this.#size = size;
    this.#onResize?.(size);
  }

  #endInput(): void {
    this.#hasInputEnded = true;
    this.#input.close();
  }

  #fail(thrown: unknown): void {
    const problem = Problem.from(thrown);
    if (!this.#hasInputEnded) this.#input.close(problem);
    this.#window.close(problem);
    this.#ended.abort(problem);
  }
}
