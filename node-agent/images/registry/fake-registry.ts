/** A registry in this process that answers as a test scripts it, and remembers what it was asked. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";

export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

export interface FakeRegistry {
  /** `localhost:PORT`, or the address it was told. */
  readonly host: string;
  readonly requests: {
    readonly path: string;
    readonly authorization: string | undefined;
    readonly headers: IncomingMessage["headers"];
  }[];
  /** Answers requests whose path (with query) starts so; the last one set wins. */
  on(path: string, answer: Answer): void;
  close(): Promise<void>;
}

export async function startFakeRegistry(
  tls?: { readonly key: string; readonly cert: string },
  at?: string,
): Promise<FakeRegistry> {
  const answers: { readonly path: string; readonly answer: Answer }[] = [];
  const requests: FakeRegistry["requests"] = [];
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const path = request.url ?? "";
    requests.push({ path, authorization: request.headers.authorization, headers: request.headers });
    const known = answers.findLast((candidate) => path.startsWith(candidate.path));
    if (known) known.answer(response, request);
    else response.writeHead(404).end();
  };
  const server: Server = tls ? createTlsServer(tls, handle) : createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, at ?? "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    host: `${at ?? "localhost"}:${port}`,
    requests,
    on: (path, answer) => void answers.push({ path, answer }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export const json =
  (value: unknown, headers: Record<string, string> = {}, status = 200): Answer =>
  (response) =>
    void response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));

export const status =
  (code: number, headers: Record<string, string> = {}, body = ""): Answer =>
  (response) =>
    void response.writeHead(code, headers).end(body);
