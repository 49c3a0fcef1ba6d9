/** Reads manifests from files, folders (not below them unless asked) and standard input ("-"). */
import { isUtf8 } from "node:buffer";
import { closeSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import type { Environment } from "../environment.ts";
import { type Manifest, parseManifests } from "./parse-manifests.ts";

const endings = [".yaml", ".yml", ".json"];
const maxInputBytes = 8 * 1024 * 1024;

export interface ReadOptions {
  readonly files: readonly string[];
  readonly recursive: boolean;
}

/** In the order given; folders in the order of names. Refuses when there is nothing to read. */
export async function readManifests(options: ReadOptions, environment: Environment): Promise<readonly Manifest[]> {
  const manifests: Manifest[] = [];
  for (const file of options.files) {
    if (file === "-") manifests.push(...parseManifests(await readInput(environment), "stdin"));
    else
      for (const path of expand(file, options.recursive, environment))
        manifests.push(...parseManifests(readBounded(resolve(environment.workingDirectory, path), path), path));
  }
  if (manifests.length === 0) throw new Problem("not-found", `there are no manifests in ${options.files.join(", ")}`);
  return manifests;
}

function expand(file: string, recursive: boolean, environment: Environment): readonly string[] {
  const path = resolve(environment.workingDirectory, file);
  let isDirectory: boolean;
  try {
    isDirectory = statSync(path).isDirectory();
  } catch (thrown) {
    if (errnoOf(thrown) === "ENOENT")
      throw new Problem("not-found", `there is no file ${file}`, { hint: hintFor(file) });
    throw thrown;
  }
  if (!isDirectory) return [file];
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (entry.isDirectory()) return recursive ? expand(join(file, entry.name), true, environment) : [];
      return endings.some((ending) => entry.name.endsWith(ending)) ? [join(file, entry.name)] : [];
    });
}

const hintFor = (file: string): string =>
  /^https?:/.test(file) ? `fetch it yourself: curl -fsSL ${file} | orchctl apply -f -` : "check the path given with -f";

/** At most one byte more than is allowed: a device or pipe may have no end. */
export function readBounded(path: string, shown: string): string {
  return asText(readBytes(path, shown), shown);
}

export function readBytes(path: string, shown: string): Buffer {
  const descriptor = openSync(path, "r");
  try {
    const chunks: Buffer[] = [];
    let bytes = 0;
    while (bytes <= maxInputBytes) {
      const chunk = Buffer.allocUnsafe(64 * 1024);
      const count = readSync(descriptor, chunk);
      if (count === 0) return Buffer.concat(chunks);
      chunks.push(chunk.subarray(0, count));
      bytes += count;
    }
  } finally {
    closeSync(descriptor);
  }
  throw tooLarge(shown);
}

function asText(bytes: Buffer, source: string): string {
  if (!isUtf8(bytes)) throw new Problem("invalid", `${source} is no UTF-8 text`, { hint: "save it as UTF-8" });
  const text = bytes.toString("utf8");
  return text.startsWith("\ufeff") ? text.slice(1) : text;
}

const tooLarge = (source: string): Problem =>
  new Problem("too-large", `${source} is larger than ${maxInputBytes / 1024 / 1024} MiB`, {
    hint: "split it into several files",
  });

/** Standard input as text. */
export async function readInput(environment: Environment): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of environment.input) {
    bytes += chunk.byteLength;
    if (bytes > maxInputBytes) throw tooLarge("stdin");
    chunks.push(chunk);
  }
  return asText(Buffer.concat(chunks), "stdin");
}
