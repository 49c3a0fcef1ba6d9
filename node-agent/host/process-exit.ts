/**
 * Tells when a process that is not our child has ended, by event: a pidfd becomes readable then. Node can wait for such a descriptor
 * only through its internal pipe handle, so this module alone touches it; where that is gone nobody is told.
 */
import { closeSync } from "node:fs";
import { isRunning, openProcess, type ProcessIdentity } from "./processes.ts";

/** The part of Node's pipe_wrap that is used. */
interface PipeHandle {
  open(fd: number): number;
  readStart(): number;
  close(): void;
  unref(): void;
  onread: () => void;
}

interface PipeBinding {
  readonly Pipe: new (type: number) => PipeHandle;
  readonly constants: { readonly SOCKET: number };
}

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

function pipeBinding(): PipeBinding | undefined {
  const { binding } = process as unknown as { readonly binding?: (name: string) => unknown };
  try {
    const found = binding?.call(process, "pipe_wrap") as Partial<PipeBinding> | undefined;
    return found?.Pipe && found.constants ? (found as PipeBinding) : undefined;
  } catch {
    return undefined;
  }
}
