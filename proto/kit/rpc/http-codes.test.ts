import assert from "node:assert/strict";
import { test } from "node:test";
import { httpCodes, statusReasons } from "./http-codes.ts";

test("every code has a reason of its own, and Kubernetes' reasons their HTTP status", () => {
  assert.deepEqual(Object.keys(statusReasons).sort(), Object.keys(httpCodes).sort());
  assert.equal(new Set(Object.values(statusReasons)).size, Object.keys(httpCodes).length);
  // Of apimachinery's StatusReason documentation.
  const kubernetes = {
    Invalid: 422,
    BadRequest: 400,
    Unauthorized: 401,
    Forbidden: 403,
    NotFound: 404,
    AlreadyExists: 409,
  };
  const more = { Conflict: 409, Expired: 410, RequestEntityTooLarge: 413, TooManyRequests: 429, Timeout: 504 };
  const last = { InternalError: 500, ServiceUnavailable: 503 };
  const ours = Object.fromEntries(
    Object.entries(statusReasons).map(([code, reason]) => [reason, httpCodes[code as keyof typeof httpCodes]]),
  );
  for (const [reason, http] of Object.entries({ ...kubernetes, ...more, ...last }))
    assert.equal(ours[reason], http, reason);
});
