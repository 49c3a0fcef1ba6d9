/** A Problem for a person: what, where, what to do. Always on standard error. */
import type { Problem, ProblemCause } from "#proto/kit/problem.ts";
import type { Environment } from "../environment.ts";
import { visible } from "./table.ts";

const maxCauses = 20;

export function printProblem(problem: Problem, environment: Pick<Environment, "err" | "color">): void {
  environment.err.write(renderProblem(problem, environment.color));
}

export function renderProblem(problem: Problem, color: boolean): string {
  const red = (text: string): string => (color ? `\u001b[31m${text}\u001b[39m` : text);
  // Many messages say themselves what they are about, and end with the only cause there is.
  const subject = problem.object && !problem.message.includes(problem.object) ? `${problem.object}: ` : "";
  const lines = [`${red("error:")} ${visible(subject + problem.message)}`];
  const [only] = problem.causes;
  const isSaid = only !== undefined && problem.causes.length === 1 && problem.message.endsWith(causeText(only));
  for (const cause of isSaid ? [] : problem.causes.slice(0, maxCauses)) lines.push(`  ${visible(causeText(cause))}`);
  if (problem.causes.length > maxCauses) lines.push(`  … and ${problem.causes.length - maxCauses} more`);
  if (problem.hint && problem.hint !== "") lines.push(`  → ${visible(problem.hint)}`);
  return `${lines.join("\n")}\n`;
}

export function causeText(cause: ProblemCause): string {
  const place = cause.line === undefined ? "" : `${cause.line}:${cause.column ?? 1}  `;
  return `${place}${cause.path ? `${cause.path}: ` : ""}${cause.message}`;
}
