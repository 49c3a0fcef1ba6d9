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
    return this.keep(entry, this.#codec.decode(entry.key, entry.value, entry.modRevision));
  }

  /** Freezes and remembers an object that was parsed already; forgets those not used for longest. */
  keep(entry: Entry, object: KubeObject): KubeObject {
    this.#objects.set(entry, deepFreeze(object));
    this.#bytes += entry.value.byteLength;
    if (this.#bytes > this.#maxBytes) this.#makeRoom();
    return object;
  }

  /** Remembers it only while there is room: for a long list of which nobody may ever ask for most. */
  offer(entry: Entry, object: KubeObject): void {
    if (this.#bytes + entry.value.byteLength <= this.#maxBytes) this.keep(entry, object);
  }

  /** A tenth at a time: walking a Map past what was just deleted is not free. */
  #makeRoom(): void {
    for (const oldest of this.#objects.keys()) {
      if (this.#bytes <= this.#maxBytes * 0.9) return;
      this.#objects.delete(oldest);
      this.#bytes -= oldest.value.byteLength;
    }
  }
}

export function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) deepFreeze(member);
  }
  return value;
}
