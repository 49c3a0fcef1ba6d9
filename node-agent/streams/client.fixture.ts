/** For tests: the client of a stream, which sees and sends frames. */
import { Channel } from "#proto/kit/channel.ts";
import type { Problem } from "#proto/kit/problem.ts";
import { decodeProblem } from "#proto/kit/rpc/problem-status.ts";
import type { Frame, FrameCall } from "./frame-stream.ts";

/** The client's end, frame by frame. */
export class TestClient {
  readonly received: Frame[] = [];
  readonly #frames = new Channel<Frame>(10_000);
  isEnded = false;
  isCanceled = false;

  get call(): FrameCall {
    return {
      replies: this.#frames,
      send: (frame) => {
        this.received.push(frame);
        return Promise.resolve();
      },
      end: () => {
        this.isEnded = true;
      },
      cancel: () => {
        this.isCanceled = true;
      },
    };
  }

  send(frame: Frame): void {
    this.#frames.push(frame);
  }

  leave(): void {
    this.#frames.close();
  }

  get output(): string {
    return Buffer.concat(this.received.map(({ data }) => Buffer.from(data ?? []))).toString("utf8");
  }

  get errors(): string {
    return Buffer.concat(this.received.map(({ errorData }) => Buffer.from(errorData ?? []))).toString("utf8");
  }

  get result(): Frame["result"] {
    return this.received.find(({ result }) => result)?.result;
  }

  get problem(): Problem | undefined {
    const bytes = this.result?.problem;
    return bytes && bytes.length > 0 ? decodeProblem(bytes) : undefined;
  }
}

/** Lets everything run that needs no time to pass. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}
