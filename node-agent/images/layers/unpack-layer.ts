/** Unpacks one blob into one directory: read, decompress, hash, parse, write. Runs in a worker process. */
import { createHash } from "node:crypto";
import { closeSync, createReadStream, mkdirSync, openSync, readSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import { diskProblem } from "../../host/disk-problem.ts";
import { syncFilesystem } from "../../host/syscalls.ts";
import { decompressor, detectCompression, pipeThrough } from "../compression.ts";
import { TarParser } from "../tar/parser.ts";
import type { LayerRecord } from "./layer-store.ts";
import { LayerWriter } from "./layer-writer.ts";

export interface UnpackJob {
  readonly blobPath: string;
  readonly diffId: string;
  /** Must not exist. Gets `fs/` with the tree and `layer.json`. */
  readonly directory: string;
  readonly maxBytes: number;
}

const chunkBytes = 1024 * 1024;

/** Everything is on the disk when it returns. `isCanceled` is asked between chunks. On failure the directory is left to the caller. */
export async function unpackLayer(job: UnpackJob, isCanceled: () => boolean = () => false): Promise<LayerRecord> {
  const root = join(job.directory, "fs");
  mkdirSync(job.directory, { mode: 0o700 });
  mkdirSync(root, { mode: 0o755 });
  const writer = new LayerWriter({ root, maxBytes: job.maxBytes });
  const parser = new TarParser(writer);
  const hash = createHash("sha256");
  const maxStreamBytes = job.maxBytes * 2 + chunkBytes; // headers and padding count too
  let streamed = 0;
  try {
    for await (const chunk of openBlob(job.blobPath)) {
      if (isCanceled()) throw new Problem("canceled", "unpacking was canceled");
      const bytes = chunk as Buffer;
      streamed += bytes.length;
      if (streamed > maxStreamBytes) throw new Problem("too-large", `the layer is larger than ${job.maxBytes} bytes`);
      hash.update(bytes);
      parser.push(bytes);
    }
    parser.finish();
  } catch (thrown) {
    writer.abandon();
    throw unpackProblem(thrown);
  }
  const diffId = `sha256:${hash.digest("hex")}`;
  if (diffId !== job.diffId) {
    throw new Problem("invalid", `the layer's content is ${diffId}, but the image names ${job.diffId}`);
  }
  const record: LayerRecord = { diffId, ...writer.finish() };
  writeFileSync(join(job.directory, "layer.json"), JSON.stringify(record), { mode: 0o600 });
  syncFilesystem(job.directory);
  return record;
}

function openBlob(path: string): AsyncIterable<unknown> {
  const start = Buffer.alloc(6);
  const fd = openSync(path, "r");
  let length = 0;
  try {
    length = readSync(fd, start, 0, start.length, 0);
  } finally {
    closeSync(fd);
  }
  const raw = createReadStream(path, { highWaterMark: chunkBytes });
  const compression = detectCompression(start.subarray(0, length));
  return compression === "none" ? raw : pipeThrough(raw, decompressor(compression));
}

function unpackProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  const code = errnoOf(thrown);
  if (code?.startsWith("Z_") || code?.startsWith("ZSTD_") || code?.startsWith("ERR_ZSTD")) {
    return new Problem("invalid", `the layer cannot be decompressed: ${code}`, { cause: thrown });
  }
  return diskProblem(thrown, "unpack the layer");
}
