/** Answers to what the control plane asks for that is no desired state. Each is safe to ask again. */
import { Problem } from "#proto/kit/problem.ts";
import { encodeProblem } from "#proto/kit/rpc/problem-status.ts";
import type { orch } from "#proto/wire/generated/messages.js";

export type OperationHandler = (payload: Uint8Array) => Promise<Uint8Array>;

export async function answerOperation(
  handlers: Readonly<Record<string, OperationHandler>>,
  request: orch.v1.Operation.$Properties,
): Promise<orch.v1.OperationResult.$Properties> {
  const id = request.id ?? "";
  const kind = request.kind ?? "";
  try {
    const handler = Object.hasOwn(handlers, kind) ? handlers[kind] : undefined;
    if (!handler) throw new Problem("unsupported", `this agent does not know the operation "${kind.slice(0, 80)}"`);
    return { id, payload: await handler(request.payload ?? new Uint8Array()) };
  } catch (thrown) {
    return { id, problem: encodeProblem(Problem.from(thrown)) };
  }
}
