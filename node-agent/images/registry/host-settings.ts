/** How to talk to hosts, and which of them have an image: derived from the cluster's Registry objects. Pure. */
import { covers } from "#proto/resources/registry-match.ts";
import type { RegistryCredentials, RegistrySettings } from "../image-store.ts";
import { type Reference, registryHost } from "../reference.ts";

/** What is allowed with one host. Hosts that nobody configured: HTTPS, trusted by the machine's authorities. */
export interface HostSettings {
  /** With port, unless it is the scheme's own. */
  readonly host: string;
  readonly plainHttp?: boolean | undefined;
  readonly insecureSkipVerify?: boolean | undefined;
  readonly certificateAuthority?: string | undefined;
  readonly tokenHosts?: readonly string[] | undefined;
  readonly requestsPerSecond?: number | undefined;
  readonly stallTimeoutMs?: number | undefined;
}

/** One place that may have an image's content. */
export interface Endpoint {
  readonly host: string;
  /** Path of the repository there. */
  readonly repository: string;
  /** Credentials that are configured for it, besides those of who pulls. */
  readonly credentials: RegistryCredentials | undefined;
  /** Undefined: it is the registry itself. A mirror is told whose content it is asked for, and never gets the registry's credentials. */
  readonly mirrorOf: string | undefined;
  readonly resolvesTags: boolean;
}

/** A mirror is talked to as its entry says, and where that says nothing as the registry that it is, if it is one. */
export function hostSettings(registries: readonly RegistrySettings[], host: string): HostSettings {
  const mirror = registries.flatMap(({ mirrors = [] }) => mirrors).find((candidate) => candidate.host === host);
  const entries = registries.filter((registry) => apiHost(registry.host) === host);
  // Of several for parts of one host, the one for all of it speaks for the connection.
  const own = entries.find((entry) => !entry.host.includes("/")) ?? entries[0];
  return { ...own, ...mirror, host };
}

/** The most specific entry that covers the image: `host/team` before `host`. */
export function registryOf(
  registries: readonly RegistrySettings[],
  reference: Reference,
): RegistrySettings | undefined {
  const repository = `${reference.domain}/${reference.path}`;
  const covering = registries.filter(({ host }) => covers(host, repository));
  return covering.toSorted((a, b) => b.host.length - a.host.length)[0];
}

/** Mirrors in their order, then the registry itself. */
export function endpointsOf(registries: readonly RegistrySettings[], reference: Reference): readonly Endpoint[] {
  const registry = registryOf(registries, reference);
  const { domain, path } = reference;
  const mirrors = (registry?.mirrors ?? []).map((mirror): Endpoint => {
    const repository = mirror.pathPrefix === "" ? path : `${mirror.pathPrefix}/${path}`;
    const { host, credentials, resolvesTags } = mirror;
    return { host, repository, credentials, mirrorOf: domain, resolvesTags };
  });
  const host = registryHost(domain);
  const { credentials } = registry ?? {};
  return [...mirrors, { host, repository: path, credentials, mirrorOf: undefined, resolvesTags: true }];
}

const apiHost = (host: string): string => registryHost(host.split("/", 1)[0] ?? "");
