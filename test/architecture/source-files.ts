/** Reads our sources once, as text with their imports, for the checks beside this file. */
import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

export interface SourceFile {
  /** Relative to the root of the repository. */
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
  readonly imports: readonly Import[];
  readonly isTest: boolean;
}

export interface Import {
  readonly specifier: string;
  /** Path of ours that it names, or undefined for a package or Node built-in. */
  readonly target: string | undefined;
  readonly typeOnly: boolean;
}

const root = join(import.meta.dirname, "../..");
const folders = ["proto", "control-plane", "node-agent", "cli", "deploy", "test"];

export function readSources(): readonly SourceFile[] {
  return folders
    .flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root, exclude: ["proto/wire/generated/**"] }))
    .sort()
    .map(readSource);
}

function readSource(path: string): SourceFile {
  const text = readFileSync(join(root, path), "utf8");
  return {
    path,
    text,
    lines: text.split("\n"),
    imports: importsOf(path, text),
    isTest: path.startsWith("test/") || /\.(test|contract)\.ts$/.test(path),
  };
}

function importsOf(path: string, text: string): readonly Import[] {
  const found: Import[] = [];
  for (const match of text.matchAll(/^(?:import|export)\s+(type\s+)?(?:[^"';]*?\sfrom\s+)?"([^"]+)"/gm)) {
    const specifier = match[2] ?? "";
    found.push({
      specifier,
      target: targetOf(path, specifier),
      typeOnly: match[1] !== undefined || onlyTypes(match[0]),
    });
  }
  for (const match of text.matchAll(/\bimport\("([^"]+)"\)/g)) {
    found.push({ specifier: match[1] ?? "", target: targetOf(path, match[1] ?? ""), typeOnly: false });
  }
  return found;
}

/** `import { type A, type B } from` imports no value. */
function onlyTypes(statement: string): boolean {
  const names = /\{([^}]*)\}/.exec(statement)?.[1];
  if (names === undefined || !/^(?:import|export)\s*\{/.test(statement)) return false;
  return names.split(",").every((name) => name.trim() === "" || name.trim().startsWith("type "));
}

function targetOf(path: string, specifier: string): string | undefined {
  if (specifier.startsWith("#")) return specifier.slice(1);
  if (specifier.startsWith(".")) return normalize(join(dirname(path), specifier));
  return undefined;
}
