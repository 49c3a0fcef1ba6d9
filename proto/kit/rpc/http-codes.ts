/** The HTTP status of each code, and its reason in a `metav1.Status`, as Kubernetes' API answers them. */
import type { ProblemCode } from "../problem.ts";

export const httpCodes: Readonly<Record<ProblemCode, number>> = {
  invalid: 422,
  "bad-request": 400,
  unauthenticated: 401,
  forbidden: 403,
  "not-found": 404,
  "already-exists": 409,
  conflict: 409,
  expired: 410,
  "too-large": 413,
  "too-many-requests": 429,
  timeout: 504,
  canceled: 499,
  unavailable: 503,
  unsupported: 501,
  internal: 500,
};

/** One to one: a client that knows Kubernetes' reasons reads ours back. The last two are not Kubernetes' own. */
export const statusReasons: Readonly<Record<ProblemCode, string>> = {
  invalid: "Invalid",
  "bad-request": "BadRequest",
  unauthenticated: "Unauthorized",
  forbidden: "Forbidden",
  "not-found": "NotFound",
  "already-exists": "AlreadyExists",
  conflict: "Conflict",
  expired: "Expired",
  "too-large": "RequestEntityTooLarge",
  "too-many-requests": "TooManyRequests",
  timeout: "Timeout",
  internal: "InternalError",
  unavailable: "ServiceUnavailable",
  unsupported: "NotImplemented",
  canceled: "ClientClosedRequest",
};
