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

const chunkBytes = 128 * 1024;

function decompressor(compression: Exclude<Compression, "none">): Duplex {
  return compression === "gzip"
    ? createGunzip({ chunkSize: chunkBytes })
    : createZstdDecompress({ chunkSize: chunkBytes });
}

/** As `pipe`, but errors of the source reach the reader, and a reader that leaves ends the source. */
function pipeThrough(source: Readable, target: Duplex): Readable {
  source.on("error", (thrown) => target.destroy(thrown));
  target.on("close", () => source.destroy());
  return source.pipe(target);
}

/** The plain content of a stream whose compression its first bytes tell. The signal ends even a read that never returns. */
export async function decompressed(
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<AsyncIterable<Buffer>> {
  const iterator = source[Symbol.asyncIterator]();
  let start = Buffer.alloc(0);
  while (start.length < longestMagic) {
    const next = await nextUnlessAborted(iterator, signal);
    if (next.done) break;
    start = Buffer.concat([start, next.value]);
  }
  const compression = detectCompression(start);
  const whole = resumed(start, iterator, signal);
  if (compression === "none") return whole;
  return pipeThrough(Readable.from(whole, { objectMode: false }), decompressor(compression));
}

/** Bytes that tell what it is. */
export const longestMagic = 6;

async function* resumed(
  start: Buffer,
  iterator: AsyncIterator<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  try {
    if (start.length > 0) yield start;
    for (;;) {
      const next = await nextUnlessAborted(iterator, signal);
      if (next.done) return;
      yield Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
    }
  } finally {
    // Not awaited: a source that is stuck in a read would never let us go.
    void iterator.return?.()?.catch(() => undefined);
  }
}

function nextUnlessAborted<T>(iterator: AsyncIterator<T>, signal: AbortSignal): Promise<IteratorResult<T>> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(Problem.from(signal.reason));
    if (signal.aborted) {
      onAbort();
      return;
    }
    signal.addEventListener("abort", onAbort, { once: true });
    iterator
      .next()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener("abort", onAbort));
  });
}
