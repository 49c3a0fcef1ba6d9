/** Node's object streams as async iterables and awaited writes, ended by a signal. */
import type { Readable, Writable } from "node:stream";
import { Problem } from "../problem.ts";

/** Resolves when the stream has room for more. Rejects with the signal's reason. */
export function writeWithRoom(stream: Writable, message: unknown, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.reject(signal.reason);
  if (stream.write(message)) return Promise.resolve();
  return whileOpen(stream, signal, (settle) => {
    stream.on("drain", settle);
    return () => stream.off("drain", settle);
  });
}

/** Resolves when the bytes have left the process: their memory may be used again. Rejects with the signal's reason. */
export function writeAndWait(stream: Writable, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.reject(signal.reason);
  return whileOpen(stream, signal, (settle, fail) => {
    stream.write(bytes, (error) => (error ? fail() : settle()));
    return () => undefined;
  });
}

/** Until what `start` began is done or has failed; fails when the stream closes or the signal aborts before. */
function whileOpen(
  stream: Writable,
  signal: AbortSignal,
  start: (settle: () => void, fail: () => void) => () => unknown,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (done: () => void): void => {
      stop();
      stream.off("close", fail);
      expectListeners(stream, -1);
      signal.removeEventListener("abort", fail);
      done();
    };
    // A stream may close a turn before its call is told: without this the write would wait for ever.
    const fail = (): void => end(() => reject(signal.aborted ? signal.reason : streamClosed()));
    expectListeners(stream, 1);
    stream.on("close", fail);
    signal.addEventListener("abort", fail, { once: true });
    const stop = start(() => end(resolve), fail);
  });
}

/** Several may wait for one stream, each with listeners of its own: that is no leak. Whoever lets them send bounds them. */
function expectListeners(stream: Writable, more: number): void {
  stream.setMaxListeners(stream.getMaxListeners() + more);
}

/**
 * Messages of a stream until it ends. Throws its error, or the signal's reason at once even while waiting. Leaving the
 * loop early does not destroy the stream: writes may go on. One reader.
 */
export function readable(stream: Readable, signal?: AbortSignal): AsyncGenerator<unknown, void, undefined> {
  return takenFrom<unknown>(stream, signal, {
    event: "readable",
    note: () => true,
    take: () => stream.read() as unknown,
  });
}

/** Kept for a reader that is busy; what comes after waits in the stream, and then with the sender. */
const mostWaitingBytes = 256 * 1024;

/**
 * What `parse` makes of a stream's bytes, at each turn all that came since the last one. Whoever reads is woken only for something whole.
 * Else as `readable`.
 */
export function parsed(
  stream: Readable,
  parse: (part: Buffer) => Iterable<Buffer>,
  signal?: AbortSignal,
): AsyncGenerator<readonly Buffer[], void, undefined> {
  let waiting: Buffer[] = [];
  let bytes = 0;
  const note = (part: Buffer): boolean => {
    for (const message of parse(part)) waiting.push(message);
    bytes += part.length;
    if (waiting.length > 0 && bytes >= mostWaitingBytes) stream.pause();
    return waiting.length > 0;
  };
  const take = (): readonly Buffer[] | null => {
    if (waiting.length === 0) {
      if (stream.isPaused()) stream.resume();
      return null;
    }
    const taken = waiting;
    waiting = [];
    bytes = 0;
    return taken;
  };
  return takenFrom(stream, signal, { event: "data", note, take });
}

interface Taking<T> {
  /** What tells that there is something to take. */
  readonly event: "readable" | "data";
  /** Whether there is something to take now. */
  note(part: Buffer): boolean;
  /** null: nothing now. */
  take(): T | null;
}

async function* takenFrom<T>(
  stream: Readable,
  signal: AbortSignal | undefined,
  { event, note, take }: Taking<T>,
): AsyncGenerator<T, void, undefined> {
  let wake: (() => void) | undefined;
  let failure: { readonly thrown: unknown } | undefined;
  const onEvent = (): void => wake?.();
  const onError = (thrown: unknown): void => {
    failure ??= { thrown };
    wake?.();
  };
  const onArrival = (part: Buffer): void => {
    if (failure) return;
    try {
      if (note(part)) wake?.();
    } catch (thrown) {
      onError(thrown);
    }
  };
  stream.on(event, onArrival).on("end", onEvent).on("close", onEvent).on("error", onError);
  signal?.addEventListener("abort", onEvent, { once: true });
  try {
    while (true) {
      if (signal?.aborted) throw signal.reason;
      const taken = take();
      if (taken !== null) {
        yield taken;
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
    stream.off(event, onArrival).off("end", onEvent).off("close", onEvent).off("error", onError);
    signal?.removeEventListener("abort", onEvent);
    // Without a listener for it what comes would be lost.
    if (event === "data" && !stream.readableEnded) stream.pause();
  }
}

function streamClosed(): Problem {
  return new Problem("canceled", "the stream was closed before its end");
}
