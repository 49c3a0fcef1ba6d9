/** What compression some bytes have, told by their first bytes: media types and file names lie. */
import type { Duplex, Readable } from "node:stream";
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

/** The plain content of a stream whose compression its first bytes tell. */
export async function decompressed(source: Readable): Promise<AsyncIterable<Buffer>> {
  const start = await firstBytes(source, 6);
  const compression = detectCompression(start);
  return compression === "none" ? source : pipeThrough(source, decompressor(compression));
}

/** Reads at least `count` bytes, or all, and puts them back. */
async function firstBytes(source: Readable, count: number): Promise<Buffer> {
  let start = Buffer.alloc(0);
  while (start.length < count) {
    if (source.readableEnded) break;
    const chunk = source.read() as Buffer | null;
    if (chunk) start = Buffer.concat([start, chunk]);
    else if (!(await readable(source))) break;
  }
  if (start.length > 0) source.unshift(start);
  return start;
}

/** Resolves when there is something to read; false at the end. */
function readable(source: Readable): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void): void => {
      source.off("readable", onReadable);
      source.off("end", onEnd);
      source.off("error", onError);
      finish();
    };
    const onReadable = (): void => settle(() => resolve(true));
    const onEnd = (): void => settle(() => resolve(false));
    const onError = (thrown: Error): void => settle(() => reject(thrown));
    source.on("readable", onReadable);
    source.on("end", onEnd);
    source.on("error", onError);
  });
}
