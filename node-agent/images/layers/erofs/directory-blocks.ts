/** The entries of one EROFS directory: blocks of fixed records, their names behind them, sorted by bytes through all blocks. */
import { Blocks, blockBytes } from "./format.ts";

export interface DirectoryEntry {
  /** latin1: one character a byte. */
  readonly name: string;
  readonly nid: number;
  readonly type: number;
}

const recordBytes = 12;

/** Bytes that the entries take: whole blocks, and the part of the last one that is used. The names are in order. */
export function directoryBytes(names: readonly string[]): number {
  let blocks = 0;
  let used = 0;
  for (const name of names) {
    const need = recordBytes + name.length;
    if (used + need > blockBytes) {
      blocks += 1;
      used = 0;
    }
    used += need;
  }
  return blocks * blockBytes + used;
}

/** Calls `put` with each block; the last one is cut after its last name. */
export function encodeDirectory(entries: readonly DirectoryEntry[], put: (block: Buffer) => void): void {
  let start = 0;
  let used = 0;
  for (let at = 0; at <= entries.length; at++) {
    const entry = entries[at];
    const need = entry ? recordBytes + entry.name.length : 0;
    if (entry && used + need <= blockBytes) {
      used += need;
      continue;
    }
    put(encodeBlock(entries, start, at, entry ? blockBytes : used));
    start = at;
    used = need;
  }
}

function encodeBlock(entries: readonly DirectoryEntry[], start: number, end: number, length: number): Buffer {
  const { bytes, words } = new Blocks(length);
  let nameAt = (end - start) * recordBytes;
  for (let at = start; at < end; at++) {
    const entry = entries[at];
    if (!entry) break;
    const word = ((at - start) * recordBytes) / 4;
    words[word] = entry.nid; // the low half
    words[word + 1] = Math.floor(entry.nid / 2 ** 32);
    words[word + 2] = nameAt | (entry.type << 16);
    bytes.write(entry.name, nameAt, "latin1");
    nameAt += entry.name.length;
  }
  return bytes;
}
