/**
 * The plain content of a blob as it is read: inflated by the library that the machine has for it, one piece ahead of its reader, else by
 * Node's streams.
 */
import type { IsaLibrary } from "../../host/libisal.ts";
import { decompressed, detectCompression, longestMagic } from "../compression.ts";
import { GzipInflater } from "../gzip-inflater.ts";
import { oneAhead } from "./one-ahead.ts";

/** Takes pieces that are valid until the next one is asked for, and gives such pieces. */
export async function* plainContent(
  raw: AsyncGenerator<Buffer>,
  library: IsaLibrary | undefined,
): AsyncGenerator<Buffer> {
  const [start, rest] = await splitStart(raw);
  const compression = detectCompression(start);
  if (compression === "none") yield* rest;
  else if (compression === "gzip" && library) yield* oneAhead(new GzipInflater(library).inflate(rest));
  else yield* await decompressed(copied(rest), new AbortController().signal);
}

/** Enough to tell what it is, and all of it. */
async function splitStart(
  raw: AsyncGenerator<Buffer>,
): Promise<readonly [start: Buffer, whole: AsyncGenerator<Buffer>]> {
  let start = Buffer.alloc(0);
  while (start.length < longestMagic) {
    const next = await raw.next();
    if (next.done) break;
    start = Buffer.concat([start, next.value]);
  }
  return [start, whole(start, raw)];
}

async function* whole(start: Buffer, raw: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  if (start.length > 0) yield start;
  yield* raw;
}

/** Streams hold several pieces at a time. */
async function* copied(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const piece of pieces) yield Buffer.from(piece);
}
