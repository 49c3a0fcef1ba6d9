/**
 * A call served straight on its HTTP/2 stream (grpc/doc/PROTOCOL-HTTP2.md): nearly all that a server is asked. grpc-js serves the same
 * calls for several times the processor time; what is out of the ordinary is left to it.
 */
import type { IncomingHttpHeaders } from "node:http2";
import { type StatusObject, status } from "@grpc/grpc-js";
import type { AuthContext } from "@grpc/grpc-js/build/src/auth-context.js";
import type { Clock } from "../clock.ts";
import type { StreamSession } from "../http2/connection-stream.ts";
import type { AnswerHeaders } from "../http2/hpack-encoder.ts";
import type { SurfaceCall } from "./call-scope.ts";

export interface CallSizeLimits {
  readonly maxReceiveBytes: number;
  readonly maxSendBytes: number;
}

export const answerHeaders: AnswerHeaders = { ":status": 200, "content-type": "application/grpc+proto" };
const timeoutPattern = /^(\d{1,8})([HMSmun])$/;
const unitMs: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 };

/** Whether nothing about a call needs grpc-js: no compression, no deadline that cannot be read. */
export function isPlainCall(headers: IncomingHttpHeaders): boolean {
  const type = headers["content-type"];
  const encoding = headers["grpc-encoding"];
  const timeout = headers["grpc-timeout"];
  const isPlain = encoding === undefined || encoding === "identity";
  const isTimed = timeout === undefined || (typeof timeout === "string" && timeoutPattern.test(timeout));
  return isPlain && isTimed && type?.startsWith("application/grpc") === true;
}

/** What calls of one message and of many have in common: who calls, and until when. */
export abstract class PlainCall implements SurfaceCall {
  abstract readonly stream: { readonly session: StreamSession | undefined };
  abstract readonly cancelled: boolean;
  readonly #deadlineAtMs: number;
  #onCancelled: (() => void) | undefined;

  protected constructor(headers: IncomingHttpHeaders, clock: Clock) {
    this.#deadlineAtMs = deadlineOf(headers, clock);
  }

  getPeer(): string {
    const socket = this.stream.session?.socket;
    return socket?.remoteAddress ? `${socket.remoteAddress}:${socket.remotePort}` : "unknown";
  }

  getDeadline(): number {
    return this.#deadlineAtMs;
  }

  getAuthContext(): AuthContext {
    const socket = this.stream.session?.socket;
    if (!socket?.authorized) return {};
    const certificate = socket.getPeerCertificate();
    return { transportSecurityType: "ssl", ...(certificate.raw && { sslPeerCertificate: certificate }) };
  }

  on(_event: "cancelled", listener: () => void): this {
    this.#onCancelled = listener;
    return this;
  }

  /** Nothing more comes or goes, for whatever reason. */
  protected over(): void {
    this.#onCancelled?.();
  }
}

/** A status as the headers that tell it. */
export function statusHeaders({ code, details, metadata }: Partial<StatusObject>): AnswerHeaders {
  return {
    "grpc-status": code ?? status.UNKNOWN,
    "grpc-message": encodeURI(details ?? ""),
    ...(metadata?.toHttp2Headers() as AnswerHeaders | undefined),
  };
}

function deadlineOf(headers: IncomingHttpHeaders, clock: Clock): number {
  const timeout = headers["grpc-timeout"];
  const [, amount, unit] = (typeof timeout === "string" && timeoutPattern.exec(timeout)) || [];
  if (amount === undefined || unit === undefined) return Number.POSITIVE_INFINITY;
  return clock.nowMs() + Number(amount) * (unitMs[unit] ?? 1);
}
