/** JSON or YAML that was given on the command line, in a file or on standard input; what cannot be read is said with its place. */
import { resolve } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import { Problem } from "#proto/kit/problem.ts";
import type { Environment } from "../environment.ts";
import { readBounded, readInput } from "../manifests/read-sources.ts";

/** `source` as `--patch` or a file's name. */
export function parseValue(text: string, source: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true, logLevel: "silent" });
  const [error] = document.errors;
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    const message = error.message.replace(/ at line \d+, column \d+:?[\s\S]*$/, "").trim();
    throw new Problem("bad-request", `${source}:${line}:${col}: this is neither JSON nor YAML: ${message}`, {
      hint: "put the text into single quotes, so that the shell leaves it as it is",
    });
  }
  if (document.contents === null) throw new Problem("bad-request", `${source} is empty`);
  return document.toJS({ maxAliasCount: 100 }) as unknown;
}

/** The text of a file, or of standard input for `-`. */
export function readText(file: string, environment: Environment): Promise<string> | string {
  return file === "-" ? readInput(environment) : readBounded(resolve(environment.workingDirectory, file), file);
}
