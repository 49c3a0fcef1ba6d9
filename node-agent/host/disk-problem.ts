/** What a failed write means for people: a full disk is theirs to empty, and no bug of ours. */
import { errnoOf, Problem } from "#proto/kit/problem.ts";

/** `doing` completes "cannot …". Problems pass unchanged. */
export function diskProblem(thrown: unknown, doing: string): Problem {
  if (thrown instanceof Problem) return thrown;
  switch (errnoOf(thrown)) {
    case "ENOSPC":
    case "EDQUOT":
      return new Problem("too-large", `the disk is full: cannot ${doing}`, {
        cause: thrown,
        hint: "free some space on this node's data directory, or remove images",
        retry: "later",
      });
    case "EROFS":
    case "EIO":
      return new Problem("unavailable", `the disk has failed (${errnoOf(thrown)}): cannot ${doing}`, { cause: thrown });
    default:
      return Problem.from(thrown);
  }
}
