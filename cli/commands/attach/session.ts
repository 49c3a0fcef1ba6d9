/** Carries keys, sizes and signals to a container and its output here, until it ends or the user leaves it. */
import type { FrameStream } from "../../client/frame-stream.ts";
import type { Environment } from "../../environment.ts";
import { DetachKeys } from "./detach-keys.ts";

export interface SessionOptions {
  /** Standard input goes there. */
  readonly stdin: boolean;
  /** A terminal there is ours: keys go there as they are pressed. */
  readonly terminal: boolean;
  /** Ctrl-C and SIGTERM go to the container's process; the third of them ends us all the same. */
  readonly passSignals: boolean;
  readonly detachKeys: Buffer;
  /** The container is there: what it was made with. */
  readonly onReady?: (container: { readonly terminal: boolean; readonly stdin: boolean }) => void;
}

const signalNumbers = { SIGINT: 2, SIGTERM: 15 } as const;

/** True when the user has left with the detach keys; else `stream.outcome` says how the container ended. */
export async function carrySession(
  stream: FrameStream,
  options: SessionOptions,
  environment: Environment,
): Promise<boolean> {
  const { input } = environment;
  const undo: (() => void)[] = [];
  let hasLeft = false;
  stream.onReady = (container) => {
    options.onReady?.(container);
    const isRaw = options.terminal && container.terminal;
    if (isRaw) undo.push(followSize(stream, environment));
    if (isRaw && options.stdin && input.isTerminal) {
      input.setRaw(true);
      undo.push(() => input.setRaw(false));
    } else if (options.passSignals) {
      undo.push(environment.onStopSignal((name) => void stream.signal(signalNumbers[name]).catch(() => undefined)));
    }
    if (!options.stdin) return;
    void pumpInput(stream, environment, isRaw ? new DetachKeys(options.detachKeys) : undefined).then((left) => {
      hasLeft = left;
      if (left) stream.close();
    });
  };
  try {
    await printStream(stream, environment);
  } catch (thrown) {
    if (!hasLeft) throw thrown;
  } finally {
    for (const each of undo) each();
  }
  return hasLeft;
}

export async function printStream(stream: FrameStream, { out, err }: Pick<Environment, "out" | "err">): Promise<void> {
  for await (const part of stream.data()) {
    const target = part.stream === "err" ? err : out;
    target.write(part.bytes);
    await target.drained();
  }
}

/** The terminal there follows the size of ours, until the returned function is called. */
export function followSize(stream: FrameStream, { out }: Pick<Environment, "out">): () => void {
  return out.onResize(() => {
    const size = out.size();
    // A size that cannot be told any more is of no use.
    if (size) stream.resize(size.rows, size.columns).catch(() => undefined);
  });
}

/** Standard input towards the container until it ends; the container's end stops it too. True when the user left with `keys`. */
export async function pumpInput(
  stream: FrameStream,
  { input }: Pick<Environment, "input">,
  keys?: DetachKeys,
): Promise<boolean> {
  try {
    for await (const chunk of input) {
      const taken = keys?.take(chunk);
      await stream.write(taken?.onward ?? chunk);
      if (taken?.hasLeft) return true;
    }
    await stream.endInput();
  } catch {
    // The container ended first: its outcome is what counts.
    stream.close();
  }
  return false;
}

/** A terminal there needs one here. */
export function wantsTerminal(
  { tty, stdin }: { readonly tty?: boolean; readonly stdin?: boolean },
  { input, err }: Pick<Environment, "input" | "err">,
): boolean {
  if (!tty) return false;
  if (!stdin || input.isTerminal) return true;
  err.write("Standard input is no terminal: going on without one there, as without -t.\n");
  return false;
}
