/** What people may ask of the images of a node: carried as JSON in the opening of a stream of kind `image`; answers are JSON too. */
import { Problem } from "../kit/problem.ts";

export interface RegistryLogin {
  readonly username: string;
  readonly password: string;
}

export type ImageRequest =
  | { readonly verb: "list" }
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
