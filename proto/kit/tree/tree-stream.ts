/** Files and directories as one stream of bytes; its form is told in proto/schema/stream.proto (copy). */
import { orch } from "../../wire/generated/messages/stream.js";
import { Problem } from "../problem.ts";

const lengthBytes = 4;
const maxEntryBytes = 64 * 1024;
/** The most that one piece of content may have. */
export const maxPieceBytes = 256 * 1024;

export interface TreeEntry {
  /** From the root of the tree, which is the empty path. */
  readonly path: Buffer;
  readonly type: "file" | "directory" | "link";
  /** Permission bits. */
  readonly mode: number;
  readonly modifiedMs: number;
  readonly linkTarget: Buffer | undefined;
}

const types = ["file", "directory", "link"] as const;
const nothing = Buffer.alloc(lengthBytes);

export function encodeEntry(entry: TreeEntry): Buffer {
  const message = orch.v1.TreeEntry.encode({
    path: entry.path,
    type: types.indexOf(entry.type) + 1,
    mode: entry.mode,
    modifiedMs: entry.modifiedMs,
    ...(entry.linkTarget && { linkTarget: entry.linkTarget }),
  }).finish();
  return withLength(message);
}

/** A piece of a file's content; at most `maxPieceBytes`, at least one byte. */
export const encodePiece = (piece: Uint8Array): Buffer => withLength(piece);

/** Ends a file's content, and the whole tree. */
export const encodeEnd = (): Buffer => Buffer.from(nothing);

function withLength(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** Reads a tree. Each entry's content must be read before the next entry is asked for. Problem `invalid` for what is none. */
export class TreeReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #buffer: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Undefined at the end of the tree. */
  async entry(): Promise<TreeEntry | undefined> {
    const bytes = await this.#message(maxEntryBytes);
    if (!bytes) return undefined;
    const { path, type, mode, modifiedMs, linkTarget } = decoded(bytes);
    const name = types[type - 1];
    if (name === undefined) throw broken();
    const target = name === "link" ? Buffer.from(linkTarget) : undefined;
    return {
      path: Buffer.from(path),
      type: name,
      mode: mode & 0o7777,
      modifiedMs: Number(modifiedMs),
      linkTarget: target,
    };
  }

  async *content(): AsyncGenerator<Uint8Array, void, undefined> {
    while (true) {
      const piece = await this.#message(maxPieceBytes);
      if (!piece) return;
      yield piece;
    }
  }

  /** Undefined for the empty one. */
  async #message(maxBytes: number): Promise<Buffer | undefined> {
    const length = (await this.#take(lengthBytes)).readUInt32BE(0);
    if (length > maxBytes) throw broken();
    return length === 0 ? undefined : this.#take(length);
  }

  async #take(bytes: number): Promise<Buffer> {
    const parts = [this.#buffer];
    let have = this.#buffer.length;
    while (have < bytes) {
      const { value, done } = await this.#source.next();
      if (done) throw new Problem("unavailable", "the connection ended before everything was copied");
      parts.push(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
      have += value.length;
    }
    const all = parts.length === 1 ? this.#buffer : Buffer.concat(parts, have);
    this.#buffer = all.subarray(bytes);
    return all.subarray(0, bytes);
  }
}

function decoded(bytes: Buffer): orch.v1.TreeEntry {
  try {
    return orch.v1.TreeEntry.decode(bytes);
  } catch (thrown) {
    throw new Problem("invalid", "what came is no tree of files", { cause: thrown });
  }
}

const broken = (): Problem => new Problem("invalid", "what came is no tree of files");
