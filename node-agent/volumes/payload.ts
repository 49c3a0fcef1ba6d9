/** The files of ConfigMap, Secret, downward and projected volumes: what they are, not where they are written. Pure. */
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { DownwardFile, KeyToPath, Pod, Volume, VolumeProjection } from "#proto/resources/pod.ts";
import { downwardField } from "./downward-field.ts";
import type { PodObjects } from "./volume-store.ts";

export interface PayloadFile {
  readonly content: Buffer;
  readonly mode: number;
}

/** By path, relative to the volume. */
export type Payload = ReadonlyMap<string, PayloadFile>;

export interface PayloadSources {
  readonly pod: Pod;
  readonly objects: PodObjects;
  /** `resourceFieldRef` of the downward API. */
  readonly resourceValue: (pod: Pod, selector: NonNullable<DownwardFile["resourceFieldRef"]>) => string;
}

const defaultFileMode = 0o644;
const maxPathBytes = 4096;

/** Undefined when the volume is of another kind. Problem `not-found` names what is missing, `invalid` a path that cannot be. */
export function volumePayload(volume: Volume, sources: PayloadSources): Payload | undefined {
  const projections = projectionsOf(volume);
  if (!projections) return undefined;
  const files = new Map<string, PayloadFile>();
  for (const projection of projections.sources) {
    for (const [path, file] of projected(volume.name, projection, projections.mode, sources)) files.set(path, file);
  }
  checkPaths(files, volume.name);
  return files;
}

/** The four kinds are one: a list of sources with a mode. */
function projectionsOf(volume: Volume): { sources: readonly VolumeProjection[]; mode: number } | undefined {
  const { configMap, secret, downwardAPI, projected: several } = volume;
  if (configMap) return { sources: [{ configMap }], mode: configMap.defaultMode ?? defaultFileMode };
  if (secret) {
    const { secretName, items, optional } = secret;
    return {
      sources: [{ secret: { name: secretName, items, optional } }],
      mode: secret.defaultMode ?? defaultFileMode,
    };
  }
  if (downwardAPI) return { sources: [{ downwardAPI }], mode: downwardAPI.defaultMode ?? defaultFileMode };
  if (several) return { sources: several.sources ?? [], mode: several.defaultMode ?? defaultFileMode };
  return undefined;
}

function projected(
  volumeName: string,
  projection: VolumeProjection,
  mode: number,
  sources: PayloadSources,
): readonly (readonly [string, PayloadFile])[] {
  const { configMap, secret, downwardAPI } = projection;
  if (configMap) {
    const name = configMap.name ?? "";
    const object = found("ConfigMap", name, sources.objects.configMap(name), volumeName, configMap.optional);
    return selected(`ConfigMap ${name}`, object ? configMapData(object) : new Map(), volumeName, configMap, mode);
  }
  if (secret) {
    const name = secret.name ?? "";
    const object = found("Secret", name, sources.objects.secret(name), volumeName, secret.optional);
    return selected(`Secret ${name}`, object ? base64Fields(object.data) : new Map(), volumeName, secret, mode);
  }
  if (downwardAPI)
    return (downwardAPI.items ?? []).map((item) => [item.path, downwardFile(item, mode, sources)] as const);
  throw new Problem("unsupported", `volume ${volumeName} has a source that is not supported`);
}

function found(
  kind: string,
  name: string,
  object: KubeObject | undefined,
  volumeName: string,
  optional: boolean | undefined,
): KubeObject | undefined {
  if (object || optional) return object;
  throw new Problem("not-found", `${kind} ${JSON.stringify(name)} of volume ${volumeName} does not exist`, {
    hint: `create it in the pod's namespace, or mark the volume's source as optional`,
  });
}

function selected(
  object: string,
  data: ReadonlyMap<string, Buffer>,
  volumeName: string,
  source: { readonly items?: readonly KeyToPath[] | undefined; readonly optional?: boolean | undefined },
  mode: number,
): readonly (readonly [string, PayloadFile])[] {
  const { items, optional } = source;
  if (!items || items.length === 0) return [...data].map(([key, content]) => [key, { content, mode }] as const);
  return items.flatMap((item) => {
    const content = data.get(item.key);
    if (content) return [[item.path, { content, mode: item.mode ?? mode }] as const];
    if (optional) return [];
    throw new Problem(
      "not-found",
      `${object} has no key ${JSON.stringify(item.key)}, which volume ${volumeName} needs`,
    );
  });
}

function configMapData(object: KubeObject): ReadonlyMap<string, Buffer> {
  const texts = Object.entries(fields(object.data)).map(([key, value]) => [key, Buffer.from(value)] as const);
  return new Map([...texts, ...base64Fields(object.binaryData)]);
}

function base64Fields(value: unknown): ReadonlyMap<string, Buffer> {
  return new Map(Object.entries(fields(value)).map(([key, text]) => [key, Buffer.from(text, "base64")]));
}

function fields(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([, text]) => typeof text === "string"));
}

function downwardFile(item: DownwardFile, mode: number, sources: PayloadSources): PayloadFile {
  const text = item.resourceFieldRef
    ? sources.resourceValue(sources.pod, item.resourceFieldRef)
    : downwardField(sources.pod, item.fieldRef?.fieldPath ?? "");
  return { content: Buffer.from(text), mode: item.mode ?? mode };
}

/** Paths stay inside the volume, and none is a directory of another. */
function checkPaths(files: Payload, volumeName: string): void {
  for (const path of files.keys()) {
    const components = path.split("/");
    const isBad =
      path === "" ||
      Buffer.byteLength(path) > maxPathBytes ||
      path.includes("\0") ||
      components.some((component) => component === "" || component === "." || component === "..") ||
      path.startsWith("..");
    if (isBad) throw new Problem("invalid", `volume ${volumeName}: ${JSON.stringify(path)} cannot be a file below it`);
    for (let depth = 1; depth < components.length; depth++) {
      const parent = components.slice(0, depth).join("/");
      if (files.has(parent))
        throw new Problem("invalid", `volume ${volumeName}: ${parent} is both a file and a directory`);
    }
  }
}
