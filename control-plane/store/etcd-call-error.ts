/** How a call to etcd failed: gRPC's status and etcd's fixed message. `etcd-errors.ts` says what it means. */
import type { IncomingHttpHeaders } from "node:http2";

/** Of grpc/doc/statuscodes.md, those that we tell apart. */
export const grpcStatus = {
  unknown: 2,
  deadlineExceeded: 4,
  permissionDenied: 7,
  resourceExhausted: 8,
  unavailable: 14,
  unauthenticated: 16,
} as const;

export class EtcdCallError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** What the end of an answer tells; undefined = all is well. */
export function statusOf(told: IncomingHttpHeaders): EtcdCallError | undefined {
  const status = told["grpc-status"];
  if (status === "0") return undefined;
  if (status === undefined) {
    const http = told[":status"];
    const why =
      http === undefined || Number(http) === 200 ? "the answer is not complete" : `it answers with HTTP status ${http}`;
    return new EtcdCallError(grpcStatus.unavailable, why);
  }
  const message = told["grpc-message"];
  return new EtcdCallError(Number(status), typeof message === "string" ? plain(message) : `status ${status}`);
}

/** Percent-encoded, as the protocol has it; what is not is shown as it came. */
function plain(message: string): string {
  try {
    return decodeURIComponent(message);
  } catch {
    return message;
  }
}
