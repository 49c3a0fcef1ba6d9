/**
 * Writes the files of an image archive to disk as they stream in. Its table of contents may come last and its layers may be large, so
 * nothing can be decided, and little can be kept in memory, before the end.
 */
import { createHash, type Hash } from "node:crypto";
import { type FileHandle, mkdir, open, readFile, rm } from "node:fs/promises";
import { join, posix } from "node:path";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import { diskProblem } from "../../host/disk-problem.ts";
import { decompressed } from "../compression.ts";
import { type TarEntry, TarParser, type TarSink } from "../tar/parser.ts";

export interface SpooledFile {
  readonly path: string;
  readonly size: number;
  readonly digest: string; // sha256
}

/** The files of an archive by their name in it. */
export class Spool {
  readonly #files: ReadonlyMap<string, SpooledFile>;
  readonly #links: ReadonlyMap<string, string>;

  constructor(files: ReadonlyMap<string, SpooledFile>, links: ReadonlyMap<string, string>) {
    this.#files = files;
    this.#links = links;
  }

  /** Follows the links that some tools put into archives. */
  find(name: string): SpooledFile | undefined {
    let at = posix.normalize(name);
    for (let hops = 0; hops < 10; hops++) {
      const file = this.#files.get(at);
      if (file) return file;
      const target = this.#links.get(at);
      if (target === undefined) return undefined;
      at = target;
    }
    return undefined;
  }

  async read(name: string, limitBytes: number): Promise<Buffer | undefined> {
    const file = this.find(name);
    if (!file) return undefined;
    if (file.size > limitBytes) {
      throw new Problem(
        "invalid",
        `${JSON.stringify(name)} in the archive has ${file.size} bytes; ${limitBytes} are possible`,
      );
    }
    return readFile(file.path);
  }
}

const maxFiles = 20_000;

/** Of a name as the parser gives it, one character a byte. */
const text = (name: string): string => Buffer.from(name, "latin1").toString();

export function noImageArchive(reason: string): Problem {
  return new Problem("invalid", `this is no image archive: ${reason}`, {
    hint: "make one with `docker save`, `podman save` or `skopeo copy … docker-archive:FILE`",
  });
}

/** Problems: `invalid` (not an archive), `unsupported` (compression), `too-large` (disk full), `canceled`. */
export async function spoolArchive(
  archive: AsyncIterable<Uint8Array>,
  directory: string,
  signal: AbortSignal,
): Promise<Spool> {
  await mkdir(directory, { mode: 0o700 });
  const writer = new SpoolWriter(directory);
  try {
    for await (const chunk of await decompressed(archive, signal)) await writer.push(chunk);
    return await writer.finish();
  } catch (thrown) {
    await writer.abandon();
    await rm(directory, { recursive: true, force: true });
    const problem = spoolProblem(thrown, signal);
    throw problem.code === "invalid" && writer.isEmpty ? noImageArchive(problem.message) : problem;
  }
}

type Step =
  | { readonly kind: "open"; readonly name: string; readonly size: number }
  | { readonly kind: "data"; readonly data: Buffer }
  | { readonly kind: "close" };

interface Current {
  readonly name: string;
  readonly path: string;
  readonly file: FileHandle;
  readonly hash: Hash;
  size: number;
}

/** The parser calls synchronously; what it finds in one chunk is written before the next one is taken. */
class SpoolWriter implements TarSink {
  readonly #directory: string;
  readonly #parser = new TarParser(this);
  readonly #files = new Map<string, SpooledFile>();
  readonly #links = new Map<string, string>();
  #steps: Step[] = [];
  #isFile = false;
  #current: Current | undefined;
  #count = 0;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** There was not even one whole header. */
  get isEmpty(): boolean {
    return this.#count === 0;
  }

  async push(chunk: Buffer): Promise<void> {
    this.#parser.push(chunk);
    const steps = this.#steps;
    this.#steps = [];
    for (const step of steps) await this.#take(step);
  }

  async finish(): Promise<Spool> {
    this.#parser.finish();
    return new Spool(this.#files, this.#links);
  }

  async abandon(): Promise<void> {
    await this.#current?.file.close().catch(() => undefined);
  }

  onEntry(entry: TarEntry): void {
    this.#count += 1;
    if (this.#count > maxFiles) throw new Problem("invalid", `the archive has more than ${maxFiles} files`);
    const name = posix.normalize(text(entry.name).replace(/^\/+/, ""));
    this.#isFile = entry.type === "file";
    if (this.#isFile) this.#steps.push({ kind: "open", name, size: entry.size });
    if (entry.type === "symlink") this.#links.set(name, posix.join(posix.dirname(name), text(entry.linkName)));
    if (entry.type === "hardlink") this.#links.set(name, posix.normalize(text(entry.linkName)));
  }

  onData(data: Buffer): void {
    if (this.#isFile) this.#steps.push({ kind: "data", data });
  }

  onEntryEnd(): void {
    if (this.#isFile) this.#steps.push({ kind: "close" });
    this.#isFile = false;
  }

  async #take(step: Step): Promise<void> {
    if (step.kind === "open") {
      const path = join(this.#directory, String(this.#files.size));
      const file = await open(path, "w", 0o600);
      this.#current = { name: step.name, path, file, hash: createHash("sha256"), size: 0 };
      return;
    }
    const current = this.#current;
    if (!current) return;
    if (step.kind === "data") {
      current.hash.update(step.data);
      current.size += step.data.length;
      await current.file.writeFile(step.data);
      return;
    }
    this.#current = undefined;
    await current.file.close();
    const digest = `sha256:${current.hash.digest("hex")}`;
    this.#files.set(current.name, { path: current.path, size: current.size, digest });
  }
}

function spoolProblem(thrown: unknown, signal: AbortSignal): Problem {
  if (signal.aborted) return Problem.from(signal.reason);
  const code = errnoOf(thrown);
  if (code?.startsWith("Z_") || code?.startsWith("ZSTD_")) {
    return new Problem("invalid", `the archive cannot be decompressed: ${code}`, { cause: thrown });
  }
  return diskProblem(thrown, "store the archive");
}
