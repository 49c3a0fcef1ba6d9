/** Problem <-> gRPC status, one table. A Problem rides whole in trailing metadata; its status code serves everybody else. */
import { Metadata, type ServiceError, type StatusObject, status } from "@grpc/grpc-js";
import { Problem, type ProblemCause, type ProblemCode, type Retry } from "../problem.ts";

export const problemMetadataKey = "orch-problem-bin";

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

const codeOf: Partial<Record<status, ProblemCode>> = {
  [status.INVALID_ARGUMENT]: "bad-request",
  [status.UNAUTHENTICATED]: "unauthenticated",
  [status.PERMISSION_DENIED]: "forbidden",
  [status.NOT_FOUND]: "not-found",
  [status.ALREADY_EXISTS]: "already-exists",
  [status.ABORTED]: "conflict",
  [status.FAILED_PRECONDITION]: "conflict",
  [status.OUT_OF_RANGE]: "expired",
  [status.RESOURCE_EXHAUSTED]: "too-large",
  [status.DEADLINE_EXCEEDED]: "timeout",
  [status.CANCELLED]: "canceled",
  [status.UNAVAILABLE]: "unavailable",
  [status.UNIMPLEMENTED]: "unsupported",
};

interface WireProblem {
  readonly code: ProblemCode;
  readonly message: string;
  readonly object?: string;
  readonly hint?: string;
  readonly causes?: readonly ProblemCause[];
  readonly retry?: Retry;
  readonly retryAfterMs?: number;
}

/** Trailing metadata above 64 KiB breaks the connection at many peers: texts and causes are bounded well below. */
const maxTextLength = 4_096;
const maxCauses = 16;
const maxCausesLength = 16_384;

/** Cut to the bound, and without lone surrogates: grpc-js cannot send those. */
const sendableText = (text: string): string => text.slice(0, maxTextLength).toWellFormed();

/** JSON bytes of a Problem, without its cause: inner errors never leave the process. At most 16 causes. */
export function encodeProblem(problem: Problem): Buffer {
  const causes = boundedCauses(problem.causes);
  const wire: WireProblem = {
    code: problem.code,
    message: sendableText(problem.message),
    ...(problem.object !== undefined && { object: sendableText(problem.object) }),
    ...(problem.hint !== undefined && { hint: sendableText(problem.hint) }),
    ...(causes.length > 0 && { causes }),
    retry: problem.retry,
    ...(problem.retryAfterMs !== undefined && { retryAfterMs: problem.retryAfterMs }),
  };
  return Buffer.from(JSON.stringify(wire));
}

function boundedCauses(causes: readonly ProblemCause[]): readonly ProblemCause[] {
  const kept: ProblemCause[] = [];
  let length = 0;
  for (const cause of causes.slice(0, maxCauses)) {
    const bounded: ProblemCause = {
      ...cause,
      message: cause.message.slice(0, maxTextLength / 4),
      ...(cause.path !== undefined && { path: cause.path.slice(0, maxTextLength / 4) }),
    };
    length += bounded.message.length + (bounded.path?.length ?? 0);
    if (length > maxCausesLength) break;
    kept.push(bounded);
  }
  return kept;
}

export function decodeProblem(bytes: Uint8Array, cause?: unknown): Problem {
  const wire = parseWire(bytes);
  if (!wire) return new Problem("internal", "the other side sent a problem that cannot be read", { cause });
  return new Problem(wire.code in statusOf ? wire.code : "internal", wire.message, { ...wire, cause });
}

function parseWire(bytes: Uint8Array): WireProblem | undefined {
  try {
    const wire: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    return typeof wire === "object" && wire !== null && "message" in wire ? (wire as WireProblem) : undefined;
  } catch {
    return undefined;
  }
}

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
  return new Problem(codeOf[error.code] ?? "internal", error.details || error.message, { cause: error });
}
