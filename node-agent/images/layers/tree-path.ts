/**
 * Paths inside a layer that is being unpacked. Names travel as latin1 text, one character a byte, so that any name survives and
 * compares fast. Resolution stays inside the root whatever links say: `/etc` means ROOT/etc.
 */
import { invalidTar } from "../tar/header.ts";

/** An empty component, `.` or `..`. */
const needsCleaning = /(?:^|\/)\.{0,2}(?:\/|$)/;

/** Relative name without empty, `.` and `..` components, which never climb above the root. "" is the root itself. */
export function cleanName(name: string): string {
  const text = name.endsWith("/") ? name.slice(0, -1) : name;
  if (!needsCleaning.test(text)) return text;
  const components: string[] = [];
  for (const component of text.split("/")) {
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

const maxLinks = 255;

/**
 * The directory `name` with every link resolved inside the root. `look` looks at one name without following it. What is missing, or is no
 * directory, is passed as if it were one: the caller sees to that.
 */
export function resolveDirectory(name: string, look: (name: string) => Standing): string {
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
    const standing = look(next);
    if (typeof standing !== "object") {
      current = next;
      continue;
    }
    if (++links > maxLinks) throw invalidTar(`too many links on the way to ${JSON.stringify(name)}`);
    if (standing.link.startsWith("/")) current = "";
    pending.push(...standing.link.split("/").reverse());
  }
  return current;
}

/** All directories on the way to `name`, itself included, from the root down. */
export function pathDownTo(name: string): readonly string[] {
  const components = name === "" ? [] : name.split("/");
  return components.map((_, index) => components.slice(0, index + 1).join("/"));
}
