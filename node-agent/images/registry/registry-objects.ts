/** The cluster's Registry objects as the settings that pulls work with. Pure. */
import type { ImageRegistry, RegistryMirror } from "#proto/resources/image-registry.ts";
import { normalEntry } from "#proto/resources/registry-match.ts";
import type { MirrorSettings, RegistryCredentials, RegistrySettings } from "../image-store.ts";
import { secretCredentials } from "./docker-config.ts";

/** Data of a Secret that this node was given; undefined when it was not. */
export type SecretData = (namespace: string, name: string) => unknown;

export interface RegistryObjects {
  /** Grows when what the others return may have changed. */
  readonly objectsVersion: number;
  registries(): readonly ImageRegistry[];
  secretData(namespace: string, name: string): unknown;
}

/** The settings as they are now, worked out once for each change. */
export class RegistryBook {
  readonly #objects: RegistryObjects;
  readonly #fallback: () => readonly RegistrySettings[];
  #known: { readonly version: number; readonly settings: readonly RegistrySettings[] } | undefined;
  #knownFallback: readonly RegistrySettings[] | undefined;

  constructor(objects: RegistryObjects, fallback: () => readonly RegistrySettings[]) {
    this.#objects = objects;
    this.#fallback = fallback;
  }

  settings(): readonly RegistrySettings[] {
    const version = this.#objects.objectsVersion;
    const fallback = this.#fallback();
    if (this.#known?.version === version && this.#knownFallback === fallback) return this.#known.settings;
    const secretOf: SecretData = (namespace, name) => this.#objects.secretData(namespace, name);
    const settings = registrySettings(this.#objects.registries(), secretOf, fallback);
    this.#known = { version, settings };
    this.#knownFallback = fallback;
    return settings;
  }
}

/** Of two objects for one host, the one whose name comes first counts. `fallback` is for hosts that no object names. */
export function registrySettings(
  objects: readonly ImageRegistry[],
  secretOf: SecretData,
  fallback: readonly RegistrySettings[],
): readonly RegistrySettings[] {
  const settings = new Map<string, RegistrySettings>();
  for (const object of objects.toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))) {
    for (const entry of object.spec.hosts) {
      const host = normalEntry(entry);
      if (!settings.has(host)) settings.set(host, settingsOf(host, object.spec, secretOf));
    }
  }
  for (const one of fallback) if (!settings.has(one.host)) settings.set(one.host, one);
  return [...settings.values()];
}

function settingsOf(host: string, spec: ImageRegistry["spec"], secretOf: SecretData): RegistrySettings {
  const { limits, plainHTTP, mirrors = [] } = spec;
  return {
    host,
    ...(plainHTTP ? { plainHttp: true } : {}),
    ...trustOf(spec, host, secretOf),
    mirrors: mirrors.flatMap((mirror) => mirrorOf(mirror, secretOf)),
    ...(limits?.requestsPerSecond === undefined ? {} : { requestsPerSecond: limits.requestsPerSecond }),
    ...(limits?.concurrentDownloads === undefined ? {} : { maxConcurrentDownloads: limits.concurrentDownloads }),
    ...(limits?.stallTimeoutSeconds === undefined ? {} : { stallTimeoutMs: limits.stallTimeoutSeconds * 1000 }),
  };
}

function mirrorOf(mirror: RegistryMirror, secretOf: SecretData): readonly MirrorSettings[] {
  if (!URL.canParse(mirror.url)) return []; // the API refuses it: from another version of it, then
  const { host, protocol, pathname } = new URL(mirror.url);
  const settings: MirrorSettings = {
    host,
    pathPrefix: pathname.replace(/^\/|\/$/g, ""),
    resolvesTags: mirror.resolveTags ?? true,
    plainHttp: protocol === "http:",
    ...trustOf(mirror, host, secretOf),
  };
  return [settings];
}

interface Trust {
  readonly certificateAuthority?: string;
  readonly insecureSkipVerify?: boolean;
  readonly tokenHosts?: readonly string[];
  readonly credentials?: RegistryCredentials;
}

function trustOf(
  spec: Pick<RegistryMirror, "caBundle" | "insecureSkipTLSVerify" | "tokenHosts" | "credentialsSecretRef">,
  host: string,
  secretOf: SecretData,
): Trust {
  const { caBundle, insecureSkipTLSVerify, tokenHosts, credentialsSecretRef: ref } = spec;
  const data = ref && secretOf(ref.namespace ?? "default", ref.name);
  // A Secret that several registries share has an entry for each.
  const [credentials] = secretCredentials(data, host.includes("/") ? host : `${host}/`);
  return {
    ...(caBundle === undefined ? {} : { certificateAuthority: pemOf(caBundle) }),
    ...(insecureSkipTLSVerify ? { insecureSkipVerify: true } : {}),
    ...(tokenHosts === undefined ? {} : { tokenHosts }),
    ...(credentials === undefined ? {} : { credentials }),
  };
}

function pemOf(bundle: string): string {
  return bundle.includes("-----BEGIN") ? bundle : Buffer.from(bundle, "base64").toString("utf8");
}
