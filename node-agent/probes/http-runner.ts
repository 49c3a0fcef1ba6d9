/** httpGet: a status from 200 to 399 is success. Redirects are not followed, certificates not verified, bodies not read whole. */
import { request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import type { HttpGetAction } from "#proto/resources/pod.ts";
import { type ProbeAnswer, type ProbeTarget, portNumber } from "./runner.ts";

const maxMessageBytes = 1024;

export function runHttp(target: ProbeTarget, action: HttpGetAction, signal: AbortSignal): Promise<ProbeAnswer> {
  const port = portNumber(action.port, target.container);
  if (port === undefined) {
    return Promise.resolve({ ok: false, message: `the container has no port ${JSON.stringify(action.port)}` });
  }
  const host = action.host || target.addresses[0];
  if (!host) return Promise.resolve({ ok: false, message: "the pod has no address" });
  const isTls = action.scheme?.toUpperCase() === "HTTPS";
  return send(isTls, {
    host,
    port,
    path: requestPath(action.path),
    headers: headers(action),
    agent: false,
    signal,
    // Probing says whether it answers, not who it is; so does Kubernetes.
    ...(isTls && { rejectUnauthorized: false }),
  });
}

function requestPath(path: string | undefined): string {
  if (!path) return "/";
  return path.startsWith("/") ? path : `/${path}`;
}

function headers(action: HttpGetAction): Record<string, string | string[]> {
  const all: Record<string, string[]> = { "User-Agent": ["orch-probe"], Accept: ["*/*"], Connection: ["close"] };
  const own = new Set<string>();
  for (const { name, value = "" } of action.httpHeaders ?? []) {
    const key = Object.keys(all).find((known) => known.toLowerCase() === name.toLowerCase()) ?? name;
    if (own.has(key)) all[key]?.push(value);
    else all[key] = [value];
    own.add(key);
  }
  return Object.fromEntries(
    Object.entries(all)
      .filter(([, values]) => values.some((value) => value !== ""))
      .map(([key, values]) => [key, values.length === 1 ? (values[0] ?? "") : values]),
  );
}

function send(isTls: boolean, options: RequestOptions): Promise<ProbeAnswer> {
  return new Promise((resolve, reject) => {
    const request = (isTls ? httpsRequest : httpRequest)(options);
    request.on("error", (error) => {
      if (options.signal?.aborted) reject(options.signal.reason);
      else resolve({ ok: false, message: error.message });
    });
    request.on("response", (response) => {
      response.on("error", () => undefined);
      void answer(response).then(resolve, reject);
    });
    request.end();
  });
}

async function answer(response: IncomingMessage): Promise<ProbeAnswer> {
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 400) {
    response.destroy();
    return { ok: true, message: `HTTP status ${status}` };
  }
  let body = "";
  try {
    for await (const chunk of response) {
      body += String(chunk);
      if (body.length >= maxMessageBytes) break;
    }
  } catch {
    // The status has said what matters.
  }
  response.destroy();
  const detail = body.trim().slice(0, maxMessageBytes);
  return { ok: false, message: `HTTP probe failed with statuscode: ${status}${detail === "" ? "" : `: ${detail}`}` };
}
