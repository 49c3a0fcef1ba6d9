/** Asks a registry whether it takes these credentials: one look at its API, and at its token server when it has one. */
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { getCACertificates } from "node:tls";
import { type Challenge, isSameSite, parseChallenges } from "#proto/kit/auth-challenge.ts";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import type { StoredCredentials } from "./docker-config.ts";

export interface RegistryAccess {
  readonly server: string;
  readonly plainHttp: boolean;
  readonly insecureSkipTlsVerify: boolean;
  /** PEM; the machine's authorities when undefined. */
  readonly certificateAuthority: string | undefined;
}

const timeoutMs = 20_000;
const maxAnswerBytes = 256 * 1024;

/** Problem `unauthenticated` when it refuses; `unavailable` and `timeout` when it cannot be asked. */
export async function checkCredentials(
  access: RegistryAccess,
  credentials: StoredCredentials,
  signal: AbortSignal,
): Promise<void> {
  const host = access.server === "docker.io" ? "registry-1.docker.io" : access.server;
  const url = new URL(`${access.plainHttp ? "http" : "https"}://${host}/v2/`);
  const first = await get(access, url, undefined, signal);
  if (first.status === 200) return; // it asks nobody: then there is nothing to refuse either
  if (first.status !== 401) {
    throw new Problem("unavailable", `${access.server} answered ${first.status}: is there a registry?`, {
      hint: "check the host and port",
    });
  }
  const challenges = parseChallenges(first.challenges);
  const bearer = challenges.find(({ scheme }) => scheme === "bearer");
  if (!bearer && !challenges.some(({ scheme }) => scheme === "basic"))
    throw new Problem("unsupported", `${access.server} wants another proof than a password`);
  const answer = await get(access, bearer ? realmOf(bearer, url, access) : url, credentials, signal);
  if (answer.status === 200) return;
  if ([400, 401, 403].includes(answer.status)) {
    throw new Problem("unauthenticated", `${access.server} refused the user name or the password`, {
      hint: "some registries want an access token in place of the password",
    });
  }
  throw new Problem("unavailable", `${access.server} answered ${answer.status} to the credentials`);
}

/** The token server sees the password: it must be the registry, or of its domain, and over TLS as the registry is. */
function realmOf(challenge: Challenge, registry: URL, access: RegistryAccess): URL {
  const realm = challenge.parameters.get("realm") ?? "";
  const url = URL.canParse(realm) ? new URL(realm) : undefined;
  const isPlain = url?.protocol === "http:" && access.plainHttp;
  if (!url || (url.protocol !== "https:" && !isPlain)) {
    throw new Problem("unavailable", `${access.server} names no usable token server`);
  }
  if (!isSameSite(url.hostname, registry.hostname)) {
    throw new Problem(
      "forbidden",
      `${access.server} wants the password sent to ${url.host}, which is not of its domain`,
    );
  }
  const service = challenge.parameters.get("service");
  if (service !== undefined) url.searchParams.set("service", service);
  return url;
}

interface Answer {
  readonly status: number;
  readonly challenges: readonly string[];
}

function get(
  access: RegistryAccess,
  url: URL,
  credentials: StoredCredentials | undefined,
  signal: AbortSignal,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const headers = credentials
    ? { authorization: `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64")}` }
    : {};
  const isPlain = url.protocol === "http:";
  const options = { headers: { "user-agent": "orchctl", ...headers }, signal: bounded(signal), agent: false };
  const onResponse = (response: IncomingMessage): void => {
    let size = 0;
    response.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxAnswerBytes) response.destroy();
    });
    const challenge = response.headers["www-authenticate"];
    response.on("close", () =>
      resolve({ status: response.statusCode ?? 0, challenges: challenge === undefined ? [] : [challenge] }),
    );
    response.on("error", () => undefined); // `close` follows
  };
  const sent = isPlain
    ? httpRequest(url, options, onResponse)
    : httpsRequest(url, { ...options, ...trust(access) }, onResponse);
  sent.on("error", (thrown) => reject(signal.aborted ? Problem.from(signal.reason) : unreachable(thrown, url.host)));
  sent.end();
  return promise;
}

const bounded = (signal: AbortSignal): AbortSignal => AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);

function trust(access: RegistryAccess): { readonly ca?: string | string[]; readonly rejectUnauthorized: boolean } {
  const rejectUnauthorized = !access.insecureSkipTlsVerify;
  if (access.certificateAuthority !== undefined) return { ca: access.certificateAuthority, rejectUnauthorized };
  const system = getCACertificates("system");
  return system.length > 0 ? { ca: system, rejectUnauthorized } : { rejectUnauthorized };
}

function unreachable(thrown: unknown, host: string): Problem {
  const code = errnoOf(thrown) ?? "";
  const cause = thrown;
  if (["ERR_SSL_WRONG_VERSION_NUMBER", "ERR_SSL_PACKET_LENGTH_TOO_LONG", "EPROTO"].includes(code)) {
    return new Problem("unavailable", `${host} does not speak HTTPS`, {
      cause,
      hint: "if it shall be used without TLS: --plain-http",
    });
  }
  if (/CERT|SIGNATURE|ISSUER|ALTNAME/.test(code)) {
    return new Problem("unavailable", `${host} has a certificate that is not trusted here (${code})`, {
      cause,
      hint: "name the authority that signed it: --ca-file FILE",
    });
  }
  const reasons: Readonly<Record<string, string>> = {
    ECONNREFUSED: "it refuses connections",
    ENOTFOUND: "its name is unknown",
    EAI_AGAIN: "its name cannot be looked up now",
    ABORT_ERR: `it did not answer within ${timeoutMs / 1000} s`,
  };
  const reason = reasons[code] ?? (thrown instanceof Error ? thrown.message : String(thrown));
  return new Problem("unavailable", `${host} cannot be reached: ${reason}`, { cause });
}
