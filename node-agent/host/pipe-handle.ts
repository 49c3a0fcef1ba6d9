/** Node's internal pipe handle: the one way to wait for a file descriptor that Node has no class for. Used in this folder only. */

export interface PipeHandle {
  open(fd: number): number;
  readStart(): number;
  close(): void;
  unref(): void;
  /** Without data at the end, and when reading fails. */
  onread: (data?: ArrayBuffer) => void;
}

export interface PipeBinding {
  readonly Pipe: new (type: number) => PipeHandle;
  readonly constants: { readonly SOCKET: number };
}

/** Undefined where it is gone. */
export function pipeBinding(): PipeBinding | undefined {
  const { binding } = process as unknown as { readonly binding?: (name: string) => unknown };
  try {
    const found = binding?.call(process, "pipe_wrap") as Partial<PipeBinding> | undefined;
    return found?.Pipe && found.constants ? (found as PipeBinding) : undefined;
  } catch {
    return undefined;
  }
}
