/** Reads manifests from files, folders (not below them unless asked) and standard input ("-"). */
import { readdirSync, readFileSync, statSync } from "node:fs";
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
        manifests.push(...parseManifests(readText(path), path));
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
      throw new Problem("not-found", `there is no file ${file}`, { hint: "check the path given with -f" });
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

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (thrown) {
    throw new Problem("bad-request", `${path} cannot be read: ${errnoOf(thrown) ?? "error"}`, { cause: thrown });
  }
}

async function readInput(environment: Environment): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of environment.input) {
    bytes += chunk.byteLength;
    if (bytes > maxInputBytes)
      throw new Problem("too-large", `standard input is larger than ${maxInputBytes / 1024 / 1024} MiB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
