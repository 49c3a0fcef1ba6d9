/** etcd's errors as Problems. etcd's clients tell them apart by code and fixed message (its `rpctypes`), so do we. */
import { Problem, type ProblemCode } from "#proto/kit/problem.ts";
import { grpcStatus } from "./etcd-call-error.ts";

interface Meaning {
  readonly code: ProblemCode;
  readonly message: string;
  readonly hint?: string;
}

const noSpace = "database space exceeded";

const meanings: readonly (readonly [phrase: string, meaning: Meaning])[] = [
  ["required revision has been compacted", { code: "expired", message: "the revision was compacted" }],
  ["required revision is a future revision", { code: "bad-request", message: "the revision is in the future" }],
  ["requested lease not found", { code: "not-found", message: "the lease has expired" }],
  ["request is too large", { code: "too-large", message: "the request is larger than etcd takes" }],
  [
    noSpace,
    {
      code: "unavailable",
      message: "the store is full: reading and deleting go on, nothing else is written",
      hint: "Delete what is not needed. The control plane's own etcd then gives the space back within seconds; your own etcd has to be compacted, defragmented and its NOSPACE alarm disarmed, or given a higher quota.",
    },
  ],
];

const silentHint = "Containers run on. `orchctl cluster status` says how etcd is, its log says why.";

/**
 * What is not known for sure to have had no effect is `unavailable` or `timeout`: the caller reads again.
 * `action` completes "etcd did not answer …".
 */
export function etcdProblem(thrown: unknown, action: string): Problem {
  if (thrown instanceof Problem) return thrown;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  for (const [phrase, { code, message, hint }] of meanings) {
    if (text.includes(phrase))
      return new Problem(code, message, { cause: thrown, ...(hint === undefined ? {} : { hint }) });
  }
  const code = statusCodeOf(thrown);
  if (code === grpcStatus.deadlineExceeded) {
    return new Problem("timeout", `etcd did not answer ${action} in time`, { cause: thrown, hint: silentHint });
  }
  if (code === grpcStatus.permissionDenied || code === grpcStatus.unauthenticated) {
    return new Problem("forbidden", "etcd refused this control plane's certificate or account", { cause: thrown });
  }
  return new Problem("unavailable", `etcd did not answer ${action}: ${text}`, { cause: thrown, hint: silentHint });
}

/** etcd's NOSPACE alarm: it stays until somebody compacts, defragments and disarms it. */
export function isStoreFull(problem: Problem): boolean {
  return problem.cause instanceof Error && problem.cause.message.includes(noSpace);
}

/** An answer above the client's message limit: ask for less. */
export function isAnswerTooLarge(thrown: unknown): boolean {
  const isExhausted = statusCodeOf(thrown) === grpcStatus.resourceExhausted;
  return isExhausted && thrown instanceof Error && /larger than max/i.test(thrown.message);
}

/** etcd3 wraps grpc-js' errors: their code is left at the beginning of the message alone, as in `14 UNAVAILABLE: …`. */
function statusCodeOf(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error)) return undefined;
  if ("code" in thrown && typeof thrown.code === "number") return thrown.code;
  const [, code] = /^(\d+) [A-Z_]+:/.exec(thrown.message) ?? [];
  return code === undefined ? undefined : Number(code);
}
