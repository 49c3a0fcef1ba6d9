/**
 * Tells when a process that is not our child has ended, by event: a pidfd becomes readable then. Node can wait for such a descriptor
 * only through its internal pipe handle; where that is gone nobody is told.
 */
import { closeSync } from "node:fs";
import type { Clock } from "#proto/kit/clock.ts";
import { pipeBinding } from "./pipe-handle.ts";
import { isRunning, openProcess, type ProcessIdentity } from "./processes.ts";

/** Calls `onExit` once, soon after the process has ended (at once when it is not there any more). Returns how to stop. */
export async function watchExit(target: ProcessIdentity, onExit: () => void): Promise<() => void> {
  const binding = pipeBinding();
  const fd = openProcess(target.pid);
  if (fd === undefined || !(await isRunning(target))) {
    if (fd !== undefined) closeSync(fd);
    onExit();
    return () => undefined;
  }
  if (!binding) {
    closeSync(fd);
    return () => undefined;
  }
  const handle = new binding.Pipe(binding.constants.SOCKET);
  let isClosed = false;
  const close = (): void => {
    if (isClosed) return;
    isClosed = true;
    handle.close(); // and the descriptor with it
  };
  handle.onread = () => {
    close();
    onExit();
  };
  handle.unref();
  if (handle.open(fd) !== 0 || handle.readStart() !== 0) close();
  return close;
}

/** Waits for the end of a process that is not our child. False when it still ran after so long. */
export async function endsWithin(target: ProcessIdentity, timeoutMs: number, clock: Clock): Promise<boolean> {
  const ended = Promise.withResolvers<void>();
  const stop = await watchExit(target, ended.resolve);
  const timer = clock.after(timeoutMs, ended.resolve);
  await ended.promise;
  timer.cancel();
  stop();
  return !(await isRunning(target));
}
