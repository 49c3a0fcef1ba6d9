/**
 * Paths inside a layer that is being unpacked. Names travel as latin1 text, one character a byte, so that any name survives and
 * compares fast.
 */

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
