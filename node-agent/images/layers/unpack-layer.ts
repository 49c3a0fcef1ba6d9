/** Unpacks one blob into one place: read, decompress, hash, parse, write. Runs in a worker process. */
import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import { diskProblem } from "../../host/disk-problem.ts";
import { isaLibrary } from "../../host/libisal.ts";
import { TarParser } from "../tar/parser.ts";
import { Arrival, chunkBytes, readArriving } from "./arriving-blob.ts";
import { ErofsOutput } from "./erofs/erofs-output.ts";
import { diskIsFull, LayerBuilder } from "./layer-builder.ts";
import type { LayerOutput } from "./layer-output.ts";
import { plainContent } from "./plain-content.ts";

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

const defaultBombLimit: BombLimit = { bytes: 2 * 1024 ** 3, ratio: 200 };

/** Everything is written when it resolves; the storage that adopts it has it on the disk. `isCanceled` is asked between chunks. On failure what is at `path` is left to the caller. */
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
  const sizeBytes = job.arrivingBytes ?? statSync(job.blobPath).size;
  const raw = readArriving(job.blobPath, sizeBytes, job.arrivingBytes === undefined ? Arrival.of(sizeBytes) : arrival);
  const bomb = job.bomb ?? defaultBombLimit;
  const maxRatioBytes = Math.max(bomb.bytes, sizeBytes * bomb.ratio);
  const maxStreamBytes = job.maxBytes * 2 + chunkBytes; // headers and padding count too
  let streamed = 0;
  for await (const bytes of plainContent(raw, isaLibrary)) {
    if (isCanceled()) throw new Problem("canceled", "unpacking was canceled");
    streamed += bytes.length;
    if (streamed > maxRatioBytes) throw archiveBomb(sizeBytes, maxRatioBytes, bomb.ratio);
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

function unpackProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  const code = errnoOf(thrown);
  if (code?.startsWith("Z_") || code?.startsWith("ZSTD_") || code?.startsWith("ERR_ZSTD")) {
    return new Problem("invalid", `the layer cannot be decompressed: ${code}`, { cause: thrown });
  }
  return diskProblem(thrown, "unpack the layer");
}
