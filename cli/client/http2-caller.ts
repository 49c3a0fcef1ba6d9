/**
 * A unary gRPC call over plain HTTP/2 (grpc/doc/PROTOCOL-HTTP2.md), for commands that make one and end: grpc-js takes longer to
 * load than such a command takes to run. One connection, TLS by name, one answer at a time bounded in size.
 */
import { type ClientHttp2Session, connect, constants, type IncomingHttpHeaders } from "node:http2";
import type { MethodDefinition } from "@grpc/grpc-js";
import { Problem } from "#proto/kit/problem.ts";
import { codeOfStatus, decodeProblem, problemMetadataKey } from "#proto/kit/rpc/problem-wire.ts";
import type { Sendable } from "#proto/kit/rpc/sendable.ts";
import type { UnaryCaller } from "./object-reader.ts";

export interface Http2Target {
  /** `HOST:PORT` */
  readonly address: string;
  /** The DNS name that the server's certificate must have. */
  readonly serverName: string;
  readonly certificateAuthority: string;
  readonly clientCertificate: string;
  readonly clientKey: string;
  readonly connectTimeoutMs: number;
  /** For each call. */
  readonly callTimeoutMs: number;
}

const maxAnswerBytes = 64 * 1024 * 1024;
const prefixBytes = 5;

export class Http2Caller implements UnaryCaller {
  readonly #session: ClientHttp2Session;
  readonly #timeoutMs: number;

  private constructor(session: ClientHttp2Session, timeoutMs: number) {
    this.#session = session;
    this.#timeoutMs = timeoutMs;
    // A cut connection is told by the calls on it.
    session.on("error", () => undefined);
  }

  /** Rejects when there is no connection in time. */
  static connect(target: Http2Target, signal: AbortSignal): Promise<Http2Caller> {
    const session = connect(`https://${target.address}`, {
      ca: target.certificateAuthority,
      cert: target.clientCertificate,
      key: target.clientKey,
      servername: target.serverName,
      minVersion: "TLSv1.3",
    });
    return new Promise((resolve, reject) => {
      const fail = (thrown: unknown): void => {
        session.destroy();
        reject(thrown);
      };
      const onAbort = (): void => fail(signal.reason);
      signal.addEventListener("abort", onAbort, { once: true });
      session.setTimeout(target.connectTimeoutMs, () => fail(new Problem("timeout", "no connection in time")));
      session.once("error", fail);
      session.once("connect", () => {
        signal.removeEventListener("abort", onAbort);
        session.setTimeout(0);
        session.off("error", fail);
        resolve(new Http2Caller(session, target.callTimeoutMs));
      });
    });
  }

  unary<Request, Reply>(
    method: MethodDefinition<Request, Reply>,
    request: Sendable<Request>,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<Reply> {
    const { signal } = options;
    const stream = this.#session.request({
      ":method": "POST",
      ":path": method.path,
      "content-type": "application/grpc",
      te: "trailers",
      "grpc-timeout": `${this.#timeoutMs}m`,
      "user-agent": "orchctl",
    });
    return new Promise((resolve, reject) => {
      const parts: Buffer[] = [];
      let bytes = 0;
      let trailers: IncomingHttpHeaders = {};
      const cancel = (thrown: unknown): void => {
        stream.close(constants.NGHTTP2_CANCEL);
        reject(thrown);
      };
      const onAbort = (): void => cancel(signal?.reason);
      signal?.addEventListener("abort", onAbort, { once: true });
      stream.setTimeout(this.#timeoutMs, () =>
        cancel(new Problem("timeout", "the control plane did not answer in time")),
      );
      stream.on("response", (headers) => {
        trailers = headers;
      });
      stream.on("trailers", (headers) => {
        trailers = headers;
      });
      stream.on("data", (part: Buffer) => {
        bytes += part.length;
        if (bytes > maxAnswerBytes) cancel(new Problem("too-large", "the answer is larger than 64 MiB"));
        else parts.push(part);
      });
      stream.on("error", (error) =>
        reject(new Problem("unavailable", `the connection broke: ${error.message}`, { cause: error })),
      );
      stream.on("close", () => {
        signal?.removeEventListener("abort", onAbort);
        try {
          resolve(method.responseDeserialize(messageOf(Buffer.concat(parts), trailers)));
        } catch (thrown) {
          reject(thrown);
        }
      });
      stream.end(framed(method.requestSerialize(request as Request)));
    });
  }

  close(): void {
    this.#session.destroy();
  }
}

/** A message behind its prefix: not compressed, length. */
function framed(message: Buffer): Buffer {
  const prefix = Buffer.alloc(prefixBytes);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** The one message of the answer, or the Problem that its trailers tell. */
function messageOf(body: Buffer, trailers: IncomingHttpHeaders): Buffer {
  const status = Number(trailers["grpc-status"] ?? 14);
  if (status !== 0) throw problemOf(status, trailers);
  if (body.length < prefixBytes || body[0] !== 0 || body.readUInt32BE(1) !== body.length - prefixBytes) {
    throw new Problem("internal", "the control plane's answer cannot be read");
  }
  return body.subarray(prefixBytes);
}

function problemOf(status: number, trailers: IncomingHttpHeaders): Problem {
  const told = trailers[problemMetadataKey];
  if (typeof told === "string") return decodeProblem(Buffer.from(told, "base64"));
  const message = trailers["grpc-message"];
  return new Problem(
    codeOfStatus(status),
    typeof message === "string" ? decodeURIComponent(message) : "the call failed",
  );
}
