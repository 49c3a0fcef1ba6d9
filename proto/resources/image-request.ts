/** What people may ask of the images of a node: carried as JSON in the opening of a stream of kind `image`; answers are JSON too. */
import { Problem } from "../kit/problem.ts";

export interface RegistryLogin {
  readonly username: string;
  readonly password: string;
}

export type ImageRequest =
  | { readonly verb: "list"; readonly labels: boolean }
  | { readonly verb: "usage" }
  | { readonly verb: "inspect" | "history"; readonly image: string }
  /** The digest that the name means at its registry. */
  | { readonly verb: "resolve"; readonly image: string; readonly credentials: readonly RegistryLogin[] }
  | { readonly verb: "pull"; readonly image: string; readonly credentials: readonly RegistryLogin[] }
  | {
      readonly verb: "push";
      readonly image: string;
      readonly destination: string;
      readonly credentials: readonly RegistryLogin[];
    }
  | { readonly verb: "tag"; readonly image: string; readonly name: string }
  | { readonly verb: "remove"; readonly images: readonly string[] }
  /** All that no pod runs, or only what has no tag. */
  | { readonly verb: "prune"; readonly all: boolean }
  | { readonly verb: "save"; readonly images: readonly string[] }
  | { readonly verb: "verify"; readonly images: readonly string[]; readonly repair: boolean };

export type ImageVerb = ImageRequest["verb"];

/** What it takes to be allowed to. */
export const imageAccess: Readonly<Record<ImageVerb, "get" | "create" | "delete">> = {
  list: "get",
  usage: "get",
  inspect: "get",
  history: "get",
  resolve: "create", // uses the node's way to registries
  pull: "create",
  push: "create",
  tag: "create",
  save: "get",
  verify: "get",
  remove: "delete",
  prune: "delete",
};

const maxImages = 1000;
const maxCredentials = 16;

/** Checked as hostile input. Problem `bad-request`. */
export function readImageRequest(bytes: Uint8Array | null | undefined): ImageRequest {
  const json = parse(bytes ?? new Uint8Array());
  const verb = Object.keys(imageAccess).find((known): known is ImageVerb => known === json.verb);
  switch (verb) {
    case "list":
      return { verb, labels: json.labels === true };
    case "usage":
      return { verb };
    case "inspect":
    case "history":
      return { verb, image: text(json, "image") };
    case "resolve":
    case "pull":
      return { verb, image: text(json, "image"), credentials: logins(json.credentials) };
    case "push":
      return {
        verb,
        image: text(json, "image"),
        destination: text(json, "destination"),
        credentials: logins(json.credentials),
      };
    case "tag":
      return { verb, image: text(json, "image"), name: text(json, "name") };
    case "remove":
    case "save":
      return { verb, images: texts(json.images, 1) };
    case "prune":
      return { verb, all: json.all === true };
    case "verify":
      return { verb, images: texts(json.images, 0), repair: json.repair === true };
    case undefined:
      throw bad(`"${String(json.verb).slice(0, 40)}" is nothing that can be asked of images`);
  }
}

type Json = Readonly<Record<string, unknown>>;

function parse(bytes: Uint8Array): Json {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw bad("the request is not JSON");
  }
  if (typeof value !== "object" || value === null) throw bad("the request is no object");
  return value as Json;
}

function text(json: Json, field: string): string {
  const value = json[field];
  if (typeof value === "string" && value !== "" && value.length <= 1024) return value;
  throw bad(`the request's ${field} is missing`);
}

function texts(value: unknown, atLeast: number): readonly string[] {
  const list = Array.isArray(value) ? value.filter((one): one is string => typeof one === "string" && one !== "") : [];
  if (list.length < atLeast) throw bad("the request names no image");
  if (list.length > maxImages) throw bad(`the request names more than ${maxImages} images`);
  return list;
}

function logins(value: unknown): readonly RegistryLogin[] {
  const list = Array.isArray(value) ? value.slice(0, maxCredentials) : [];
  return list.flatMap((entry: Partial<RegistryLogin> | null) =>
    typeof entry?.username === "string" && typeof entry.password === "string"
      ? [{ username: entry.username, password: entry.password }]
      : [],
  );
}

function bad(message: string): Problem {
  return new Problem("bad-request", message);
}

/** An image as a node knows it. */
export interface ImageSummary {
  /** Tags first, then names by digest. */
  readonly names: readonly string[];
  /** What its registry calls it (of an index, if it has one), else its manifest's digest. */
  readonly digest: string;
  /** Digest of its config. */
  readonly id: string;
  readonly createdAt?: string;
  /** Of the files in its layers. */
  readonly sizeBytes: number;
  /** Of that, what no other image on the node has. */
  readonly ownBytes: number;
  /** What it takes to fetch it. */
  readonly downloadBytes: number;
  readonly layers: readonly ImageLayerSummary[];
  /** Pods, as NAMESPACE/NAME. */
  readonly usedBy: readonly string[];
  /** When they were asked for. */
  readonly labels?: Readonly<Record<string, string>>;
}

export interface ImageLayerSummary {
  readonly digest: string;
  readonly diffId: string;
  readonly sizeBytes: number;
  readonly downloadBytes: number;
}

export interface ImageDetails extends ImageSummary {
  readonly platform: string;
  /** The image's own documents, as they are. */
  readonly config: unknown;
  readonly manifest: unknown;
}

/** One step of how an image was made, the newest first. */
export interface ImageHistoryEntry {
  readonly createdAt?: string;
  readonly createdBy: string;
  readonly comment?: string;
  readonly sizeBytes: number;
  /** undefined: a step that changed no file. */
  readonly layer?: string;
}

export interface ImageUsage {
  readonly images: number;
  readonly imagesInUse: number;
  readonly layersBytes: number;
  readonly layersInUseBytes: number;
  /** Downloads kept for other nodes and for pushing. */
  readonly downloadsBytes: number;
  /** What is being pulled, and what pulls that failed have left for the next attempt. */
  readonly unfinishedBytes: number;
  readonly diskFreeBytes: number;
  readonly diskBytes: number;
}

/** A line of a pull's or push's progress. */
export interface BlobProgress {
  readonly digest: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
  readonly state: "here" | "fetching" | "unpacking" | "done" | "sending" | "exists" | "mounted" | "uploaded";
  /** Where it comes from: a registry, a node. */
  readonly source?: string;
  /** Other images on the node that have it. */
  readonly sharedWith?: readonly string[];
}

export interface RemovedImage {
  readonly image: string;
  readonly names: readonly string[];
}

export interface PrunedImages {
  readonly removed: readonly RemovedImage[];
  readonly freedBytes: number;
}

export interface VerifiedImage {
  readonly image: string;
  readonly findings: readonly { readonly part: string; readonly message: string; readonly repaired: boolean }[];
}
