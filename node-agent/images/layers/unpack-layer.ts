/** Unpacks one blob into one place: read, decompress, hash, parse, write. Runs in a worker process. */
import { createHash } from "node:crypto";
import { closeSync, createReadStream, fstatSync, openSync, readSync } from "node:fs";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import { diskProblem } from "../../host/disk-problem.ts";
import { decompressed, decompressor, detectCompression, pipeThrough } from "../compression.ts";
import { TarParser } from "../tar/parser.ts";
import { Arrival, readArriving } from "./arriving-blob.ts";
import { ErofsOutput } from "./erofs/erofs-output.ts";
import { diskIsFull, LayerBuilder } from "./layer-builder.ts";
import type { LayerOutput } from "./layer-output.ts";

export type LayerFormat = "erofs" | "directory";

export interface UnpackJob {
  readonly blobPath: string;
  readonly diffId: string;
  readonly format: LayerFormat;
  /** Must not exist. A file or a directory, as the format wants. */
  readonly path: string;
  readonly maxBytes: number;
  /** What is taken for an attack. */
  readonly bomb?: BombLimit;
  /** Set when the blob is still being written: its size when it is whole. */
  readonly arrivingBytes?: number | undefined;
}

/** An archive that is larger than `bytes` must not be more than `ratio` times what its blob is. */
export interface BombLimit {
  readonly bytes: number;
  readonly ratio: number;
}

const chunkBytes = 256 * 1024;
const defaultBombLimit: BombLimit = { bytes: 2 * 1024 ** 3, ratio: 200 };

/** Everything is on the disk when it returns. `isCanceled` is asked between chunks. On failure what is at `path` is left to the caller. */
export async function unpackLayer(
  job: UnpackJob,
  isCanceled: () => boolean = () => false,
  arrival: Arrival = new Arrival(),
): Promise<void> {
  const output = await openOutput(job.format, job.path, job.maxBytes);
  try {
    const builder = new LayerBuilder(output, job.maxBytes);
    builder.finish(await readBlob(job, new TarParser(builder), isCanceled, arrival));
  } catch (thrown) {
    throw unpackProblem(thrown);
  } finally {
    output.abandon();
  }
}

/** `path` must not exist. */
export async function openOutput(format: LayerFormat, path: string, maxBytes: number): Promise<LayerOutput> {
  if (format === "erofs") {
    const onFull = (): never => {
      throw diskIsFull(maxBytes);
    };
    return new ErofsOutput(path, maxBytes, onFull);
  }
  const { DirectoryOutput } = await import("./directory-output.ts"); // with system calls that images do without
  return new DirectoryOutput(path);
}

/** Feeds the parser; returns the digest of the plain archive, which is the one that the job names. */
async function readBlob(
  job: UnpackJob,
  parser: TarParser,
  isCanceled: () => boolean,
  arrival: Arrival,
): Promise<string> {
  const hash = createHash("sha256");
  const { arrivingBytes, blobPath } = job;
  const blob = arrivingBytes === undefined ? openBlob(blobPath) : await openArriving(blobPath, arrivingBytes, arrival);
  const bomb = job.bomb ?? defaultBombLimit;
  const maxRatioBytes = Math.max(bomb.bytes, blob.sizeBytes * bomb.ratio);
  const maxStreamBytes = job.maxBytes * 2 + chunkBytes; // headers and padding count too
  let streamed = 0;
  for await (const chunk of blob.content) {
    if (isCanceled()) throw new Problem("canceled", "unpacking was canceled");
    const bytes = chunk as Buffer;
    streamed += bytes.length;
    if (streamed > maxRatioBytes) throw archiveBomb(blob.sizeBytes, maxRatioBytes, bomb.ratio);
    if (streamed > maxStreamBytes) throw new Problem("too-large", `the layer is larger than ${job.maxBytes} bytes`);
    hash.update(bytes);
    parser.push(bytes);
  }
  parser.finish();
  const diffId = `sha256:${hash.digest("hex")}`;
  if (diffId === job.diffId) return diffId;
  throw new Problem("invalid", `the layer's content is ${diffId}, but the image names ${job.diffId}`);
}

function archiveBomb(blobBytes: number, maxBytes: number, ratio: number): Problem {
  return new Problem(
    "invalid",
    `the layer has ${blobBytes} bytes and unpacks to more than ${maxBytes}: it is refused`,
    {
      hint: `build the layer anew; more than ${ratio} times its size is taken for an attack on the disk`,
    },
  );
}

interface OpenBlob {
  readonly content: AsyncIterable<unknown>;
  readonly sizeBytes: number;
}

async function openArriving(path: string, sizeBytes: number, arrival: Arrival): Promise<OpenBlob> {
  const raw = readArriving(path, sizeBytes, arrival);
  return { content: await decompressed(raw, new AbortController().signal), sizeBytes };
}

function openBlob(path: string): OpenBlob {
  const start = Buffer.alloc(6);
  const fd = openSync(path, "r");
  let length = 0;
  let sizeBytes = 0;
  try {
    length = readSync(fd, start, 0, start.length, 0);
    sizeBytes = fstatSync(fd).size;
  } finally {
    closeSync(fd);
  }
  const raw = createReadStream(path, { highWaterMark: chunkBytes });
  const compression = detectCompression(start.subarray(0, length));
  return { content: compression === "none" ? raw : pipeThrough(raw, decompressor(compression)), sizeBytes };
}

function unpackProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  const code = errnoOf(thrown);
  if (code?.startsWith("Z_") || code?.startsWith("ZSTD_") || code?.startsWith("ERR_ZSTD")) {
    return new Problem("invalid", `the layer cannot be decompressed: ${code}`, { cause: thrown });
  }
  return diskProblem(thrown, "unpack the layer");
}
