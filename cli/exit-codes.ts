/** Exit codes, as documented in docs/cli.md. */
import { Problem, type ProblemCode } from "#proto/kit/problem.ts";

export const exitCodes = {
  ok: 0,
  /** The command ran and did not succeed. */
  failed: 1,
  /** Wrong use: unknown flag, missing argument. */
  usage: 2,
  notFound: 3,
  conflict: 4,
  invalid: 5,
  forbidden: 6,
  unavailable: 7,
  timeout: 8,
  interrupted: 130,
} as const;

const byCode: Partial<Record<ProblemCode, number>> = {
  "not-found": exitCodes.notFound,
  conflict: exitCodes.conflict,
  "already-exists": exitCodes.conflict,
  invalid: exitCodes.invalid,
  "bad-request": exitCodes.invalid,
  unsupported: exitCodes.invalid,
  forbidden: exitCodes.forbidden,
  unauthenticated: exitCodes.forbidden,
  unavailable: exitCodes.unavailable,
  timeout: exitCodes.timeout,
  canceled: exitCodes.interrupted,
};

/** The command line itself is wrong: flags that exclude each other, a word that is no KIND/NAME. */
export class UsageProblem extends Problem {}

export const exitCodeOf = (problem: Problem): number =>
  problem instanceof UsageProblem ? exitCodes.usage : (byCode[problem.code] ?? exitCodes.failed);
