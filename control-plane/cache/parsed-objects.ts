/** Parsed objects of the entries used last, deeply frozen, bounded by the bytes they were parsed from. */
import type { ObjectCodec } from "#control-plane/store/object-codec.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Entry } from "./entry.ts";

export class ParsedObjects {
  readonly #codec: ObjectCodec;
  readonly #maxBytes: number;
  /** In order of last use. */
  readonly #objects = new Map<Entry, KubeObject>();
  #bytes = 0;

  constructor(codec: ObjectCodec, maxBytes: number) {
    this.#codec = codec;
    this.#maxBytes = maxBytes;
  }

  get(entry: Entry): KubeObject {
    const known = this.#objects.get(entry);
    if (known) {
      this.#objects.delete(entry);
      this.#objects.set(entry, known);
      return known;
    }
    const object = deepFreeze(this.#codec.decode(entry.key, entry.value, entry.modRevision));
    this.keep(entry, object);
    return object;
  }

  /** Remembers an object that was parsed already. */
  keep(entry: Entry, object: KubeObject): void {
    this.#objects.set(entry, object);
    this.#bytes += entry.value.byteLength;
    for (const oldest of this.#objects.keys()) {
      if (this.#bytes <= this.#maxBytes) break;
      this.forget(oldest);
    }
  }

  forget(entry: Entry): void {
    if (this.#objects.delete(entry)) this.#bytes -= entry.value.byteLength;
  }
}

export function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) deepFreeze(member);
  }
  return value;
}
