/** Node's object streams as async iterables and awaited writes, ended by a signal. */
import type { Readable, Writable } from "node:stream";
import { Problem } from "../problem.ts";

/** Resolves when the stream has room for more. Rejects with the signal's reason. */
export function writeWithRoom(stream: Writable, message: unknown, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.reject(signal.reason);
  if (stream.write(message)) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const settle = (done: () => void): void => {
      stream.off("drain", onDrain);
      stream.off("close", onClose);
      signal.removeEventListener("abort", onAbort);
      done();
    };
    const onDrain = (): void => settle(resolve);
    const onAbort = (): void => settle(() => reject(signal.reason));
    // A stream may close a turn before its call is told: without this the write would wait for ever.
    const onClose = (): void => settle(() => reject(signal.aborted ? signal.reason : streamClosed()));
    stream.on("drain", onDrain);
    stream.on("close", onClose);
    signal.addEventListener("abort", onAbort, { once: true });
  });
}

/**
 * Messages of a stream until it ends. Throws its error, or the signal's reason at once even while waiting. Leaving the
 * loop early does not destroy the stream: writes may go on.
 */
export async function* readable(stream: Readable, signal?: AbortSignal): AsyncGenerator<unknown, void, undefined> {
  let wake: (() => void) | undefined;
  let failure: { readonly thrown: unknown } | undefined;
  const onEvent = (): void => wake?.();
  const onError = (thrown: unknown): void => {
    failure ??= { thrown };
    wake?.();
  };
  stream.on("readable", onEvent).on("end", onEvent).on("close", onEvent).on("error", onError);
  signal?.addEventListener("abort", onEvent, { once: true });
  try {
    while (true) {
      if (signal?.aborted) throw signal.reason;
      const message: unknown = stream.read();
      if (message !== null) {
        yield message;
        continue;
      }
      if (failure) throw failure.thrown;
      if (stream.readableEnded) return;
      if (stream.closed) throw stream.errored ?? streamClosed();
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    stream.off("readable", onEvent).off("end", onEvent).off("close", onEvent).off("error", onError);
    signal?.removeEventListener("abort", onEvent);
  }
}

function streamClosed(): Problem {
  return new Problem("canceled", "the stream was closed before its end");
}
