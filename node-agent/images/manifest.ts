/** The JSON documents of an image, checked as hostile input: index, manifest and config (image-spec, Docker v2 schema 2). */
import { Problem } from "#proto/kit/problem.ts";
import type { ImageConfig } from "./image-store.ts";
import { isDigest } from "./reference.ts";

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: { readonly os?: string; readonly architecture?: string; readonly variant?: string };
  readonly annotations: Readonly<Record<string, string>>;
}

export interface Index {
  readonly kind: "index";
  readonly manifests: readonly Descriptor[];
}

export interface Manifest {
  readonly kind: "manifest";
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

export interface ConfigDocument {
  readonly architecture: string;
  readonly os: string;
  readonly variant: string;
  readonly diffIds: readonly string[];
  readonly config: ImageConfig;
}

export const maxManifestBytes = 4 * 1024 * 1024;
export const maxConfigBytes = 8 * 1024 * 1024;
const maxLayers = 500; // overlayfs stops at 500 lower layers

const indexTypes: readonly string[] = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];
const manifestTypes: readonly string[] = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];
/** What we ask a registry for. Without it, old registries answer schema 1. */
export const acceptedManifestTypes: readonly string[] = [...manifestTypes, ...indexTypes];

/**
 * Reads an index or a manifest. `declared` is the Content-Type or the descriptor's media type: a body that says otherwise is
 * refused, and so is one that could be read as both (CVE-2021-41190).
 */
export function parseManifest(bytes: Uint8Array, declared: string | undefined, object: string): Index | Manifest {
  const document = parseJson(bytes, maxManifestBytes, object);
  const own = optionalString(document.mediaType);
  const type = declared?.split(";")[0]?.trim();
  if (document.schemaVersion === 1 || type?.includes("distribution.manifest.v1+")) {
    throw new Problem("unsupported", `${object} has the old manifest format "schema 1", which is not supported`, {
      hint: "push the image again with a current tool",
    });
  }
  if (document.schemaVersion !== 2) throw broken(object, "its schemaVersion is not 2");
  const known = type !== undefined && acceptedManifestTypes.includes(type) ? type : undefined;
  if (own !== undefined && known !== undefined && own !== known) {
    throw broken(object, `it was announced as ${known} but says it is ${own}`);
  }
  const hasManifests = document.manifests !== undefined;
  const hasLayers = document.layers !== undefined || document.config !== undefined;
  if (hasManifests && hasLayers) throw broken(object, "it is both an index and a manifest");
  const isIndex = indexTypes.includes(own ?? known ?? "") || (own === undefined && known === undefined && hasManifests);
  if (isIndex !== hasManifests) throw broken(object, "its content does not fit its media type");
  if (isIndex) return { kind: "index", manifests: descriptors(document.manifests, object, "manifests") };
  return parseImageManifest(document, own ?? known, object);
}

/** What a stored document says it is, if it does. */
export function mediaTypeOf(content: Uint8Array): string | undefined {
  return optionalString(parseJson(content, maxManifestBytes, "the manifest").mediaType);
}

function parseImageManifest(document: Json, mediaType: string | undefined, object: string): Manifest {
  if (mediaType !== undefined && !manifestTypes.includes(mediaType)) {
    throw new Problem("unsupported", `${object} is not an image: its media type is ${mediaType}`);
  }
  if (document.artifactType !== undefined && document.artifactType !== null && document.layers === undefined) {
    throw new Problem("unsupported", `${object} is an artifact (${String(document.artifactType)}), not an image`);
  }
  const layers = descriptors(document.layers, object, "layers");
  if (layers.length > maxLayers) throw broken(object, `it has ${layers.length} layers; ${maxLayers} are possible`);
  const config = descriptor(document.config, object, "config");
  if (config.size > maxConfigBytes) throw broken(object, `its config is larger than ${maxConfigBytes} bytes`);
  return { kind: "manifest", config, layers };
}

export function parseConfig(bytes: Uint8Array, object: string): ConfigDocument {
  const document = parseJson(bytes, maxConfigBytes, object);
  const rootfs = record(document.rootfs);
  if (rootfs.type !== "layers") {
    throw broken(object, `its rootfs type is ${JSON.stringify(rootfs.type)}; only "layers" exists`);
  }
  const diffIds = strings(rootfs.diff_ids);
  const wrong = diffIds.find((diffId) => !diffId.startsWith("sha256:") || !isDigest(diffId));
  if (wrong !== undefined) throw broken(object, `${JSON.stringify(wrong)} is not a sha256 digest of a layer`);
  if (diffIds.length > maxLayers) throw broken(object, `it has ${diffIds.length} layers; ${maxLayers} are possible`);
  return {
    architecture: optionalString(document.architecture) ?? "",
    os: optionalString(document.os) ?? "linux",
    variant: optionalString(document.variant) ?? "",
    diffIds,
    config: imageConfig(record(document.config)),
  };
}

/** Layers and diff_ids must pair up, or a layer would be run that nobody verified. */
export function checkLayerCount(layers: number, diffIds: number, object: string): void {
  if (layers !== diffIds) throw broken(object, `it has ${layers} layers but its config names ${diffIds}`);
}

/** Only what a container may take from an image; labels and the rest never reach a command of ours. */
function imageConfig(config: Json): ImageConfig {
  return {
    user: optionalString(config.User) ?? "",
    env: strings(config.Env),
    entrypoint: strings(config.Entrypoint),
    command: strings(config.Cmd),
    workingDirectory: optionalString(config.WorkingDir) ?? "",
    stopSignal: optionalString(config.StopSignal) || undefined,
    volumes: Object.keys(record(config.Volumes)),
    labels: Object.fromEntries(
      Object.entries(record(config.Labels)).flatMap(([key, value]) =>
        typeof value === "string" ? [[key, value]] : [],
      ),
    ),
  };
}

function descriptors(value: unknown, object: string, field: string): readonly Descriptor[] {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) throw broken(object, `its ${field} are not a list`);
  if (value.length > 10_000) throw broken(object, `it has more than 10000 ${field}`);
  return value.map((entry: unknown, index) => descriptor(entry, object, `${field}[${index}]`));
}

function descriptor(value: unknown, object: string, field: string): Descriptor {
  const json = record(value);
  const digest = optionalString(json.digest);
  const { size } = json;
  if (digest === undefined || !isDigest(digest)) throw broken(object, `${field} has no valid digest`);
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0)
    throw broken(object, `${field} has no valid size`);
  const platform = record(json.platform);
  return {
    mediaType: optionalString(json.mediaType) ?? "",
    digest,
    size,
    ...(json.platform ? { platform: stringFields(platform, ["os", "architecture", "variant"]) } : {}),
    annotations: Object.fromEntries(
      Object.entries(record(json.annotations)).flatMap(([key, text]) =>
        typeof text === "string" ? [[key, text]] : [],
      ),
    ),
  };
}

type Json = Readonly<Record<string, unknown>>;

function parseJson(bytes: Uint8Array, limit: number, object: string): Json {
  if (bytes.length > limit) throw broken(object, `it is larger than ${limit} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (thrown) {
    throw broken(object, "it is not JSON", thrown);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw broken(object, "it is not a JSON object");
  return value as Json;
}

/** Any optional field may be null, which means absent. */
function record(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function optionalString(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === "string") : [];
}

function stringFields(json: Json, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = json[name];
      return typeof value === "string" ? [[name, value]] : [];
    }),
  );
}

function broken(object: string, reason: string, cause?: unknown): Problem {
  return new Problem("invalid", `${object} is broken: ${reason}`, { cause });
}
