/** Everything a command may touch of the world outside. main.ts builds it; tests build their own. */
import type { Clock } from "#proto/kit/clock.ts";

export interface Output {
  write(text: string | Uint8Array): void;
  /** Resolves when what was written so far may be followed by more (backpressure). */
  drained(): Promise<void>;
  readonly isTerminal: boolean;
  readonly columns: number;
  /** Of the terminal now; undefined when it is none. */
  size(): WindowSize | undefined;
  /** Calls `handler` when the terminal changes its size, until the returned function is called. */
  onResize(handler: () => void): () => void;
}

export interface Input extends AsyncIterable<Uint8Array> {
  readonly isTerminal: boolean;
  /** Raw: each key as it is pressed, Ctrl-C too, and nothing echoed. For terminals only. */
  setRaw(raw: boolean): void;
}

export interface WindowSize {
  readonly rows: number;
  readonly columns: number;
}

export interface Environment {
  readonly out: Output;
  readonly err: Output;
  readonly input: Input;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly homeDirectory: string;
  readonly workingDirectory: string;
  /** Directory of the installed programs (holds bin/ and lib/). */
  readonly programs: string;
  readonly clock: Clock;
  /** Aborts on Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  /**
   * Until the returned function is called Ctrl-C and SIGTERM go to `handler` instead; the third of them aborts `signal` all the same.
   */
  onStopSignal(handler: (name: "SIGINT" | "SIGTERM") => void): () => void;
  readonly color: boolean;
  /** The exit code that a command leaves; 0 unless it says otherwise. */
  setExitCode(code: number): void;
}

/** Flags that every command has. */
export interface GlobalOptions {
  readonly config?: string;
  readonly context?: string;
  readonly namespace?: string;
  readonly requestTimeoutMs: number;
  /** When a watch ends. Undefined, as without `--request-timeout`: never. */
  readonly watchTimeoutMs?: number;
}
