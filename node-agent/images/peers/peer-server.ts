/**
 * Serves this node's blobs to other nodes: the only port an agent opens. Each caller shows a node's certificate, and a ticket of the control
 * plane for this node, itself and the blob. Blobs that are still coming are read along. Uploads are bounded; beyond that callers go elsewhere.
 */
import { open } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { type AddressInfo, isIPv6 } from "node:net";
import type { TLSSocket } from "node:tls";
import { ticketRefusal } from "#proto/identity/blob-ticket.ts";
import { readCertificate } from "#proto/identity/certificate.ts";
import { nodeNameOf } from "#proto/identity/names.ts";
import type { Clock } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import type { BlobStore } from "../blob-store.ts";
import { blobPathPattern, type PeerIdentity, ticketHeader } from "./peer-identity.ts";
import { ReadableBlob } from "./readable-blob.ts";

export interface PeerServerOptions {
  readonly nodeName: string;
  /** Where to listen. */
  readonly host: string;
  readonly port: number;
  readonly identity: PeerIdentity;
  readonly blobs: BlobStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly maxUploads?: number;
}

const defaultMaxUploads = 32;
/** How long a caller that takes nothing is waited for. */
const stallMs = 30_000;
/** How long the blob may be on its way to here. */
const arrivalMs = 10_000;
const pieceBytes = 1024 * 1024;

export class PeerServer {
  readonly #options: PeerServerOptions;
  readonly #server: Server;
  readonly #stopping = new AbortController();
  #identity: PeerIdentity;
  #uploads = 0;

  private constructor(options: PeerServerOptions) {
    this.#options = options;
    this.#identity = options.identity;
    this.#server = createServer(
      { ...tlsOptions(options.identity), requestCert: true, rejectUnauthorized: true, handshakeTimeout: 10_000 },
      (request, response) => void this.#serve(request, response),
    );
    this.#server.headersTimeout = 10_000;
    this.#server.maxConnections = (options.maxUploads ?? defaultMaxUploads) * 4;
    this.#server.on("tlsClientError", () => undefined); // strangers; the handshake has told them
  }

  /** Problem `unavailable` when the port cannot be had. */
  static async start(options: PeerServerOptions): Promise<PeerServer> {
    const peers = new PeerServer(options);
    const server = peers.#server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", (thrown) => {
        const where = `${options.host}:${options.port}`;
        reject(
          new Problem("unavailable", `other nodes cannot be served on ${where}: ${errnoOf(thrown)}`, { cause: thrown }),
        );
      });
      server.listen({ host: options.host, port: options.port }, resolve);
    });
    server.on("error", (thrown) => options.logger.warn({ err: thrown }, "serving other nodes had a fault"));
    return peers;
  }

  /** `HOST:PORT` */
  get address(): string {
    const { port } = this.#server.address() as AddressInfo;
    const { host } = this.#options;
    return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
  }

  /** New connections see the new certificate. */
  replaceIdentity(identity: PeerIdentity): void {
    this.#identity = identity;
    this.#server.setSecureContext(tlsOptions(identity));
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Problem("canceled", "the agent stops"));
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { logger, maxUploads = defaultMaxUploads } = this.#options;
    const gone = new AbortController();
    response.once("close", () => gone.abort(new Problem("canceled", "the other node hung up")));
    response.on("error", () => undefined); // `close` follows
    const digest = blobPathPattern.exec(request.url ?? "")?.[1];
    const refusal = digest === undefined ? "there are only blobs here" : this.#refusal(request, digest);
    if (request.method !== "GET" || digest === undefined || refusal !== undefined) {
      logger.info({ from: request.socket.remoteAddress, refusal }, "another node's request was refused");
      return answer(response, 403, refusal ?? "only GET");
    }
    if (this.#uploads >= maxUploads) return answer(response, 503, "too many nodes fetch from here now");
    this.#uploads += 1;
    try {
      await this.#upload(request, response, digest, AbortSignal.any([gone.signal, this.#stopping.signal]));
    } catch (thrown) {
      const problem = Problem.from(thrown);
      if (!gone.signal.aborted) logger.info({ blob: digest, error: problem.message }, "a blob could not be served");
      if (response.headersSent) response.destroy();
      else answer(response, problem.code === "not-found" ? 404 : 500, problem.message);
    } finally {
      this.#uploads -= 1;
    }
  }

  #refusal(request: IncomingMessage, digest: string): string | undefined {
    const certificate = (request.socket as TLSSocket).getPeerCertificate();
    const caller = certificate.raw === undefined ? undefined : nodeNameOf(readCertificate(certificate.raw));
    if (caller === undefined) return "only nodes of the cluster may fetch blobs";
    const { cluster, authoritiesPem } = this.#identity;
    const ticket = request.headers[ticketHeader];
    return ticketRefusal(typeof ticket === "string" ? ticket : "", {
      from: this.#options.nodeName,
      by: caller,
      digest,
      cluster,
      authoritiesPem,
      nowMs: this.#options.clock.nowMs(),
    });
  }

  async #upload(
    request: IncomingMessage,
    response: ServerResponse,
    digest: string,
    signal: AbortSignal,
  ): Promise<void> {
    const { blobs, clock } = this.#options;
    const blob = await ReadableBlob.find(blobs, digest, { clock, waitMs: arrivalMs, signal });
    const range = /^bytes=(\d{1,15})-$/.exec(request.headers.range ?? "");
    const start = range ? Math.min(Number(range[1]), blob.sizeBytes) : 0;
    const left = blob.sizeBytes - start;
    const headers = { "content-type": "application/octet-stream", "content-length": left };
    const part = { ...headers, "content-range": `bytes ${start}-${blob.sizeBytes - 1}/${blob.sizeBytes}` };
    response.writeHead(range ? 206 : 200, range ? part : headers);
    response.flushHeaders();
    const file = await open(blob.path, "r").catch(() => open(blobs.path(digest), "r"));
    try {
      for (let offset = start; offset < blob.sizeBytes; ) {
        const end = Math.min(await blob.beyond(offset, signal), offset + pieceBytes);
        const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(end - offset), 0, end - offset, offset);
        if (bytesRead === 0) throw new Problem("unavailable", "the blob became shorter while it was read");
        await this.#send(response, buffer.subarray(0, bytesRead), signal);
        offset += bytesRead;
      }
    } finally {
      await file.close();
    }
    response.end();
  }

  /** Resolves when there is room for more. */
  #send(response: ServerResponse, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (response.write(bytes)) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void): void => {
        timer.cancel();
        signal.removeEventListener("abort", onAbort);
        response.off("drain", onDrain);
        finish();
      };
      const onDrain = (): void => settle(resolve);
      const onAbort = (): void => settle(() => reject(signal.reason));
      const timer = this.#options.clock.after(stallMs, () => {
        settle(() => reject(new Problem("timeout", `the other node took nothing for ${stallMs / 1000} s`)));
      });
      response.once("drain", onDrain);
      signal.addEventListener("abort", onAbort, { once: true });
    });
  }
}

function tlsOptions(identity: PeerIdentity): {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  readonly minVersion: "TLSv1.3";
} {
  const { authoritiesPem, certificateChainPem, privateKeyPem } = identity;
  return { ca: authoritiesPem, cert: certificateChainPem, key: privateKeyPem, minVersion: "TLSv1.3" };
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain", connection: "close" });
  response.end(`${text}\n`);
}
