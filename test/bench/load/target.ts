/** A gRPC server as a loader dials it: by address, mTLS, known by name; calls with as little of the client's own as can be. */
import { readFileSync } from "node:fs";
import { type ClientHttp2Session, type ClientHttp2Stream, connect as dial, type IncomingHttpHeaders } from "node:http2";
import type { MethodDefinition } from "@grpc/grpc-js";
import { defaultMaxMessageBytes } from "#proto/kit/rpc/limits.ts";
import { MessageReader } from "#proto/kit/rpc/message-reader.ts";
import type { Sendable } from "#proto/kit/rpc/sendable.ts";
import type { orch } from "#proto/wire/generated/messages.js";
import { apiService } from "#proto/wire/generated/services.ts";

export interface Target {
  readonly address: string;
  readonly serverName: string;
  readonly certificateAuthority: string;
  readonly clientCertificate: string;
  readonly clientKey: string;
}

const prefixBytes = 5;

export async function openSession(target: Target): Promise<ClientHttp2Session> {
  const { certificateAuthority, clientCertificate, clientKey, serverName } = target;
  const session = dial(`https://${target.address}`, {
    ca: certificateAuthority,
    cert: clientCertificate,
    key: clientKey,
    servername: serverName,
  });
  await new Promise((resolve, reject) => session.once("connect", resolve).once("error", reject));
  session.on("error", () => undefined);
  return session;
}

/** One connection, for calls with one message each way. */
export class Caller {
  readonly #session: ClientHttp2Session;

  constructor(session: ClientHttp2Session) {
    this.#session = session;
  }

  unary<Request, Reply>(method: MethodDefinition<Request, Reply>, request: Sendable<Request>): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const stream = this.#session.request(requestHeaders(method.path));
      const parts: Buffer[] = [];
      let told: IncomingHttpHeaders = {};
      stream.on("response", (headers) => {
        told = headers;
      });
      stream.on("trailers", (headers) => {
        told = headers;
      });
      stream.on("data", (part: Buffer) => parts.push(part));
      stream.on("error", reject);
      stream.on("close", () => {
        if (told["grpc-status"] === "0")
          resolve(method.responseDeserialize(Buffer.concat(parts).subarray(prefixBytes)));
        else reject(new Error(`${method.path}: status ${told["grpc-status"]} ${told["grpc-message"]}`));
      });
      stream.end(framed(method.requestSerialize(request as Request)));
    });
  }

  close(): void {
    this.#session.destroy();
  }
}

/** One connection and one stream, that carries calls of our API. */
export class StreamedCaller {
  readonly #session: ClientHttp2Session;
  readonly #stream: ClientHttp2Stream;
  readonly #waiting = new Map<number, PromiseWithResolvers<Uint8Array>>();
  #lastId = 0;

  constructor(session: ClientHttp2Session) {
    this.#session = session;
    this.#stream = session.request(requestHeaders(apiService.carry.path), { endStream: false });
    const reader = new MessageReader(defaultMaxMessageBytes);
    this.#stream.on("data", (part: Buffer) => {
      for (const message of reader.push(part)) this.#take(apiService.carry.responseDeserialize(message));
    });
    this.#stream.on("error", () => undefined);
    this.#stream.on("close", () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("the stream ended"));
    });
  }

  async unary<Request, Reply>(method: MethodDefinition<Request, Reply>, request: Sendable<Request>): Promise<Reply> {
    const id = ++this.#lastId;
    const name = method.path.slice(method.path.lastIndexOf("/") + 1);
    const call = { id, method: name, request: method.requestSerialize(request as Request), deadlineMs: 0 };
    const answered = Promise.withResolvers<Uint8Array>();
    this.#waiting.set(id, answered);
    this.#stream.write(framed(apiService.carry.requestSerialize(call as orch.v1.CarriedCall)));
    return method.responseDeserialize(Buffer.from(await answered.promise));
  }

  close(): void {
    this.#session.destroy();
  }

  #take({ id, reply, problem }: orch.v1.CarriedAnswer): void {
    const answered = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (reply) answered?.resolve(reply);
    else answered?.reject(new Error(`a call failed: ${Buffer.from(problem ?? []).toString()}`));
  }
}

export const connect = async (target: Target): Promise<Caller> => new Caller(await openSession(target));

export const connectStreamed = async (target: Target): Promise<StreamedCaller> =>
  new StreamedCaller(await openSession(target));

export const requestHeaders = (path: string): Record<string, string> => ({
  ":method": "POST",
  ":path": path,
  "content-type": "application/grpc",
  te: "trailers",
});

/** A message behind its prefix: not compressed, length. */
export function framed(message: Buffer): Buffer {
  const prefix = Buffer.alloc(prefixBytes);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** The monotonic clock that all processes of a machine share, milliseconds. */
export const sharedClockMs = (): number => Number(process.hrtime.bigint() / 1000n) / 1000;

/** The job that lies in the file a loader is given as its one argument. */
export function readJob<Job>(): Job {
  return JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as Job;
}

export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN).toFixed(3));
}
