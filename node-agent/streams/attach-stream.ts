/** attach: the streams of a container's own process, from now on or from its first byte; its exit code at the end. */
import { type Clock, sleep } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Listeners } from "../reconciler/listeners.ts";
import { containerId } from "../runtime/container-id.ts";
import type { AttachSession, ContainerRuntime, ContainerStreams } from "../runtime/container-runtime.ts";
import { type FrameStream, windowSize } from "./frame-stream.ts";
import { OutputRelay } from "./output-relay.ts";
import { containersOf, type FindRecord, findContainer, runningId } from "./pod-lookup.ts";
import type { StreamServer, StreamTarget } from "./serve-stream.ts";

export interface AttachParts {
  readonly runtime: ContainerRuntime;
  readonly find: FindRecord;
  readonly listeners: Listeners;
  readonly clock: Clock;
}

const maxWaitMs = 60 * 60_000;
const exitTimeoutMs = 10_000;
const highestSignal = 64;

interface Attached {
  readonly id: string;
  readonly session: AttachSession;
  readonly streams: ContainerStreams;
}

export function attachServer(parts: AttachParts): StreamServer {
  return async (target, stream, signal) => {
    const created = Promise.withResolvers<void>();
    const listener = parts.listeners.join(target.podUid ?? "", target.container ?? "", created.resolve);
    try {
      const attached = await attach(target, parts, created.promise, signal);
      const onAbort = (): void => attached.session.close();
      signal.addEventListener("abort", onAbort, { once: true });
      try {
        await introduce(attached, target, stream);
        listener.attached();
        return await serve(attached, target, stream, parts);
      } finally {
        signal.removeEventListener("abort", onAbort);
        attached.session.close();
      }
    } finally {
      listener.leave();
    }
  };
}

/** At once, or when the container is made, if the client waits for that. */
async function attach(
  target: StreamTarget,
  parts: AttachParts,
  created: Promise<void>,
  signal: AbortSignal,
): Promise<Attached> {
  const waitMs = Math.min(Number(target.attach?.waitMs ?? 0), maxWaitMs);
  if (waitMs > 0 && !(await isThere(target, parts))) {
    const isMade = await within(
      waitMs,
      created.then(() => true),
      parts.clock,
      signal,
    );
    if (!isMade) throw new Problem("timeout", `container ${target.container} was not made within ${waitMs / 1000} s`);
  }
  const found = findContainer(target, parts.find);
  const { record, name, known } = found;
  const isMade = waitMs > 0 && !known.ended;
  const id = isMade ? containerId({ podUid: record.uid, name, attempt: known.attempt }) : runningId(found);
  const container = containersOf(record.pod).find((one) => one.name === name);
  const streams = { terminal: container?.tty ?? false, stdin: container?.stdin ?? false };
  return { id, streams, session: await parts.runtime.attach(id, streams) };
}

/** Made, and not just being made: then nobody listens yet. */
async function isThere(target: StreamTarget, { find, runtime }: AttachParts): Promise<boolean> {
  const known = find(target.podUid ?? "")?.containers[target.container ?? ""];
  if (!known || known.attempt < 0) return false;
  if (known.started) return true;
  const id = containerId({ podUid: target.podUid ?? "", name: target.container ?? "", attempt: known.attempt });
  return (await runtime.inspect(id))?.pid !== undefined;
}

/**
 * The client must be ready for what comes, and the terminal as large as the client's, before a container starts. A full-screen program
 * that runs already draws itself anew when its terminal changes, so it does in any case.
 */
async function introduce({ session, streams }: Attached, target: StreamTarget, stream: FrameStream): Promise<void> {
  await stream.ready(streams);
  const size = windowSize(target.attach?.size ?? {});
  if (!size) return;
  if (!target.attach?.waitMs) await session.resize(size.rows + 1, size.columns);
  await session.resize(size.rows, size.columns);
}

async function serve(
  { id, session, streams }: Attached,
  target: StreamTarget,
  stream: FrameStream,
  parts: AttachParts,
): Promise<{ readonly exitCode: number }> {
  const { stdin = false, hold = false } = target.attach ?? {};
  const nobody = (): undefined => undefined; // the container may have ended
  stream.onResize(({ rows, columns }) => void session.resize(rows, columns).catch(nobody));
  stream.onSignal((signal) => {
    if (signal >= 1 && signal <= highestSignal) parts.runtime.kill(id, signal).catch(nobody);
  });
  if (stdin) void feed(stream, session).catch(nobody);
  await new OutputRelay(session, stream, { waits: hold ?? false, terminal: streams.terminal }).run();
  stream.signal.throwIfAborted();
  return { exitCode: await exitCodeOf(id, target, parts, stream.signal) };
}

/** At the process's pace: what it does not take, the client keeps. */
async function feed(stream: FrameStream, session: AttachSession): Promise<void> {
  for await (const chunk of stream.input()) await session.write(chunk);
  session.endInput();
}

/** Undefined when it takes longer. */
async function within<T>(ms: number, wanted: Promise<T>, clock: Clock, signal: AbortSignal): Promise<T | undefined> {
  const over = new AbortController();
  const late = sleep(clock, ms, AbortSignal.any([signal, over.signal])).then(() => undefined);
  try {
    return await Promise.race([wanted, late]);
  } finally {
    over.abort();
  }
}

/** conmon ends its connections a moment before it notes the exit code, and the container may be removed right after that. */
async function exitCodeOf(id: string, target: StreamTarget, parts: AttachParts, signal: AbortSignal): Promise<number> {
  const ended = Promise.withResolvers<number | undefined>();
  const look = async (): Promise<void> => {
    const observation = await parts.runtime.inspect(id);
    const recorded = parts.find(target.podUid ?? "")?.containers[target.container ?? ""];
    const last = [recorded?.ended, recorded?.previous].find((one) => one?.containerId === id);
    const code = observation?.exitCode ?? last?.exitCode;
    if (code !== undefined || !observation) ended.resolve(code);
  };
  const stop = parts.runtime.onExit((exited) => {
    if (exited === id) look().catch(ended.reject);
  });
  try {
    look().catch(ended.reject);
    const code = await within(exitTimeoutMs, ended.promise, parts.clock, signal);
    if (code !== undefined) return code;
    throw new Problem("unavailable", "the container's output has ended, but not how the container ended", {
      hint: `See: orchctl get pod ${target.pod} -o yaml`,
    });
  } finally {
    stop();
  }
}
