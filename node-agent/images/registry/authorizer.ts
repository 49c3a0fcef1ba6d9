/** Answers a registry's challenges: Basic, and Bearer tokens from its token server (distribution-spec, token.md). */
import { type Challenge, isSameSite, parseChallenges } from "#proto/kit/auth-challenge.ts";
import type { Clock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { RegistryCredentials } from "../image-store.ts";
import { basic, fetchToken } from "./token.ts";
import type { RegistryTransport } from "./transport.ts";

export interface AuthorizerOptions {
  readonly transport: RegistryTransport;
  readonly clock: Clock;
  /** Host of the registry's API. */
  readonly host: string;
  /** What the token shall be good for, as `repository:team/app:pull`. */
  readonly scopes: readonly string[];
  readonly credentials: RegistryCredentials | undefined;
}

/** A token that ends this soon may end on the way. */
const expiryMarginMs = 10_000;

/** One for each host, scope and credentials. Keeps the last answer, which is good for many requests. */
export class Authorizer {
  readonly #options: AuthorizerOptions;
  #header: string | undefined;
  #challenge: Challenge | undefined;
  #expiresAtMs = Number.POSITIVE_INFINITY;
  #refreshing: Promise<void> | undefined;

  constructor(options: AuthorizerOptions) {
    this.#options = options;
  }

  get header(): string | undefined {
    return this.#header;
  }

  /** As `header`, made anew when it is about to expire: for requests whose body could not be sent twice. */
  async fresh(signal: AbortSignal): Promise<string | undefined> {
    const isFresh = this.#options.clock.monotonicMs() < this.#expiresAtMs;
    if (!isFresh && this.#challenge) await this.#once([this.#challenge], signal);
    return this.#header;
  }

  /**
   * After a 401 that was sent with `used`: gets a new answer, once for all who ask at the same time. False when there is none to
   * give: then the 401 stands.
   */
  async refresh(wwwAuthenticate: readonly string[], used: string | undefined, signal: AbortSignal): Promise<boolean> {
    if (this.#header !== used) return true; // another request was faster
    await this.#once(parseChallenges(wwwAuthenticate), signal);
    return this.#header !== undefined && this.#header !== used;
  }

  async #once(challenges: readonly Challenge[], signal: AbortSignal): Promise<void> {
    this.#refreshing ??= this.#answer(challenges, signal).finally(() => {
      this.#refreshing = undefined;
    });
    await this.#refreshing;
  }

  async #answer(challenges: readonly Challenge[], signal: AbortSignal): Promise<void> {
    const bearer = challenges.find((challenge) => challenge.scheme === "bearer");
    const { credentials, clock } = this.#options;
    if (bearer) {
      const startedAtMs = clock.monotonicMs();
      const token = await this.#token(bearer, signal);
      this.#challenge = bearer;
      this.#header = `Bearer ${token.value}`;
      this.#expiresAtMs = startedAtMs + token.expiresInMs - Math.min(expiryMarginMs, token.expiresInMs / 2);
    } else if (credentials && credentials.identityToken === undefined && hasBasic(challenges)) {
      this.#header = basic(credentials);
    }
  }

  #token(challenge: Challenge, signal: AbortSignal): ReturnType<typeof fetchToken> {
    const { transport, scopes, credentials, host } = this.#options;
    const service = challenge.parameters.get("service");
    // The scopes are ours, not the challenge's: nobody talks us into more rights than we need.
    return fetchToken(transport, { realm: this.#realm(challenge), service, scopes, credentials, host, signal });
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
          hint: `if that is right, name it in spec.tokenHosts of a Registry (orch/v1) for ${host}`,
        },
      );
    }
    const isPlainTogether = settings.plainHttp === true && url.hostname === registry.hostname;
    if (!isPlainTogether) transport.checkScheme(url, registry);
    return url;
  }
}

const hasBasic = (challenges: readonly Challenge[]): boolean => challenges.some(({ scheme }) => scheme === "basic");
