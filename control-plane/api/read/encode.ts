/** Objects as bytes for the wire. Objects of the cache are frozen and shared: each is made into bytes once for all readers. */
import type { KubeObject } from "#proto/resources/object.ts";

export class ObjectEncoder {
  readonly #encoded = new WeakMap<KubeObject, Uint8Array>();

  /** The same object must not change afterwards. */
  encode(object: KubeObject): Uint8Array {
    const known = this.#encoded.get(object);
    if (known) return known;
    const bytes = Buffer.from(JSON.stringify(object));
    if (Object.isFrozen(object)) this.#encoded.set(object, bytes);
    return bytes;
  }
}
