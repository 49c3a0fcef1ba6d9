/** Parsed objects of the entries used last, deeply frozen, bounded by the bytes they were parsed from. */
import type { ObjectCodec } from "#control-plane/store/object-codec.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { type Entry, unpacked } from "./entry.ts";

/** Of the bytes that may be remembered: so much of what was not read yet. Little, so that it is garbage while it is young. */
const freshPart = 64;

export class ParsedObjects {
  readonly #codec: ObjectCodec;
  readonly #maxBytes: number;
  /** Used since the generations last changed; and those used only before that. A read moves nothing but from old to young. */
  #young = new Map<Entry, KubeObject>();
  #old = new Map<Entry, KubeObject>();
  #youngBytes = 0;
  #oldBytes = 0;
  /** Parsed when they came in, and not read since. */
  readonly #fresh = new Map<Entry, KubeObject>();
  #freshBytes = 0;
  #glanced: { readonly entry: Entry; readonly object: KubeObject } | undefined;

  constructor(codec: ObjectCodec, maxBytes: number) {
    this.#codec = codec;
    this.#maxBytes = maxBytes;
  }

  get(entry: Entry): KubeObject {
    const known = this.#young.get(entry);
    if (known) return known;
    return this.#take(entry, this.#old.get(entry) ?? deepFreeze(this.#fresh.get(entry) ?? this.#decoded(entry)));
  }

  /**
   * For a walk over all there is: what is known stays known, and of the rest only the last is remembered. Were all of it taken
   * in, the walk would throw out what it comes to next.
   */
  glance(entry: Entry): KubeObject {
    const known = this.#young.get(entry) ?? this.#old.get(entry);
    if (known) return known;
    if (this.#glanced?.entry !== entry) {
      this.#glanced = { entry, object: deepFreeze(this.#fresh.get(entry) ?? this.#decoded(entry)) };
    }
    return this.#glanced.object;
  }

  /** Remembers for a while an object that was parsed already: news are read at once, or perhaps never. */
  keep(entry: Entry, object: KubeObject): void {
    if (this.#freshBytes > this.#maxBytes / freshPart) {
      this.#fresh.clear();
      this.#freshBytes = 0;
    }
    this.#fresh.set(entry, object);
    this.#freshBytes += entry.packed.length;
  }

  /** Remembers it only while there is room: for a long list of which nobody may ever ask for most. */
  offer(entry: Entry, object: KubeObject): void {
    const bytes = this.#youngBytes + this.#oldBytes + entry.packed.length;
    if (bytes <= this.#maxBytes) this.#take(entry, deepFreeze(object));
  }

  #decoded({ key, packed, modRevision }: Entry): KubeObject {
    return this.#codec.decode(key, unpacked(packed), modRevision);
  }

  #take(entry: Entry, object: KubeObject): KubeObject {
    this.#young.set(entry, object);
    this.#youngBytes += entry.packed.length;
    if (this.#youngBytes > this.#maxBytes / 2) {
      [this.#old, this.#oldBytes] = [this.#young, this.#youngBytes];
      [this.#young, this.#youngBytes] = [new Map(), 0];
    }
    return object;
  }
}

/** Runs for every object that comes in: without a list of members for each. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  if (Array.isArray(value)) for (const item of value) deepFreeze(item);
  else for (const name in value) deepFreeze(value[name]);
  return Object.freeze(value);
}
