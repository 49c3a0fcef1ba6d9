/** The one error type of every program. It says what failed, where, and what to do next. It never guesses a code from text. */

/**
 * Closed set of codes. Each maps one-to-one to a gRPC status, a `metav1.Status` reason and an HTTP code
 * (see `rpc/http-codes.ts`).
 */
export type ProblemCode =
  | "invalid" // 422 Invalid: the object breaks a rule; see causes
  | "bad-request" // 400 BadRequest: the request itself cannot be read
  | "unauthenticated" // 401 Unauthorized
  | "forbidden" // 403 Forbidden
  | "not-found" // 404 NotFound
  | "already-exists" // 409 AlreadyExists
  | "conflict" // 409 Conflict: stale resourceVersion, field ownership, precondition
  | "expired" // 410 Expired: the resourceVersion or continue token is too old
  | "too-large" // 413 RequestEntityTooLarge
  | "too-many-requests" // 429 TooManyRequests
  | "timeout" // 504 Timeout
  | "canceled" // 499: the caller went away
  | "unavailable" // 503 ServiceUnavailable
  | "unsupported" // 501 NotImplemented / field or feature refused
  | "internal"; // 500 InternalError

/** Whether trying again can help: a property of the error, never guessed from its text. */
export type Retry = "never" | "now" | "later";

/** One broken rule. `path` is a JSON path in the field's own spelling, as `spec.template.spec.containers[0].image`. */
export interface ProblemCause {
  readonly path?: string;
  readonly message: string;
  /** Kubernetes' cause reason: FieldValueRequired, FieldValueInvalid, FieldValueNotSupported, FieldManagerConflict … */
  readonly reason?: string;
  readonly line?: number;
  readonly column?: number;
}

export interface ProblemOptions {
  /** The object it is about, as `Deployment default/web` or `node-1`. */
  readonly object?: string;
  /** What the reader can do next, one imperative sentence. */
  readonly hint?: string;
  readonly causes?: readonly ProblemCause[];
  readonly retry?: Retry;
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

const defaultRetry: Partial<Record<ProblemCode, Retry>> = {
  unavailable: "later",
  timeout: "later",
  "too-many-requests": "later",
  conflict: "now",
  expired: "now",
};

export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: ProblemCode;
  readonly object: string | undefined;
  readonly hint: string | undefined;
  readonly causes: readonly ProblemCause[];
  readonly retry: Retry;
  readonly retryAfterMs: number | undefined;

  constructor(code: ProblemCode, message: string, options: ProblemOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.object = options.object;
    this.hint = options.hint;
    this.causes = options.causes ?? [];
    this.retry = options.retry ?? defaultRetry[code] ?? "never";
    this.retryAfterMs = options.retryAfterMs;
  }

  /** Turns anything thrown into a Problem. What is not ours becomes `internal` and keeps its cause. */
  static from(thrown: unknown): Problem {
    if (thrown instanceof Problem) return thrown;
    if (thrown instanceof Error) {
      if (thrown.name === "AbortError") return new Problem("canceled", "the operation was canceled", { cause: thrown });
      if (thrown.name === "TimeoutError") return new Problem("timeout", "the operation timed out", { cause: thrown });
      return new Problem("internal", thrown.message, { cause: thrown });
    }
    return new Problem("internal", String(thrown));
  }

  static is(thrown: unknown, code?: ProblemCode): thrown is Problem {
    return thrown instanceof Problem && (code === undefined || thrown.code === code);
  }
}

/** Message and hint as one text, for where there is room for one only. */
export function explained({ message, hint }: Problem): string {
  if (hint === undefined) return message;
  return `${message}; ${hint.slice(0, 1).toLowerCase()}${hint.slice(1).replace(/\.$/, "")}`;
}

/** errno of a thrown Node system error (`ENOENT` …), or undefined. */
export function errnoOf(thrown: unknown): string | undefined {
  if (typeof thrown !== "object" || thrown === null || !("code" in thrown)) return undefined;
  return typeof thrown.code === "string" ? thrown.code : undefined;
}
