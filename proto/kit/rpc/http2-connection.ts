/** What calls need of an HTTP/2 connection: Node's has it, and the command line's own (cli/client/http2). */
import type { EventEmitter } from "node:events";
import type { Duplex } from "node:stream";
import { Problem } from "../problem.ts";

/** Emits `response` and `trailers` with headers. */
export interface CallStream extends Duplex {
  /** Ends it from our side with a code of HTTP/2. */
  close(code: number): void;
}

/** Emits `remoteSettings`, `error`, `close`. */
export interface Http2Connection extends EventEmitter {
  readonly closed: boolean;
  readonly destroyed: boolean;
  /** Throws when it takes no more. */
  request(headers: Readonly<Record<string, string>>): CallStream;
  ping(answered: () => void): unknown;
  /** Takes no more calls; ends with the last of them. */
  close(): void;
  destroy(error?: Error): void;
}

/** Http2's code for a call that nobody wants any more. */
export const cancelCode = 8;

/** Rejects with the connection's own error, or with the signal's reason. */
export function ready<C extends Http2Connection>(connection: C, signal: AbortSignal): Promise<C> {
  return new Promise((resolve, reject) => {
    const settle = (done: () => void): void => {
      signal.removeEventListener("abort", onAbort);
      connection.off("remoteSettings", onSettings).off("error", onError).off("close", onClose);
      // From now on a broken connection is told by the calls on it.
      connection.on("error", () => undefined);
      done();
    };
    const fail = (thrown: unknown): void =>
      settle(() => {
        connection.destroy();
        reject(thrown);
      });
    const onAbort = (): void => fail(signal.reason);
    const onError = (thrown: unknown): void => fail(thrown);
    const onClose = (): void => fail(new Problem("unavailable", "the other side hung up"));
    // With TLS 1.3 a server judges our certificate after our side is done: its settings are the first sign that it took it.
    const onSettings = (): void => settle(() => resolve(connection));
    connection.once("remoteSettings", onSettings).once("error", onError).once("close", onClose);
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}
