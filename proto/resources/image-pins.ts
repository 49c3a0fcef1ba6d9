/**
 * Which digests the images of a workload revision mean: found out once, when its first pod needs them, and kept as an annotation of the
 * ReplicaSet, so that every pod of the revision runs the same content whenever and wherever it starts. Pure.
 */
import type { KubeObject } from "./object.ts";

export const imagePinsAnnotation = "orch/image-digests";

/** By image as the containers spell it. */
export type ImagePins = Readonly<Record<string, string>>;

const maxPinsBytes = 64 * 1024;

/** What is no map of digests counts as none: people may write annotations too. */
export function imagePins(object: Pick<KubeObject, "metadata"> | undefined): ImagePins {
  const text = object?.metadata.annotations?.[imagePinsAnnotation];
  if (text === undefined || text.length > maxPinsBytes) return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return {};
    const entries = Object.entries(value).filter(([, digest]) => typeof digest === "string" && isPin(digest));
    return Object.fromEntries(entries) as Record<string, string>;
  } catch {
    return {};
  }
}

export function withImagePins<T extends Pick<KubeObject, "metadata">>(object: T, pins: ImagePins): T {
  if (Object.keys(pins).length === 0) return object;
  const all = JSON.stringify({ ...imagePins(object), ...pins });
  const annotations = { ...object.metadata.annotations, [imagePinsAnnotation]: all };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

export function isPin(text: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(text);
}

/** The digest that an image's name carries itself. */
export function digestInName(image: string): string | undefined {
  const at = image.indexOf("@");
  return at < 0 ? undefined : image.slice(at + 1);
}

/** `web:1` with its digest: `web:1@sha256:…`. A name that carries one already stays as it is. */
export function pinnedName(image: string, digest: string | undefined): string {
  return digest === undefined || image.includes("@") ? image : `${image}@${digest}`;
}

/** For tables: `web:1@sha256:0123456789ab`, twelve digits of the digest. */
export function shortPinnedName(image: string | undefined, digest: string | undefined): string {
  if (image === undefined) return "";
  return pinnedName(image, digest).replace(/(@sha256:[0-9a-f]{12})[0-9a-f]*$/, "$1");
}
