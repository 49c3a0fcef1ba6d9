/** Keys and values from `--from-literal`, `--from-file` and `--from-env-file`. */
import { readdirSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import type { Environment } from "../../environment.ts";
import { readBounded, readBytes } from "../../manifests/read-sources.ts";
import { usageProblem } from "../../program-options.ts";

export interface DataFlags {
  readonly fromLiteral?: readonly string[];
  readonly fromFile?: readonly string[];
  readonly fromEnvFile?: readonly string[];
  readonly appendHash?: boolean;
  readonly type?: string;
}

export type Content = readonly (readonly [key: string, value: Buffer])[];

export function gatherContent(flags: DataFlags, environment: Environment): Content {
  const content = [
    ...(flags.fromLiteral ?? []).map(literal),
    ...(flags.fromFile ?? []).flatMap((given) => ofFile(given, environment)),
    ...(flags.fromEnvFile ?? []).flatMap((file) => ofEnvFile(file, environment)),
  ];
  const seen = new Set<string>();
  for (const [key] of content) {
    if (!/^[-._a-zA-Z0-9]{1,253}$/.test(key))
      throw usageProblem(`"${key}" cannot be a key`, "a key has letters, digits, dots, dashes and underscores");
    if (seen.has(key)) throw usageProblem(`the key ${key} is given twice`);
    seen.add(key);
  }
  return content;
}

function literal(given: string): readonly [string, Buffer] {
  const equals = given.indexOf("=");
  if (equals < 1) throw usageProblem(`--from-literal: "${given}" is no KEY=VALUE`);
  return [given.slice(0, equals), Buffer.from(given.slice(equals + 1))];
}

function ofFile(given: string, { workingDirectory }: Environment): Content {
  const equals = given.indexOf("=");
  const file = equals < 0 ? given : given.slice(equals + 1);
  if (equals === 0 || file === "") throw usageProblem(`--from-file: "${given}" is neither PATH nor KEY=PATH`);
  const path = resolve(workingDirectory, file);
  if (!isFolder(path, file)) return [[equals < 0 ? basename(file) : given.slice(0, equals), readBytes(path, file)]];
  if (equals > 0) throw usageProblem(`${file} is a folder: its files are the keys`, `use --from-file ${file}`);
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort()
    .map((name) => [name, readBytes(join(path, name), join(file, name))]);
}

function isFolder(path: string, shown: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (thrown) {
    if (errnoOf(thrown) === "ENOENT") throw new Problem("not-found", `there is no file ${shown}`);
    throw thrown;
  }
}

/** Empty lines and lines that begin with # say nothing; a name alone takes the value it has here. */
function ofEnvFile(file: string, { workingDirectory, variables }: Environment): Content {
  const lines = readBounded(resolve(workingDirectory, file), file).split(/\r?\n/);
  return lines.flatMap((line, index): Content => {
    const text = line.trimStart();
    if (text === "" || text.startsWith("#")) return [];
    const [, key = "", equals, value = ""] = /^([A-Za-z_.-][A-Za-z0-9_.-]*)\s*(=)?(.*)$/.exec(text) ?? [];
    if (key === "" || (equals === undefined && value !== ""))
      throw new Problem("invalid", `${file}:${index + 1}:1: this is no KEY=VALUE`);
    return [[key, Buffer.from(equals === undefined ? (variables[key] ?? "") : value)]];
  });
}
