/**
 * Paths inside a layer that is being unpacked. Names travel as latin1 text, one character a byte, so that any name survives and
 * compares fast. Resolution stays inside the root whatever links say: `/etc` means ROOT/etc.
 */
import { invalidTar } from "../tar/header.ts";

/** Relative name without empty, `.` and `..` components, which never climb above the root. "" is the root itself. */
export function cleanName(name: Buffer): string {
  const components: string[] = [];
  for (const component of name.toString("latin1").split("/")) {
    if (component === "..") components.pop();
    else if (component !== "" && component !== ".") components.push(component);
  }
  return components.join("/");
}

export function splitName(name: string): { readonly parent: string; readonly base: string } {
  const slash = name.lastIndexOf("/");
  return slash < 0 ? { parent: "", base: name } : { parent: name.slice(0, slash), base: name.slice(slash + 1) };
}

export function joinName(parent: string, base: string): string {
  return parent === "" ? base : `${parent}/${base}`;
}

/** True when `name` is `ancestor` or lies below it. */
export function isWithin(name: string, ancestor: string): boolean {
  return ancestor === "" || name === ancestor || name.startsWith(`${ancestor}/`);
}

/** What Node's file calls take: text for plain ASCII, else bytes. */
export class TreeRoot {
  readonly #text: string;
  readonly #bytes: Buffer;

  constructor(root: string) {
    this.#text = root;
    this.#bytes = Buffer.from(root);
  }

  path(name: string): string | Buffer {
    if (name === "") return this.#text;
    if (isAscii(name)) return `${this.#text}/${name}`;
    return Buffer.concat([this.#bytes, slash, Buffer.from(name, "latin1")]);
  }
}

const slash = Buffer.from("/");

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) return false;
  return true;
}

/** What stands at a name, as resolution sees it. */
export type Standing = "missing" | "directory" | "other" | { readonly link: string };

export interface PathWalk {
  /** Looks at one name without following it. */
  readonly look: (name: string) => Standing;
  /** Called for a component that is missing or no directory. Answers whether to go on, having made it a directory. */
  readonly make: (name: string, standing: "missing" | "other", throughLink: boolean) => boolean;
}

const maxLinks = 255;

/** The directory `name` with every link resolved inside the root, or undefined when `make` gave up. */
export function resolveDirectory(name: string, walk: PathWalk): string | undefined {
  const pending = name.split("/").reverse();
  let current = "";
  let links = 0;
  for (let component = pending.pop(); component !== undefined; component = pending.pop()) {
    if (component === "" || component === ".") continue;
    if (component === "..") {
      current = splitName(current).parent;
      continue;
    }
    const next = joinName(current, component);
    const standing = walk.look(next);
    if (typeof standing === "object") {
      if (++links > maxLinks) throw invalidTar(`too many links on the way to ${JSON.stringify(name)}`);
      if (standing.link.startsWith("/")) current = "";
      pending.push(...standing.link.split("/").reverse());
      continue;
    }
    if (standing !== "directory" && !walk.make(next, standing, links > 0)) return undefined;
    current = next;
  }
  return current;
}
