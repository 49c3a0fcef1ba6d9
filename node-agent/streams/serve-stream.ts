/** Answers an OpenStream: calls back on the second connection and serves what was asked for. A refusal is a result too. */
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import { encodeProblem } from "#proto/kit/rpc/problem-status.ts";
import type { orch } from "#proto/wire/generated/messages.js";
import { type FrameCall, FrameStream } from "./frame-stream.ts";

export type StreamTarget = orch.v1.StreamOpen.$Properties;

/** Serves one stream until its end; what it throws becomes the result's problem. */
export type StreamServer = (
  target: StreamTarget,
  stream: FrameStream,
  signal: AbortSignal,
) => Promise<orch.v1.StreamResult.$Properties>;

export interface StreamsOptions {
  readonly dial: (signal: AbortSignal) => FrameCall;
  /** By kind. */
  readonly servers: Readonly<Record<string, StreamServer>>;
  readonly logger: Logger;
  readonly maxStreams: number;
}

export class Streams {
  readonly #options: StreamsOptions;
  readonly #stopping = new AbortController();
  #open = 0;

  constructor(options: StreamsOptions) {
    this.#options = options;
  }

  /** Returns at once; never throws. */
  open(request: orch.v1.OpenStream.$Properties): void {
    void this.#serve(request).catch((thrown: unknown) => {
      const problem = Problem.from(thrown);
      if (problem.code === "canceled") return;
      this.#options.logger.warn({ stream: request.id, error: problem.message }, "a stream broke");
    });
  }

  stop(): void {
    this.#stopping.abort(new Problem("unavailable", "the agent stops"));
  }

  async #serve(request: orch.v1.OpenStream.$Properties): Promise<void> {
    const { dial, maxStreams } = this.#options;
    const target: StreamTarget = { ...request.target, id: request.id ?? "" };
    const call = dial(this.#stopping.signal);
    this.#open += 1;
    try {
      await call.send({ open: target });
      const stream = new FrameStream(call);
      void stream.receive();
      const signal = AbortSignal.any([stream.signal, this.#stopping.signal]);
      const result = this.#open > maxStreams ? refuse(tooMany()) : await this.#run(target, stream, signal);
      await stream.finish(result);
    } catch (thrown) {
      call.cancel();
      throw thrown;
    } finally {
      this.#open -= 1;
    }
  }

  async #run(
    target: StreamTarget,
    stream: FrameStream,
    signal: AbortSignal,
  ): Promise<orch.v1.StreamResult.$Properties> {
    const server = this.#options.servers[target.kind ?? ""];
    if (!server) {
      const message = `this node's agent cannot serve "${target.kind}" streams`;
      return refuse(new Problem("unsupported", message, { hint: "Upgrade the agent, or use exec and logs." }));
    }
    try {
      return await server(target, stream, signal);
    } catch (thrown) {
      if (stream.signal.aborted) throw thrown;
      return refuse(Problem.from(thrown));
    }
  }
}

function refuse(problem: Problem): orch.v1.StreamResult.$Properties {
  return { exitCode: 1, problem: encodeProblem(problem) };
}

function tooMany(): Problem {
  return new Problem("too-many-requests", "too many streams are open on this node", {
    hint: "Close some and try again.",
  });
}
