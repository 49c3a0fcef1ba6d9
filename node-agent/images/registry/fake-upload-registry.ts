/** The pushing side of a registry in this process: takes uploads as docker-registry does, and fails as a test wants it to. */
import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { FakeRegistry } from "./fake-registry.ts";

export interface FakeUploads {
  readonly blobs: Map<string, Buffer>;
  /** By tag or digest. */
  readonly manifests: Map<string, { readonly type: string; readonly content: Buffer }>;
  /** `METHOD path` of everything that was asked, without identifiers of uploads. */
  readonly log: string[];
  /** Blobs of other repositories: `repository@digest`. */
  readonly mountable: Set<string>;
  /** The next bodies are cut after so many bytes, one number a request. */
  readonly cutAfterBytes: number[];
  /** These requests are answered with this status, once each. */
  readonly refuse: { readonly method: string; readonly status: number; readonly headers?: Record<string, string> }[];
  minChunkBytes: number;
  /** So many blobs are taken without an answer. */
  lostAnswers: number;
}

/** Serves repository `name` on the registry. */
export function takeUploads(registry: FakeRegistry, name: string): FakeUploads {
  const uploads: FakeUploads = {
    blobs: new Map(),
    manifests: new Map(),
    log: [],
    mountable: new Set(),
    cutAfterBytes: [],
    refuse: [],
    minChunkBytes: 0,
    lostAnswers: 0,
  };
  const sessions = new Map<string, Buffer>();
  registry.on(`/v2/${name}/`, (response, request) => {
    const url = new URL(request.url ?? "", "http://registry");
    const rest = url.pathname.slice(`/v2/${name}/`.length);
    uploads.log.push(`${request.method} ${rest.replace(/uploads\/s\d+/, "uploads/S")}`);
    const refusal = uploads.refuse.findIndex(({ method }) => method === request.method);
    if (refusal >= 0) {
      const [{ status, headers } = { status: 500 }] = uploads.refuse.splice(refusal, 1);
      request.resume();
      response.writeHead(status, headers).end();
      return;
    }
    void answer({ uploads, sessions, name, url, rest, request, response });
  });
  return uploads;
}

interface Exchange {
  readonly uploads: FakeUploads;
  readonly sessions: Map<string, Buffer>;
  readonly name: string;
  readonly url: URL;
  readonly rest: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function answer(exchange: Exchange): Promise<void> {
  const { uploads, rest, request, response } = exchange;
  const [kind, reference = ""] = rest.split("/");
  if (kind === "manifests") {
    const content = await bodyOf(request);
    uploads.manifests.set(reference, { type: String(request.headers["content-type"]), content });
    response.writeHead(201, { "docker-content-digest": digestOf(content) }).end();
  } else if (request.method === "HEAD") response.writeHead(uploads.blobs.has(reference) ? 200 : 404).end();
  else if (request.method === "POST") begin(exchange);
  else await goOn(exchange, rest.split("/").at(-1) ?? "");
}

function begin({ uploads, sessions, name, url, response }: Exchange): void {
  const mount = url.searchParams.get("mount");
  if (mount !== null && uploads.mountable.has(`${url.searchParams.get("from")}@${mount}`)) {
    response.writeHead(201).end();
    return;
  }
  const id = `s${sessions.size + 1}`;
  sessions.set(id, Buffer.alloc(0));
  const minimum = uploads.minChunkBytes > 0 ? { "oci-chunk-min-length": String(uploads.minChunkBytes) } : {};
  response.writeHead(202, { location: `/v2/${name}/blobs/uploads/${id}?state=a%3Db`, ...minimum }).end();
}

async function goOn({ uploads, sessions, name, url, request, response }: Exchange, id: string): Promise<void> {
  const known = sessions.get(id);
  const location = `/v2/${name}/blobs/uploads/${id}?state=a%3Db`;
  if (!known || url.searchParams.get("state") !== "a=b") return void response.writeHead(404).end();
  const range = { location, range: `0-${Math.max(0, known.length - 1)}` };
  if (request.method === "GET") return void response.writeHead(204, range).end();
  if (request.method === "DELETE") return void response.writeHead(204).end();
  const start = Number(/^(\d+)-/.exec(String(request.headers["content-range"] ?? ""))?.[1] ?? known.length);
  if (start !== known.length) {
    request.resume();
    return void response.writeHead(416, range).end();
  }
  const cut = uploads.cutAfterBytes.shift();
  const { socket } = request;
  const content = Buffer.concat([known, await bodyOf(request, cut)]);
  sessions.set(id, content);
  if (cut !== undefined) return void socket.destroy();
  if (request.method === "PATCH") {
    return void response.writeHead(202, { location, range: `0-${content.length - 1}` }).end();
  }
  const digest = url.searchParams.get("digest") ?? "";
  if (digestOf(content) !== digest) return void response.writeHead(400).end();
  uploads.blobs.set(digest, content);
  if (uploads.lostAnswers > 0) {
    uploads.lostAnswers -= 1;
    return void socket.destroy();
  }
  response.writeHead(201).end();
}

async function bodyOf(request: IncomingMessage, limit = Number.POSITIVE_INFINITY): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = (chunk as Buffer).subarray(0, limit - size);
    chunks.push(bytes);
    size += bytes.length;
    if (size >= limit) break;
  }
  return Buffer.concat(chunks);
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}
