/** The HTTP status of each code, as Kubernetes' API answers it. */
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
