/** What was thrown and is no Problem: a refusal of the operating system gets a sentence, anything else is a mistake of ours. */
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
    const path = "path" in thrown && typeof thrown.path === "string" ? `${thrown.path}: ` : "";
    return new Problem(known[0], `${path}${known[1]}`, { cause: thrown });
  }
  const problem = Problem.from(thrown);
  if (problem.code !== "internal") return problem;
  return new Problem("internal", `this is a bug in orchctl: ${problem.message}`, {
    cause: thrown,
    hint: "set ORCH_DEBUG=1 and run it again: the details are then written to a file to report",
  });
}

/** For the file that ORCH_DEBUG asks for: the whole chain of causes. */
export function detailsOf(thrown: unknown): string {
  const parts: string[] = [];
  for (let at = thrown; at !== undefined && parts.length < 10; at = at instanceof Error ? at.cause : undefined)
    parts.push(at instanceof Error ? (at.stack ?? String(at)) : String(at));
  return `${parts.join("\ncaused by: ")}\n`;
}
