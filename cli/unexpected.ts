/** What was thrown and is no Problem: a refusal of the operating system gets a sentence, anything else is a mistake of ours. */
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { errnoOf, Problem, type ProblemCode } from "#proto/kit/problem.ts";

const sentences: Readonly<Record<string, readonly [ProblemCode, string]>> = {
  ENOENT: ["not-found", "there is no such file"],
  ENOTDIR: ["not-found", "a part of this path is no folder"],
  EISDIR: ["bad-request", "this is a folder"],
  EACCES: ["forbidden", "permission denied"],
  EPERM: ["forbidden", "permission denied"],
  EROFS: ["forbidden", "this file system cannot be written"],
  ENOSPC: ["unavailable", "the disk is full"],
  EDQUOT: ["unavailable", "the disk quota is used up"],
  EMFILE: ["unavailable", "too many files are open"],
};

/** Never empty-handed: every thrown value becomes a Problem that says what to do. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  const known = sentences[errnoOf(thrown) ?? ""];
  if (known && thrown instanceof Error) {
    const path = "path" in thrown && typeof thrown.path === "string" ? thrown.path : undefined;
    const folder = path === undefined ? undefined : missingFolder(errnoOf(thrown), path);
    if (folder !== undefined)
      return new Problem("not-found", `there is no folder ${folder}`, { cause: thrown, hint: `mkdir -p ${folder}` });
    return new Problem(known[0], `${path === undefined ? "" : `${path}: `}${known[1]}`, { cause: thrown });
  }
  const problem = Problem.from(thrown);
  if (problem.code !== "internal") return problem;
  return new Problem("internal", `this is a bug in orchctl: ${problem.message}`, {
    cause: thrown,
    hint: "set ORCH_DEBUG=1 and run it again: the details are then written to a file to report",
  });
}

/** A file that cannot be there, nor be made: its folder is what is missing. */
function missingFolder(errno: string | undefined, path: string): string | undefined {
  const folder = dirname(path);
  return errno === "ENOENT" && !existsSync(folder) ? folder : undefined;
}

/** For the file that ORCH_DEBUG asks for: the whole chain of causes. */
export function detailsOf(thrown: unknown): string {
  const parts: string[] = [];
  for (let at = thrown; at !== undefined && parts.length < 10; at = at instanceof Error ? at.cause : undefined)
    parts.push(at instanceof Error ? (at.stack ?? String(at)) : String(at));
  return `${parts.join("\ncaused by: ")}\n`;
}
