/**
 * A small HTTP server for what programs on this machine ask without a certificate: metrics and health. Loopback only; a page in a
 * browser that was led here by a name of its own is turned away by the Host it asks for.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { isIP } from "node:net";
import type { Logger } from "../logger.ts";
import { errnoOf, Problem } from "../problem.ts";

export interface HttpAnswer {
  readonly status: number;
  readonly contentType?: string;
  readonly body: string;
}

/** `path` without its query, `host` as it was asked for, with its port. Undefined: nothing is there. */
export type HttpHandler = (path: string, query: URLSearchParams, host: string) => Promise<HttpAnswer | undefined>;

export interface HttpEndpointOptions {
  readonly host: string;
  readonly port: number;
  /** Named when the address is taken. */
  readonly flag: string;
  readonly handle: HttpHandler;
  readonly logger: Logger;
}

const plainText = "text/plain; charset=utf-8";
const maxConnections = 64;

export class HttpEndpoint {
  readonly #server: Server;
  readonly port: number;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  static listen(options: HttpEndpointOptions): Promise<HttpEndpoint> {
    const { host, port, flag } = options;
    const server = createServer(
      { requestTimeout: 10_000, headersTimeout: 5_000, keepAliveTimeout: 5_000, maxHeaderSize: 8_192 },
      (request, response) => void answer(request, response, options),
    );
    server.maxConnections = maxConnections;
    return new Promise((resolve, reject) => {
      server.once("error", (error) => {
        const why = errnoOf(error) === "EADDRINUSE" ? "another program uses it" : error.message;
        reject(
          new Problem("unavailable", `metrics cannot be served on ${host}:${port}: ${why}`, {
            hint: `Choose another address with ${flag} HOST:PORT, or ${flag} none.`,
            cause: error,
          }),
        );
      });
      server.listen({ host, port }, () => {
        const bound = server.address();
        resolve(new HttpEndpoint(server, typeof bound === "object" && bound !== null ? bound.port : port));
      });
    });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, options: HttpEndpointOptions): Promise<void> {
  const { status, contentType = plainText, body } = await decide(request, options);
  response.writeHead(status, {
    "content-type": contentType,
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

async function decide(request: IncomingMessage, { handle, logger }: HttpEndpointOptions): Promise<HttpAnswer> {
  if (request.method !== "GET" && request.method !== "HEAD") return { status: 405, body: "only GET\n" };
  const host = (request.headers.host ?? "").replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
  if (isIP(host) === 0 && host !== "localhost") return { status: 403, body: "ask by address, or by localhost\n" };
  try {
    const url = new URL(request.url ?? "/", "http://localhost");
    return (
      (await handle(url.pathname, url.searchParams, request.headers.host ?? "")) ?? {
        status: 404,
        body: "nothing is here\n",
      }
    );
  } catch (thrown) {
    const problem = Problem.from(thrown);
    logger.warn({ path: request.url?.slice(0, 200), error: problem.message }, "a request for metrics failed");
    return { status: problem.code === "not-found" ? 404 : 503, body: `${problem.message}\n` };
  }
}
