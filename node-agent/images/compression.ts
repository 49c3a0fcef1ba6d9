/** What compression some bytes have, told by their first bytes: media types and file names lie. */
import { type Duplex, Readable } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { Problem } from "#proto/kit/problem.ts";

export type Compression = "none" | "gzip" | "zstd";

/** Problem `unsupported` for formats that no image may have. `start` is the first six bytes, or all when there are fewer. */
export function detectCompression(start: Uint8Array): Compression {
  const hex = Buffer.from(start.subarray(0, 6)).toString("hex");
  if (hex.startsWith("1f8b")) return "gzip";
  // A zstd frame, or a skippable frame before it (0x184D2A50 to 5F, little endian).
  if (hex.startsWith("28b52ffd") || /^5[0-9a-f]2a4d18/.test(hex)) return "zstd";
  if (hex.startsWith("425a68")) throw unsupported("bzip2");
  if (hex.startsWith("fd377a585a00")) throw unsupported("xz");
  return "none";
}

function unsupported(name: string): Problem {
  return new Problem("unsupported", `the archive is compressed with ${name}; gzip, zstd and plain tar are supported`);
}

const chunkBytes = 1024 * 1024;

export function decompressor(compression: Exclude<Compression, "none">): Duplex {
  return compression === "gzip"
    ? createGunzip({ chunkSize: chunkBytes })
    : createZstdDecompress({ chunkSize: chunkBytes });
}

/** As `pipe`, but errors of the source reach the reader, and a reader that leaves ends the source. */
export function pipeThrough(source: Readable, target: Duplex): Readable {
  source.on("error", (thrown) => target.destroy(thrown));
  target.on("close", () => source.destroy());
  return source.pipe(target);
}

/** The plain content of a stream whose compression its first bytes tell. Rejects as soon as the signal aborts. */
export async function decompressed(
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<AsyncIterable<Buffer>> {
  const iterator = source[Symbol.asyncIterator]();
  let start = Buffer.alloc(0);
  while (start.length < longestMagic) {
    const next = await iterator.next();
    if (next.done) break;
    start = Buffer.concat([start, next.value]);
  }
  const compression = detectCompression(start);
  const whole = Readable.from(resumed(start, iterator), { objectMode: false, signal });
  return compression === "none" ? whole : pipeThrough(whole, decompressor(compression));
}

const longestMagic = 6;

async function* resumed(start: Buffer, iterator: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (start.length > 0) yield start;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}
