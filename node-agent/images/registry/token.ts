/** Asks a token server for a bearer token: with OAuth2 where there are credentials, else or when it knows only that, with GET (token.md, oauth2.md). */
import { Problem } from "#proto/kit/problem.ts";
import type { RegistryCredentials } from "../image-store.ts";
import { readBounded } from "./read-bounded.ts";
import type { RegistryResponse, RegistryTransport } from "./transport.ts";

export interface TokenRequest {
  /** Checked by the caller: it sees the credentials. */
  readonly realm: URL;
  readonly service: string | undefined;
  readonly scopes: readonly string[];
  readonly credentials: RegistryCredentials | undefined;
  /** The registry, for messages. */
  readonly host: string;
  readonly signal: AbortSignal;
}

export interface Token {
  readonly value: string;
  readonly expiresInMs: number;
}

const maxTokenBytes = 256 * 1024;
const defaultExpirySeconds = 60; // token.md
const clientId = "orch";

export async function fetchToken(transport: RegistryTransport, wanted: TokenRequest): Promise<Token> {
  if (wanted.credentials?.identityToken !== undefined) {
    const posted = await post(transport, wanted, wanted.credentials.identityToken);
    if (posted.status === 200) return readToken(posted, wanted);
    throw await refusal(posted, wanted);
  }
  const response = await get(transport, wanted);
  if (response.status === 200) return readToken(response, wanted);
  // Some servers know OAuth2 only.
  const { credentials } = wanted;
  if (credentials && (response.status === 404 || response.status === 405)) {
    await response.discard();
    const posted = await post(transport, wanted, undefined);
    if (posted.status === 200) return readToken(posted, wanted);
    throw await refusal(posted, wanted);
  }
  throw await refusal(response, wanted);
}

function get(transport: RegistryTransport, wanted: TokenRequest): Promise<RegistryResponse> {
  const { realm, service, scopes, credentials, signal } = wanted;
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set("service", service);
  for (const scope of scopes) url.searchParams.append("scope", scope);
  if (credentials) url.searchParams.set("account", credentials.username);
  const headers = { accept: "application/json" };
  return transport.send({ url, headers, authorization: credentials && basic(credentials), signal });
}

function post(
  transport: RegistryTransport,
  wanted: TokenRequest,
  identityToken: string | undefined,
): Promise<RegistryResponse> {
  const { realm, service, scopes, credentials, signal } = wanted;
  const form = new URLSearchParams({ client_id: clientId, scope: scopes.join(" ") });
  if (service !== undefined) form.set("service", service);
  if (identityToken !== undefined) {
    form.set("grant_type", "refresh_token");
    form.set("refresh_token", identityToken);
  } else {
    form.set("grant_type", "password");
    form.set("username", credentials?.username ?? "");
    form.set("password", credentials?.password ?? "");
  }
  const headers = { accept: "application/json", "content-type": "application/x-www-form-urlencoded" };
  return transport.send({ method: "POST", url: realm, headers, body: Buffer.from(form.toString()), signal });
}

async function refusal(response: RegistryResponse, { realm, credentials, host }: TokenRequest): Promise<Problem> {
  await response.discard();
  const { status } = response;
  if (status === 400 || status === 401 || status === 403) {
    const what = credentials ? "the credentials" : "an anonymous token";
    return new Problem("unauthenticated", `${realm.host} refused ${what} for ${host}`, {
      hint: credentials
        ? "check user name and password in the imagePullSecret"
        : "add an imagePullSecret with credentials for this registry to the pod",
    });
  }
  return new Problem("unavailable", `${realm.host} answered ${status} when asked for a token for ${host}`);
}

async function readToken(response: RegistryResponse, { realm }: TokenRequest): Promise<Token> {
  const body = await readBounded(response.body, maxTokenBytes, `the token of ${realm.host}`);
  let json: unknown;
  try {
    json = JSON.parse(body.toString());
  } catch (thrown) {
    throw new Problem("unavailable", `${realm.host} answered with something that is no token`, { cause: thrown });
  }
  const fields = (typeof json === "object" && json !== null ? json : {}) as Record<string, unknown>;
  const value = fields.token ?? fields.access_token;
  if (typeof value !== "string" || !/^[\x21-\x7e]+$/.test(value)) {
    throw new Problem("unavailable", `${realm.host} answered without a token`);
  }
  const seconds = typeof fields.expires_in === "number" ? fields.expires_in : defaultExpirySeconds;
  return { value, expiresInMs: Math.max(0, seconds) * 1000 };
}

export function basic(credentials: RegistryCredentials): string {
  return `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64")}`;
}
