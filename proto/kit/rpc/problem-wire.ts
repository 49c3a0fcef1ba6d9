/** A Problem as bytes, and gRPC's status numbers as codes: what both gRPC libraries and plain HTTP/2 need. Loads neither. */
import { Problem, type ProblemCause, type ProblemCode, type Retry } from "../problem.ts";

export const problemMetadataKey = "orch-problem-bin";

/** By gRPC's status numbers (grpc/doc/statuscodes.md). */
const codeByStatus: Readonly<Record<number, ProblemCode>> = {
  1: "canceled",
  3: "bad-request",
  4: "timeout",
  5: "not-found",
  6: "already-exists",
  7: "forbidden",
  8: "too-large",
  9: "conflict",
  10: "conflict",
  11: "expired",
  12: "unsupported",
  14: "unavailable",
  16: "unauthenticated",
};

export const codeOfStatus = (status: number): ProblemCode => codeByStatus[status] ?? "internal";

const codes: ReadonlySet<ProblemCode> = new Set([
  ...Object.values(codeByStatus),
  "invalid",
  "too-many-requests",
  "internal",
] as const);

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
export const sendableText = (text: string): string => text.slice(0, maxTextLength).toWellFormed();

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
  return new Problem(codes.has(wire.code) ? wire.code : "internal", wire.message, { ...wire, cause });
}

function parseWire(bytes: Uint8Array): WireProblem | undefined {
  try {
    const wire: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    return typeof wire === "object" && wire !== null && "message" in wire ? (wire as WireProblem) : undefined;
  } catch {
    return undefined;
  }
}
