/**
 * Reads a tar stream as its bytes arrive, with bounded memory: ustar, PAX, GNU long names and sparse files, base-256 numbers.
 * Synchronous: what `push` is given has been handed to the sink when it returns.
 */
import { blockSize, HeaderBlock, invalidTar, isZeroBlock, parseHeader, type TarHeader } from "./header.ts";
import { applyPax, type PaxRecords, parsePax, paxSparse, paxSparseName, paxTime, paxXattrs } from "./pax.ts";
import {
  checkSegments,
  oldGnuSegments,
  SparseCursor,
  SparseMapReader,
  type SparseSegment,
  sparseNumber,
} from "./sparse.ts";

export type TarEntryType = "file" | "hardlink" | "symlink" | "char" | "block" | "directory" | "fifo";

export interface TarEntry {
  readonly type: TarEntryType;
  /** latin1: one character a byte. */
  readonly name: string;
  readonly linkName: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Of the file as it shall be, holes included. */
  readonly size: number;
  readonly mtime: { readonly seconds: number; readonly nanoseconds: number };
  readonly major: number;
  readonly minor: number;
  readonly xattrs: ReadonlyMap<string, Buffer>;
}

export interface TarSink {
  onEntry(entry: TarEntry): void;
  /** Bytes of the last entry at `offset` in the file. The buffer is only valid during the call. */
  onData(data: Buffer, offset: number): void;
  /** The last entry is whole. */
  onEntryEnd(): void;
}

export interface TarLimits {
  readonly maxEntries: number;
  /** Of one PAX header or long name. */
  readonly maxMetadataBytes: number;
}

const defaultTarLimits: TarLimits = { maxEntries: 4_000_000, maxMetadataBytes: 1024 * 1024 };

const types: Readonly<Record<string, TarEntryType>> = {
  "0": "file",
  "1": "hardlink",
  "2": "symlink",
  "3": "char",
  "4": "block",
  "5": "directory",
  "6": "fifo",
  "7": "file",
  S: "file",
};
const emptyPax: PaxRecords = new Map();

/** What the bytes at hand belong to. */
type State =
  | { readonly kind: "header" }
  | { readonly kind: "metadata"; readonly typeFlag: string; readonly chunks: Buffer[]; left: number }
  | {
      readonly kind: "data";
      left: number;
      offset: number;
      readonly padding: number;
      readonly cursor: SparseCursor | undefined;
    }
  | { readonly kind: "sparse-map"; readonly reader: SparseMapReader; readonly size: number; readonly realSize: number }
  | {
      readonly kind: "sparse-extension";
      readonly header: TarHeader;
      readonly segments: SparseSegment[];
      readonly realSize: number;
    }
  | { readonly kind: "skip"; left: number }
  | { readonly kind: "end" };

export class TarParser {
  readonly #sink: TarSink;
  readonly #limits: TarLimits;
  #state: State = { kind: "header" };
  #padding = 0;
  readonly #block = new HeaderBlock();
  #blockFill = 0;
  #pax: PaxRecords = emptyPax;
  #longName: string | undefined;
  #longLink: string | undefined;
  #entries = 0;

  constructor(sink: TarSink, limits: TarLimits = defaultTarLimits) {
    this.#sink = sink;
    this.#limits = limits;
  }

  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) at += this.#consume(chunk, at);
  }

  /** The stream has ended. An archive may lack its closing zero blocks, but no entry may be cut. */
  finish(): void {
    const between = this.#state.kind === "header" && this.#blockFill === 0 && this.#padding === 0;
    if (this.#state.kind !== "end" && !between) throw invalidTar("it ends in the middle of an entry");
    if (this.#hasPendingMetadata()) throw invalidTar("it ends after an extended header");
  }

  /** Takes some bytes from `at` on; returns how many. */
  #consume(chunk: Buffer, at: number): number {
    const available = chunk.length - at;
    if (this.#padding > 0) {
      const skipped = Math.min(this.#padding, available);
      this.#padding -= skipped;
      return skipped;
    }
    const state = this.#state;
    switch (state.kind) {
      case "end":
        return available; // padding up to the tape's record size: read, as the digest covers it
      case "skip":
      case "metadata":
      case "data":
        return this.#consumeBytes(state, chunk, at, Math.min(state.left, available));
      case "header":
      case "sparse-map":
      case "sparse-extension":
        return this.#consumeBlock(state, chunk, at);
    }
  }

  #consumeBytes(state: State & { left: number }, chunk: Buffer, at: number, length: number): number {
    const bytes = chunk.subarray(at, at + length);
    state.left -= length;
    if (state.kind === "metadata") state.chunks.push(Buffer.from(bytes));
    if (state.kind === "data") {
      if (state.cursor) state.cursor.write(bytes, (data, offset) => this.#sink.onData(data, offset));
      else this.#sink.onData(bytes, state.offset);
      state.offset += length;
    }
    if (state.left === 0) this.#finishBytes(state);
    return length;
  }

  #finishBytes(state: State & { left: number }): void {
    this.#state = { kind: "header" };
    if (state.kind === "metadata") this.#takeMetadata(state.typeFlag, Buffer.concat(state.chunks));
    if (state.kind === "data") {
      this.#padding = state.padding;
      this.#sink.onEntryEnd();
    }
  }

  #consumeBlock(state: State, chunk: Buffer, at: number): number {
    const length = Math.min(blockSize - this.#blockFill, chunk.length - at);
    chunk.copy(this.#block.bytes, this.#blockFill, at, at + length);
    this.#blockFill += length;
    if (this.#blockFill < blockSize) return length;
    this.#blockFill = 0;
    if (state.kind === "header") this.#takeHeader();
    else if (state.kind === "sparse-map") this.#takeSparseMap(state);
    else if (state.kind === "sparse-extension") this.#takeSparseExtension(state);
    return length;
  }

  #takeHeader(): void {
    if (isZeroBlock(this.#block)) {
      // One zero block is enough: some programs write only one.
      if (this.#hasPendingMetadata()) throw invalidTar("it ends after an extended header");
      this.#state = { kind: "end" };
      return;
    }
    const header = parseHeader(this.#block);
    if (header.size < 0) throw invalidTar("an entry has a negative size");
    if (++this.#entries > this.#limits.maxEntries) {
      throw invalidTar(`it has more than ${this.#limits.maxEntries} entries`);
    }
    if (header.typeFlag === "g")
      this.#skip(header.size); // global headers carry nothing that we need
    else if (["x", "X", "L", "K"].includes(header.typeFlag)) this.#startMetadata(header);
    else this.#startEntry(header);
  }

  #startMetadata(header: TarHeader): void {
    if (header.size > this.#limits.maxMetadataBytes) throw invalidTar(`an extended header has ${header.size} bytes`);
    if (header.size === 0) return;
    this.#state = { kind: "metadata", typeFlag: header.typeFlag, chunks: [], left: header.size };
  }

  #takeMetadata(typeFlag: string, data: Buffer): void {
    this.#padding = paddingOf(data.length);
    if (typeFlag === "L") this.#longName = untilNul(data);
    else if (typeFlag === "K") this.#longLink = untilNul(data);
    else this.#pax = parsePax(data);
  }

  #startEntry(raw: TarHeader): void {
    const isLong = this.#longName !== undefined || this.#longLink !== undefined;
    const long = isLong ? { ...raw, name: this.#longName ?? raw.name, linkName: this.#longLink ?? raw.linkName } : raw;
    const header = this.#pax.size === 0 ? long : applyPax(long, this.#pax);
    if (raw.typeFlag === "S") {
      const segments = [...oldGnuSegments(this.#block.bytes, 386, 4)];
      const realSize = sparseNumber(this.#block.bytes, 483);
      if (this.#block.bytes[482]) this.#state = { kind: "sparse-extension", header, segments, realSize };
      else this.#startSparse(header, segments, realSize);
      return;
    }
    const sparse = this.#pax.size === 0 ? undefined : paxSparse(this.#pax);
    if (sparse) {
      const named = { ...header, name: paxSparseName(this.#pax) ?? header.name };
      if (sparse.segments) this.#startSparse(named, sparse.segments, sparse.realSize);
      else {
        this.#emit(named, sparse.realSize);
        this.#state = {
          kind: "sparse-map",
          reader: new SparseMapReader(),
          size: header.size,
          realSize: sparse.realSize,
        };
      }
      return;
    }
    const type = types[header.typeFlag];
    // v7 tar had no directory type: a trailing slash says it. Link entries may carry a size without data.
    const isDirectory = type === "directory" || (type === "file" && header.name.endsWith("/"));
    if (type === undefined || type !== "file" || isDirectory) {
      if (type !== undefined) this.#emit({ ...header, typeFlag: isDirectory ? "5" : header.typeFlag }, 0);
      else this.#forgetMetadata();
      if (type !== undefined) this.#sink.onEntryEnd();
      this.#skip(hasNoData(type) ? 0 : header.size);
      return;
    }
    this.#emit(header, header.size);
    this.#startData(header.size, undefined);
  }

  #startSparse(header: TarHeader, segments: readonly SparseSegment[], realSize: number): void {
    checkSegments(segments, realSize, header.size);
    this.#emit({ ...header, typeFlag: "0" }, realSize);
    this.#startData(header.size, new SparseCursor(segments));
  }

  #takeSparseExtension(state: State & { kind: "sparse-extension" }): void {
    state.segments.push(...oldGnuSegments(this.#block.bytes, 0, 21));
    if (state.segments.length > 1_000_000) throw invalidTar("a sparse map is too long");
    if (this.#block.bytes[504]) return;
    this.#startSparse(state.header, state.segments, state.realSize);
  }

  #takeSparseMap(state: State & { kind: "sparse-map" }): void {
    const map = state.reader.push(this.#block.bytes);
    if (!map) return;
    const left = state.size - map.bytes;
    if (left < 0) throw invalidTar("a sparse map is larger than its file");
    checkSegments(map.segments, state.realSize, left);
    this.#startData(left, new SparseCursor(map.segments));
  }

  #startData(size: number, cursor: SparseCursor | undefined): void {
    if (size === 0) {
      this.#state = { kind: "header" };
      this.#sink.onEntryEnd();
      return;
    }
    this.#state = { kind: "data", left: size, offset: 0, padding: paddingOf(size), cursor };
  }

  #emit(header: TarHeader, size: number): void {
    const mtime = paxTime(this.#pax) ?? { seconds: header.mtime, nanoseconds: 0 };
    const xattrs = paxXattrs(this.#pax);
    this.#forgetMetadata();
    const type = types[header.typeFlag] ?? "file";
    const { name, linkName, mode, uid, gid, major, minor } = header;
    this.#sink.onEntry({ type, name, linkName, mode, uid, gid, size, mtime, major, minor, xattrs });
  }

  #skip(size: number): void {
    const left = size + paddingOf(size);
    this.#state = left === 0 ? { kind: "header" } : { kind: "skip", left };
  }

  #forgetMetadata(): void {
    this.#pax = emptyPax;
    this.#longName = undefined;
    this.#longLink = undefined;
  }

  #hasPendingMetadata(): boolean {
    return this.#pax.size > 0 || this.#longName !== undefined || this.#longLink !== undefined;
  }
}

/** Links, devices and fifos have no data whatever their size field says; directories of old programs might. */
function hasNoData(type: TarEntryType | undefined): boolean {
  return (
    type === "hardlink" ||
    type === "symlink" ||
    type === "char" ||
    type === "block" ||
    type === "fifo" ||
    type === "directory"
  );
}

function paddingOf(size: number): number {
  return (blockSize - (size % blockSize)) % blockSize;
}

function untilNul(data: Buffer): string {
  const end = data.indexOf(0);
  return data.toString("latin1", 0, end < 0 ? data.length : end);
}
