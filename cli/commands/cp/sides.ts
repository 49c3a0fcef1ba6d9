/** Which side of a copy is here and which in a pod. Pure. */
import { findEntry } from "#proto/resources/catalog.ts";
import { usageProblem } from "../../program-options.ts";

export interface RemoteSide {
  /** POD or KIND/NAME. */
  readonly pod: string;
  readonly namespace: string | undefined;
  readonly path: string;
}

export type Sides =
  | { readonly kind: "upload"; readonly local: string; readonly remote: RemoteSide }
  | { readonly kind: "download"; readonly local: string; readonly remote: RemoteSide };

export function sidesOf(source: string, destination: string): Sides {
  if (source === "-" || destination === "-")
    throw usageProblem(
      "- is no place to copy to or from",
      "one file: orchctl exec POD -- cat PATH; a folder: orchctl cp POD:PATH ., then tar",
    );
  const [from, to] = [remoteSide(source), remoteSide(destination)];
  if (from && to)
    throw usageProblem("one side of a copy is a path here", "copy out of the one pod, then into the other");
  if (from) return { kind: "download", local: destination, remote: from };
  if (to) return { kind: "upload", local: source, remote: to };
  throw usageProblem("neither side names a pod", "write it as POD:PATH, as in: orchctl cp ./site web-1:/var/www");
}

/** What begins with `.` or `/` is a path here, whatever colons are in it. */
function remoteSide(text: string): RemoteSide | undefined {
  const colon = text.indexOf(":");
  if (colon < 1 || text.startsWith(".") || text.startsWith("/")) return undefined;
  const [owner, path] = [text.slice(0, colon), text.slice(colon + 1)];
  if (path === "") throw usageProblem(`"${text}" has no path`, `as in: ${owner}:/tmp`);
  const [first = "", second, ...more] = owner.split("/");
  if (more.length > 0 || second === "")
    throw usageProblem(`"${owner}" names no pod`, "write POD, KIND/NAME or NAMESPACE/POD");
  if (second === undefined || findEntry(first.toLowerCase())) return { pod: owner, namespace: undefined, path };
  return { pod: second, namespace: first, path };
}

/** A path that ends so means what is in the directory. */
export const meansContent = (path: string): boolean => path === "." || path.endsWith("/.");

/** The last name of a path as it is written; empty for the root and for what ends in `..`. */
export function lastName(path: string): string {
  const name =
    path
      .split("/")
      .filter((part) => part !== "" && part !== ".")
      .at(-1) ?? "";
  return name === ".." ? "" : name;
}
