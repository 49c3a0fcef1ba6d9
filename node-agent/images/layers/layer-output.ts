/** Where a layer is written to while its archive streams in. What stands where is decided elsewhere: names arrive resolved. */

import type { Attributes } from "./attributes.ts";
import type { LayerTree, LeafNode } from "./layer-tree.ts";

export type SpecialType = "symlink" | "char" | "block" | "fifo";

export interface Special extends Attributes {
  readonly type: SpecialType;
  /** latin1, as names are. */
  readonly linkName: string;
  readonly major: number;
  readonly minor: number;
}

/** Names are relative paths, latin1: one character a byte. */
export interface LayerOutput {
  /** A regular file follows; its data, then `endFile`. */
  startFile(name: string, size: number, attributes: Attributes): void;
  /** Offsets grow; what is left out is a hole. The buffer is only valid during the call. */
  writeFile(data: Buffer, offset: number): void;
  endFile(leaf: LeafNode): void;
  makeSpecial(name: string, leaf: LeafNode, special: Special): void;
  /** One more name for what is at `target` already. */
  makeLink(name: string, target: string, leaf: LeafNode): void;
  makeDirectory(name: string): void;
  /** The archive replaces what it put there before, with all that is below. */
  remove(name: string): void;
  /** Attributes of directories, whiteouts and marks: known only now. All of it is written when it returns; a storage that adopts it has it on the disk. */
  finish(tree: LayerTree, record: RecordStart): void;
  /** Closes what is open. What was written is left to the caller. Idempotent. */
  abandon(): void;
}

/** What the record of the layer says, as far as it is known to all outputs. */
export interface RecordStart {
  readonly diffId: string;
  readonly sizeBytes: number;
  readonly entries: number;
  readonly implicitDirectories: readonly string[];
}
