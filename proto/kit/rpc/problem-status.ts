/** Problem <-> gRPC status, one table. A Problem rides whole in trailing metadata; its status code serves everybody else. */
import { Metadata, type ServiceError, type StatusObject, status } from "@grpc/grpc-js";
import { Problem, type ProblemCode } from "../problem.ts";
import { codeOfStatus, decodeProblem, encodeProblem, problemMetadataKey, sendableText } from "./problem-wire.ts";

export { decodeProblem, encodeProblem, problemMetadataKey };

const statusOf: Record<ProblemCode, status> = {
  invalid: status.INVALID_ARGUMENT,
  "bad-request": status.INVALID_ARGUMENT,
  unauthenticated: status.UNAUTHENTICATED,
  forbidden: status.PERMISSION_DENIED,
  "not-found": status.NOT_FOUND,
  "already-exists": status.ALREADY_EXISTS,
  conflict: status.ABORTED,
  expired: status.OUT_OF_RANGE,
  "too-large": status.RESOURCE_EXHAUSTED,
  "too-many-requests": status.RESOURCE_EXHAUSTED,
  timeout: status.DEADLINE_EXCEEDED,
  canceled: status.CANCELLED,
  unavailable: status.UNAVAILABLE,
  unsupported: status.UNIMPLEMENTED,
  internal: status.INTERNAL,
};

/** For a server handler's callback. An internal error shows no inner text. */
export function toStatus(thrown: unknown): Partial<StatusObject> {
  const problem = Problem.from(thrown);
  const shown =
    problem.code === "internal" && !(thrown instanceof Problem)
      ? new Problem("internal", "an internal error happened; the server's log has the details")
      : problem;
  const metadata = new Metadata();
  metadata.set(problemMetadataKey, encodeProblem(shown));
  return { code: statusOf[shown.code], details: sendableText(shown.message), metadata };
}

/** For a client: what a call failed with. */
export function fromServiceError(error: ServiceError): Problem {
  const bytes = error.metadata?.get(problemMetadataKey)[0];
  if (bytes instanceof Buffer) return decodeProblem(bytes, error);
  return new Problem(codeOfStatus(error.code), error.details || error.message, { cause: error });
}
