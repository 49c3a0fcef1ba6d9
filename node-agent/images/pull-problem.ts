/** A failed pull always says what to do next: what nobody deeper down knew better. Pure. */
import { Problem, type ProblemCode } from "#proto/kit/problem.ts";
import { type Reference, registryHost } from "./reference.ts";

export function pullProblem(thrown: unknown, reference: Reference): Problem {
  const problem = Problem.from(thrown);
  const hint = problem.hint ?? nextSteps[problem.code]?.(registryHost(reference.domain));
  if (hint === undefined || hint === problem.hint) return problem;
  const { code, message, causes, retry, object, retryAfterMs } = problem;
  return new Problem(code, message, {
    ...{ hint, causes, retry, cause: problem },
    ...(object !== undefined && { object }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

const nextSteps: Partial<Record<ProblemCode, (host: string) => string>> = {
  invalid: (host) =>
    `push the image to ${host} again, under another tag; if it is right there, see what on the way changes it: a proxy, a mirror`,
  timeout: (host) =>
    `see whether ${host} is overloaded, and whether something on the way holds packets of this node back`,
  unavailable: (host) => `see whether ${host} works, and whether this node can reach it`,
};
