/** Seals what a Secret carries before it is stored and opens it on read. What stays readable: names, labels, type. */
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { canonicalJson } from "./canonical-json.ts";
import { isSealed, type Sealer } from "./sealer.ts";

/** kubectl keeps the whole manifest here, values included. */
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

export interface SecretSealing {
  /** Replaces `data` (and the last-applied annotation) by `{keyId, nonce, ciphertext}` bound to the store key. */
  seal(secret: KubeObject, storeKey: string): KubeObject;
  open(stored: KubeObject, storeKey: string): KubeObject;
}

interface Contents {
  readonly data?: unknown;
  readonly lastApplied?: string;
}

export function createSecretSealing(sealer: Sealer): SecretSealing {
  return {
    seal(secret, storeKey) {
      if (secret.stringData !== undefined) {
        throw new Problem("internal", "stringData must be merged into data before a Secret is stored", {
          object: storeKey,
        });
      }
      const { [lastApplied]: applied, ...annotations } = secret.metadata.annotations ?? {};
      const contents: Contents = { data: secret.data, ...(applied === undefined ? {} : { lastApplied: applied }) };
      const metadata = { ...secret.metadata };
      if (applied !== undefined) metadata.annotations = annotations;
      const data = sealer.seal(Buffer.from(canonicalJson(contents)), storeKey);
      return { ...secret, metadata, data };
    },
    open(stored, storeKey) {
      const { data: sealed, ...secret } = stored;
      if (!isSealed(sealed)) throw new Problem("internal", "the stored Secret is not sealed", { object: storeKey });
      const contents: Contents = JSON.parse(Buffer.from(sealer.open(sealed, storeKey)).toString());
      if (contents.lastApplied !== undefined) {
        secret.metadata.annotations = { ...secret.metadata.annotations, [lastApplied]: contents.lastApplied };
      }
      return contents.data === undefined ? secret : { ...secret, data: contents.data };
    },
  };
}
