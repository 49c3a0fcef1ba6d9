/** Answers a registry's challenges: Basic, and Bearer tokens from its token server (distribution-spec, token.md). */
import { Problem } from "#proto/kit/problem.ts";
import type { RegistryCredentials } from "../image-store.ts";
import { type Challenge, parseChallenges } from "./challenge.ts";
import type { RegistryTransport } from "./transport.ts";

export interface AuthorizerOptions {
  readonly transport: RegistryTransport;
  /** Host of the registry's API. */
  readonly host: string;
  readonly repository: string;
  readonly credentials: RegistryCredentials | undefined;
}

const maxTokenBytes = 256 * 1024;

/** One for each host, repository and credentials. Keeps the last answer, which is good for many requests. */
export class Authorizer {
  readonly #options: AuthorizerOptions;
  #header: string | undefined;
  #refreshing: Promise<void> | undefined;

  constructor(options: AuthorizerOptions) {
    this.#options = options;
  }

  get header(): string | undefined {
    return this.#header;
  }

  /**
   * After a 401 that was sent with `used`: gets a new answer, once for all who ask at the same time. False when there is none to
   * give: then the 401 stands.
   */
  async refresh(wwwAuthenticate: readonly string[], used: string | undefined, signal: AbortSignal): Promise<boolean> {
    if (this.#header !== used) return true; // another request was faster
    this.#refreshing ??= this.#answer(parseChallenges(wwwAuthenticate), signal).finally(() => {
      this.#refreshing = undefined;
    });
    await this.#refreshing;
    return this.#header !== undefined && this.#header !== used;
  }

  async #answer(challenges: readonly Challenge[], signal: AbortSignal): Promise<void> {
    const bearer = challenges.find((challenge) => challenge.scheme === "bearer");
    const { credentials } = this.#options;
    if (bearer) this.#header = `Bearer ${await this.#token(bearer, signal)}`;
    else if (credentials && challenges.some((challenge) => challenge.scheme === "basic"))
      this.#header = basic(credentials);
  }

  async #token(challenge: Challenge, signal: AbortSignal): Promise<string> {
    const { transport, host, repository, credentials } = this.#options;
    const url = this.#realm(challenge);
    const service = challenge.parameters.get("service");
    if (service !== undefined) url.searchParams.set("service", service);
    // Ours, not the challenge's: nobody talks us into more rights than we need.
    url.searchParams.set("scope", `repository:${repository}:pull`);
    if (credentials) url.searchParams.set("account", credentials.username);
    const response = await transport.get({
      url,
      headers: { accept: "application/json" },
      authorization: credentials && basic(credentials),
      signal,
    });
    if (response.status === 401 || response.status === 403 || response.status === 400) {
      await response.discard();
      throw new Problem(
        "unauthenticated",
        `${url.host} refused ${credentials ? "the credentials" : "an anonymous token"} for ${host}`,
      );
    }
    if (response.status !== 200) {
      await response.discard();
      throw new Problem("unavailable", `${url.host} answered ${response.status} when asked for a token for ${host}`);
    }
    return tokenOf(await readBounded(response.body, maxTokenBytes, `the token of ${url.host}`), url.host);
  }

  /** A token server gets our credentials, so it must be the registry itself or a neighbour in its domain, over TLS. */
  #realm(challenge: Challenge): URL {
    const { transport, host } = this.#options;
    const realm = challenge.parameters.get("realm") ?? "";
    const registry = transport.baseUrl(host);
    const url = URL.canParse(realm) ? new URL(realm) : undefined;
    if (!url || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") {
      throw new Problem("unavailable", `registry ${host} names no usable token server`, { retry: "never" });
    }
    const settings = transport.settings(host);
    const isKnown = isSameSite(url.hostname, registry.hostname) || settings.tokenHosts?.includes(url.host);
    if (!isKnown) {
      throw new Problem(
        "forbidden",
        `registry ${host} wants credentials sent to ${url.host}, which is not of its domain`,
        {
          hint: "the token server must be the registry itself or a host of the same domain",
        },
      );
    }
    const isPlainTogether = settings.plainHttp === true && url.hostname === registry.hostname;
    if (!isPlainTogether) transport.checkScheme(url, registry);
    return url;
  }
}

/** Equal hosts, or names with the same last two labels. Addresses must be equal. */
function isSameSite(a: string, b: string): boolean {
  if (a === b) return true;
  if (/^[\d.]+$|:/.test(a) || /^[\d.]+$|:/.test(b)) return false;
  const site = (name: string): string => name.split(".").slice(-2).join(".");
  return a.includes(".") && site(a) === site(b);
}

function basic(credentials: RegistryCredentials): string {
  return `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64")}`;
}

function tokenOf(body: Buffer, host: string): string {
  let json: unknown;
  try {
    json = JSON.parse(body.toString());
  } catch (thrown) {
    throw new Problem("unavailable", `${host} answered with something that is no token`, { cause: thrown });
  }
  const fields = (typeof json === "object" && json !== null ? json : {}) as Record<string, unknown>;
  const token = fields.token ?? fields.access_token;
  if (typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token)) {
    throw new Problem("unavailable", `${host} answered without a token`);
  }
  return token;
}

/** Problem `invalid` as soon as there is more than `limit`. */
export async function readBounded(body: AsyncIterable<Buffer>, limit: number, object: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > limit) throw new Problem("invalid", `${object} is larger than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
