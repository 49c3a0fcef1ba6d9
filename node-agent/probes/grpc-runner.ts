/**
 * grpc: SERVING of the standard health service is success (grpc/doc/health-checking.md). Its two messages are small enough to be
 * written by hand; the certificate is not verified, as with the other probes.
 */
import { connect, constants, type IncomingHttpHeaders } from "node:http2";
import type { GrpcAction } from "#proto/resources/pod/probe.ts";
import type { ProbeAnswer, ProbeTarget } from "./runner.ts";

const serving = 1;
const prefixBytes = 5;
const mostAnswerBytes = 4096;
const statusNames: Readonly<Record<number, string>> = {
  0: "UNKNOWN",
  1: "SERVING",
  2: "NOT_SERVING",
  3: "SERVICE_UNKNOWN",
};

export function runGrpc(target: ProbeTarget, action: GrpcAction, signal: AbortSignal): Promise<ProbeAnswer> {
  const [host] = target.addresses;
  if (host === undefined) return Promise.resolve({ ok: false, message: "the pod has no address" });
  const isTls = action.mode === "TLS";
  const authority = `${host.includes(":") ? `[${host}]` : host}:${action.port}`;
  const session = connect(`${isTls ? "https" : "http"}://${authority}`, { rejectUnauthorized: false });
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void): void => {
      signal.removeEventListener("abort", onAbort);
      session.destroy();
      settle();
    };
    const onAbort = (): void => finish(() => reject(signal.reason));
    const fail = (error: Error): void => finish(() => resolve({ ok: false, message: error.message }));
    signal.addEventListener("abort", onAbort, { once: true });
    session.on("error", fail);
    const stream = session.request({
      ":method": "POST",
      ":path": "/grpc.health.v1.Health/Check",
      "content-type": "application/grpc",
      te: "trailers",
      "user-agent": "orch-probe",
    });
    let told: IncomingHttpHeaders = {};
    let body = Buffer.alloc(0);
    stream.on("response", (headers) => {
      told = headers;
    });
    stream.on("trailers", (headers) => {
      told = { ...told, ...headers };
    });
    stream.on("data", (chunk: Buffer) => {
      body = Buffer.concat([body, chunk]);
      if (body.length > mostAnswerBytes) stream.close(constants.NGHTTP2_CANCEL);
    });
    stream.on("error", fail);
    stream.on("close", () => finish(() => resolve(judge(told, body))));
    stream.end(request(action.service ?? ""));
  });
}

/** HealthCheckRequest: field 1, the service's name, behind gRPC's prefix. */
function request(service: string): Buffer {
  const name = Buffer.from(service);
  const message = name.length === 0 ? name : Buffer.concat([Buffer.from([0x0a, ...varint(name.length)]), name]);
  const prefix = Buffer.alloc(prefixBytes);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

function varint(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}

function judge(told: IncomingHttpHeaders, body: Buffer): ProbeAnswer {
  const grpcStatus = Number(told["grpc-status"] ?? -1);
  if (grpcStatus !== 0) {
    const message = told["grpc-message"];
    const detail = typeof message === "string" && message !== "" ? `: ${message.slice(0, 200)}` : "";
    const known = grpcStatus < 0 ? "no gRPC answer" : `gRPC status ${grpcStatus}`;
    return { ok: false, message: `${known}${detail}` };
  }
  // HealthCheckResponse: field 1, the status; absent = UNKNOWN.
  const status = body[prefixBytes] === 0x08 ? (body[prefixBytes + 1] ?? 0) : 0;
  return { ok: status === serving, message: `the service is ${statusNames[status] ?? status}` };
}
