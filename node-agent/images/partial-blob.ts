/** A blob that is being downloaded: hashed while it comes, written in large pieces while the next ones arrive. */
import { createReadStream } from "node:fs";
import { type FileHandle, open, stat, unlink } from "node:fs/promises";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import { diskProblem } from "../host/disk-problem.ts";
import { type Verifier, verifier } from "./digest.ts";

export interface ExpectedBlob {
  readonly digest: string;
  readonly size: number;
}

/** Small writes cost a thread's turn each; larger ones only memory. */
const writeBytes = 1024 * 1024;

export class PartialBlob {
  readonly #path: string;
  readonly #expected: ExpectedBlob;
  readonly #object: string;
  #file: FileHandle | undefined;
  #check: Verifier;
  /** Bytes that were hashed, from the start. */
  #size = 0;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #writing: Promise<void> = Promise.resolve();
  #writtenBytes = 0;
  #onWritten: (bytes: number) => void = () => undefined;

  private constructor(path: string, expected: ExpectedBlob, object: string) {
    this.#path = path;
    this.#expected = expected;
    this.#object = object;
    this.#check = verifier(expected, object);
  }

  /** Goes on with what an earlier download left, also that of an earlier process. */
  static async resume(path: string, expected: ExpectedBlob, object: string): Promise<PartialBlob> {
    const partial = new PartialBlob(path, expected, object);
    await partial.#hashKept();
    partial.#file = await open(path, "a", 0o600);
    return partial;
  }

  get size(): number {
    return this.#size;
  }

  get isComplete(): boolean {
    return this.#size === this.#expected.size;
  }

  /** Hears, now and after each write, how much is in the file for others to read. */
  onWritten(listener: (bytes: number) => void): void {
    this.#onWritten = listener;
    listener(this.#writtenBytes);
  }

  /** Forgets what is there: a source began at the start. */
  async restart(): Promise<void> {
    await this.#settle();
    await this.#file?.truncate(0);
    this.#check = verifier(this.#expected, this.#object);
    this.#size = 0;
    this.#written(0);
  }

  /** Problem `invalid` as soon as there is more than was announced. Waits only while the disk is slower than the source. */
  async append(chunk: Uint8Array): Promise<void> {
    this.#check.update(chunk);
    this.#size += chunk.length;
    this.#pending.push(chunk);
    this.#pendingBytes += chunk.length;
    if (this.#pendingBytes < writeBytes) return;
    await this.#writing;
    this.#write();
  }

  /** All that was appended is in the file. */
  async flush(): Promise<void> {
    await this.#writing;
    this.#write();
    await this.#writing;
  }

  /** Problem `invalid` when it is not what was announced; else it is on the disk. */
  async finish(): Promise<void> {
    this.#check.finish();
    await this.flush();
    await this.#file?.datasync();
  }

  async close(): Promise<void> {
    await this.#settle();
    await this.#file?.close();
    this.#file = undefined;
  }

  #write(): void {
    const pieces = this.#pending;
    if (pieces.length === 0 || this.#file === undefined) return;
    this.#pending = [];
    this.#pendingBytes = 0;
    const reached = this.#size;
    this.#writing = writeAll(this.#file, pieces).then(() => this.#written(reached));
    this.#writing.catch(() => undefined); // said where it is awaited
  }

  #written(bytes: number): void {
    this.#writtenBytes = bytes;
    this.#onWritten(bytes);
  }

  /** Writes what is left as well as it can: a failure has been said, or will be by the next attempt. */
  async #settle(): Promise<void> {
    await this.flush().catch(() => undefined);
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#writing = Promise.resolve();
  }

  async #hashKept(): Promise<void> {
    const kept = (await stat(this.#path).catch(ignoreMissing))?.size ?? 0;
    if (kept > this.#expected.size) {
      await unlink(this.#path).catch(ignoreMissing);
      return;
    }
    if (kept === 0) return;
    for await (const chunk of createReadStream(this.#path, { highWaterMark: writeBytes })) {
      this.#check.update(chunk as Buffer);
      this.#size += (chunk as Buffer).length;
    }
    this.#writtenBytes = this.#size;
  }
}

async function writeAll(file: FileHandle, pieces: readonly Uint8Array[]): Promise<void> {
  const total = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const { bytesWritten } = await file.writev([...pieces]);
  if (bytesWritten < total) await file.writeFile(Buffer.concat(pieces).subarray(bytesWritten));
}

/** What a failed download was about; content that is wrong is of no use to a later attempt, what a cut connection left is. */
export async function downloadProblem(
  thrown: unknown,
  path: string,
  expected: ExpectedBlob,
  object: string,
): Promise<Problem> {
  const problem = diskProblem(thrown, `store ${object}, which has ${expected.size} bytes`);
  if (problem.code === "invalid" || problem.code === "too-large") await unlink(path).catch(ignoreMissing);
  return problem;
}

export function ignoreMissing(thrown: unknown): undefined {
  if (errnoOf(thrown) === "ENOENT") return undefined;
  throw thrown;
}

export const cutShort = (size: number, expected: ExpectedBlob, object: string): Problem =>
  new Problem("unavailable", `${object}: the connection ended after ${size} of ${expected.size} bytes`);
