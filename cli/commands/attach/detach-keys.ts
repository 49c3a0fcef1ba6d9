/** The keys that leave a container to itself, as in Docker: Ctrl-P Ctrl-Q. Pure. */
import { usageProblem } from "../../program-options.ts";

export const defaultDetachKeys = "ctrl-p,ctrl-q";
const maxKeys = 8;

/** `ctrl-p,ctrl-q`, `a`, `ctrl-@`: as Docker spells them. Empty: no keys leave. */
export function parseDetachKeys(text: string): Buffer {
  if (text === "") return Buffer.alloc(0);
  const keys = text.split(",").map((word) => {
    const control = /^ctrl-([a-z@[\\\]^_])$/i.exec(word)?.[1];
    if (control !== undefined) return control.toUpperCase().charCodeAt(0) & 0x1f;
    if (/^[\x20-\x7e]$/.test(word)) return word.charCodeAt(0);
    throw usageProblem(`--detach-keys: "${word}" is no key`, "as in: --detach-keys ctrl-p,ctrl-q");
  });
  if (keys.length > maxKeys) throw usageProblem(`--detach-keys: no more than ${maxKeys} keys`);
  return Buffer.from(keys);
}

/** Looks for the keys in what is typed, however it is cut into pieces. */
export class DetachKeys {
  readonly #keys: Buffer;
  #matched = 0;

  constructor(keys: Buffer) {
    this.#keys = keys;
  }

  /** What goes on to the container: keys that may be the beginning of ours are held back. */
  take(typed: Uint8Array): { readonly onward: Buffer; readonly hasLeft: boolean } {
    if (this.#keys.length === 0) return { onward: Buffer.from(typed), hasLeft: false };
    const onward: number[] = [];
    for (const key of typed) {
      if (key !== this.#keys[this.#matched]) {
        onward.push(...this.#keys.subarray(0, this.#matched));
        this.#matched = 0;
      }
      if (key === this.#keys[this.#matched]) this.#matched += 1;
      else onward.push(key);
      if (this.#matched === this.#keys.length) return { onward: Buffer.from(onward), hasLeft: true };
    }
    return { onward: Buffer.from(onward), hasLeft: false };
  }
}
