/**
 * gRPC to one member of etcd over plain HTTP/2: what is called all the time costs a fraction of a whole gRPC library. One
 * connection, made when a call needs it and again when a call finds it gone. Repeats nothing.
 */
import { type ClientHttp2Session, type ClientHttp2Stream, connect, type IncomingHttpHeaders } from "node:http2";
import type { SecureContext } from "node:tls";
import { checkServerIdentity } from "node:tls";
import type { Clock } from "#proto/kit/clock.ts";
import { keepAlive } from "#proto/kit/rpc/http2-keep-alive.ts";
import { MessageReader } from "#proto/kit/rpc/message-reader.ts";
import { readable } from "#proto/kit/rpc/stream-io.ts";
import { EtcdCallError, grpcStatus, statusOf } from "./etcd-call-error.ts";

export interface EtcdSecurity {
  readonly context: SecureContext;
  /** The DNS name asked for; the certificate must have it, or, when it is given, the address. */
  readonly serverName: string | undefined;
  readonly address: string | undefined;
}

export interface EtcdConnectionOptions {
  /** As `https://10.0.0.1:2379`. */
  readonly url: string;
  readonly clock: Clock;
  readonly maxMessageBytes: number;
  readonly connectTimeoutMs: number;
  /** Asked at each new connection. */
  readonly security: () => EtcdSecurity | undefined;
}

const windowBytes = 4 << 20;
/** Node counts what it holds for a session against this, and refuses streams beyond; calls are bounded above us. */
const maxSessionMemoryMb = 512;
const prefixBytes = 5;

export interface EtcdStream {
  /** Messages until etcd ends the stream, which throws. Read once; leaving early cancels. */
  messages(): AsyncGenerator<Buffer, void, undefined>;
  cancel(): void;
}

export class EtcdConnection {
  readonly #options: EtcdConnectionOptions;
  /** The connection, or the attempt to make it. */
  #attempt: Promise<ClientHttp2Session> | undefined;
  #calls = 0;
  #closed = false;

  constructor(options: EtcdConnectionOptions) {
    this.#options = options;
  }

  /** One framed message each way. Rejects with `EtcdCallError`. */
  async unary(path: string, request: Buffer, timeoutMs: number): Promise<Buffer> {
    const session = await this.#connected();
    return await new Promise((resolve, reject) => {
      const stream = this.#request(session, path, {});
      const parts: Buffer[] = [];
      let told: IncomingHttpHeaders = {};
      let length = 0;
      let failed: EtcdCallError | undefined;
      const fail = (error: EtcdCallError): void => {
        failed ??= error;
        stream.destroy();
      };
      const timer = this.#options.clock.after(timeoutMs, () =>
        fail(new EtcdCallError(grpcStatus.deadlineExceeded, `no answer within ${timeoutMs} ms`)),
      );
      stream.on("response", (headers) => {
        told = headers;
      });
      stream.on("trailers", (headers) => {
        told = headers;
      });
      stream.on("data", (part: Buffer) => {
        parts.push(part);
        length += part.length;
        const { maxMessageBytes } = this.#options;
        if (length > maxMessageBytes + prefixBytes) fail(tooLarge(maxMessageBytes));
      });
      stream.on("error", (error: Error) => {
        failed ??= broke(error.message);
      });
      stream.on("close", () => {
        timer.cancel();
        const error = failed ?? statusOf(told);
        if (error) reject(error);
        else resolve((parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts, length)).subarray(prefixBytes));
      });
      stream.end(request);
    });
  }

  /** One framed message there, many back. The stream stays open on our side. */
  async stream(path: string, request: Buffer, headers: Readonly<Record<string, string>>): Promise<EtcdStream> {
    const stream = this.#request(await this.#connected(), path, headers);
    let told: IncomingHttpHeaders = {};
    let failed: EtcdCallError | undefined;
    stream.on("response", (received) => {
      told = received;
    });
    stream.on("trailers", (received) => {
      told = received;
    });
    stream.on("error", (error: Error) => {
      failed ??= broke(error.message);
    });
    stream.write(request);
    const { maxMessageBytes } = this.#options;
    return {
      async *messages() {
        const reader = new MessageReader(maxMessageBytes);
        try {
          for await (const part of readable(stream)) yield* reader.push(part as Buffer);
        } catch (thrown) {
          throw failed ?? statusOf(told) ?? thrown;
        } finally {
          stream.destroy();
        }
        throw failed ?? statusOf(told) ?? broke("it ended the stream");
      },
      cancel: () => void stream.destroy(),
    };
  }

  /** Resolves when the connection breaks, or the signal aborts. Rejects when none can be made. */
  async untilBroken(signal: AbortSignal): Promise<void> {
    const session = await this.#connected();
    await new Promise<void>((resolve) => {
      const done = (): void => {
        session.off("close", done);
        signal.removeEventListener("abort", done);
        resolve();
      };
      session.once("close", done);
      signal.addEventListener("abort", done, { once: true });
      if (signal.aborted || session.destroyed) done();
    });
  }

  close(): void {
    this.#closed = true;
    this.#attempt?.then((session) => session.destroy()).catch(() => undefined);
  }

  #request(session: ClientHttp2Session, path: string, more: Readonly<Record<string, string>>): ClientHttp2Stream {
    const headers = { ":method": "POST", ":path": path, "content-type": "application/grpc", te: "trailers", ...more };
    this.#calls++;
    try {
      const stream = session.request(headers);
      stream.once("close", () => this.#calls--);
      return stream;
    } catch (thrown) {
      this.#calls--;
      throw broke(thrown instanceof Error ? thrown.message : String(thrown));
    }
  }

  async #connected(): Promise<ClientHttp2Session> {
    let hasJoined = false;
    while (true) {
      if (this.#closed) throw broke("the client is closed");
      const isOwn = this.#attempt === undefined;
      this.#attempt ??= this.#connect();
      const attempt = this.#attempt;
      const session = await attempt.catch((thrown: unknown) => {
        if (this.#attempt === attempt) this.#attempt = undefined;
        // An attempt from before etcd came back says nothing of now.
        if (isOwn || hasJoined) throw thrown;
        hasJoined = true;
      });
      if (session && !session.closed && !session.destroyed) return session;
      if (this.#attempt === attempt) this.#attempt = undefined;
    }
  }

  #connect(): Promise<ClientHttp2Session> {
    const { url, clock, connectTimeoutMs } = this.#options;
    const session = connect(url, {
      ...tlsOptions(this.#options.security()),
      settings: { initialWindowSize: windowBytes, enablePush: false },
      maxSessionMemory: maxSessionMemoryMb,
    });
    return new Promise((resolve, reject) => {
      const fail = (why: string): void => {
        timer.cancel();
        session.destroy();
        reject(broke(why));
      };
      const timer = clock.after(connectTimeoutMs, () => fail(`no connection within ${connectTimeoutMs} ms`));
      // Later errors end the calls on it, which tell.
      session.on("error", (error: Error) => fail(error.message));
      session.once("close", () => fail("it hung up"));
      session.once("remoteSettings", () => {
        timer.cancel();
        session.setLocalWindowSize(windowBytes);
        // etcd takes pings on a connection without calls, and more often than every 5 s, for an attack.
        keepAlive(session, clock, { everyMs: 10_000, timeoutMs: 3_000, isBusy: () => this.#calls > 0 });
        resolve(session);
      });
    });
  }
}

function tlsOptions(security: EtcdSecurity | undefined): object {
  if (!security) return {};
  const { context, serverName, address } = security;
  return {
    secureContext: context,
    ...(serverName !== undefined && { servername: serverName }),
    ...(address !== undefined && {
      checkServerIdentity: (_name: string, certificate: Parameters<typeof checkServerIdentity>[1]) =>
        checkServerIdentity(address, certificate),
    }),
  };
}

const broke = (why: string): EtcdCallError => new EtcdCallError(grpcStatus.unavailable, why);
const tooLarge = (maxBytes: number): EtcdCallError =>
  new EtcdCallError(grpcStatus.resourceExhausted, `Received message larger than max (${maxBytes})`);
