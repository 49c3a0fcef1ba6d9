/** Our keys in etcd: all below one prefix, which is added and stripped here. */
import type { EtcdItem } from "./etcd-messages.ts";
import type { KeyValue } from "./kv.ts";

export class EtcdKeyRange {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  key(key: string): Buffer {
    return Buffer.from(this.#prefix + key);
  }

  /** The first key after `key`. */
  after(key: string): Buffer {
    return Buffer.concat([this.key(key), Buffer.of(0)]);
  }

  /** The first key after all that begin with `prefix`. */
  end(prefix: string): Buffer {
    const bytes = this.key(prefix);
    for (let at = bytes.length - 1; at >= 0; at--) {
      const byte = bytes[at] ?? 0xff;
      if (byte < 0xff) return Buffer.concat([bytes.subarray(0, at), Buffer.of(byte + 1)]);
    }
    return Buffer.of(0);
  }

  strip(key: Buffer): string {
    return key.toString().slice(this.#prefix.length);
  }

  item({ key, ...item }: EtcdItem): KeyValue {
    return { key: this.strip(key), ...item };
  }
}
