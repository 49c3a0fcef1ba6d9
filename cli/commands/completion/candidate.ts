/** What completion speaks of. */
import type { Command, Option } from "commander";
import type { GlobalOptions } from "../../environment.ts";

export interface Candidate {
  readonly word: string;
  /** What it means; "" when that is plain. */
  readonly text: string;
}

export const plain = (word: string): Candidate => ({ word, text: "" });

export interface HalfWritten {
  readonly command: Command;
  /** `rollout undo`. */
  readonly path: string;
  readonly operands: readonly string[];
  /** A flag that waits for its value. */
  readonly pending: Option | undefined;
  readonly global: GlobalOptions;
}
