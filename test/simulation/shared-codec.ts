/**
 * The codec of a world: what is stored is read once, by whoever comes first, instead of by every process on its own. They share the object,
 * frozen all through, so that none can spoil it for another.
 */
import { deepFreeze } from "#control-plane/cache/parsed-objects.ts";
import { createObjectCodec, type ObjectCodec } from "#control-plane/store/object-codec.ts";
import type { KubeObject } from "#proto/resources/object.ts";

interface Read {
  readonly modRevision: number;
  readonly object: KubeObject;
}

/** For a store that never changes the bytes it has handed out. */
export function sharedCodec(): ObjectCodec {
  const codec = createObjectCodec();
  const read = new WeakMap<Uint8Array, Read>();
  return {
    encode: codec.encode,
    decode(key, value, modRevision) {
      const known = read.get(value);
      if (known?.modRevision === modRevision) return known.object;
      const object = deepFreeze(codec.decode(key, value, modRevision));
      read.set(value, { modRevision, object });
      return object;
    },
  };
}
