/**
 * Authenticated encryption of small secrets at rest: AES-256-GCM under keys from a file outside etcd. Each seal derives its
 * own key from a random half of the nonce (as XAES-256-GCM does), so the number of seals under one key has no practical limit.
 * `context` is bound in: a sealed value moved to another place does not open.
 */
import { createCipheriv, createDecipheriv, hkdfSync } from "node:crypto";
import { Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";

/** As stored; `nonce` and `ciphertext` are base64. */
export interface Sealed {
  readonly keyId: string;
  readonly nonce: string;
  readonly ciphertext: string;
}

export interface Sealer {
  /** `context` says where the result will stand, as the store key; opening needs the same. */
  seal(plaintext: Uint8Array, context: string): Sealed;
  /** Throws `internal` when the key is not loaded, the context differs or the value was changed. */
  open(sealed: Sealed, context: string): Uint8Array;
}

export interface SealingKey {
  readonly id: string;
  /** 32 bytes. */
  readonly secret: Uint8Array;
}

const nonceBytes = 24;
const gcmNonceBytes = 12;
const tagBytes = 16;

/** Seals with the first key; opens with any of them. `random` must be the system's outside tests. */
export function createSealer(keys: readonly SealingKey[], random: Random): Sealer {
  const [primary] = keys;
  if (!primary) throw new Problem("internal", "no key-encryption key is loaded");
  return {
    seal(plaintext, context) {
      const nonce = random.bytes(nonceBytes);
      const cipher = createCipheriv("aes-256-gcm", sealKey(primary, nonce), nonce.subarray(nonceBytes - gcmNonceBytes));
      cipher.setAAD(associatedData(primary.id, context));
      const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
      return {
        keyId: primary.id,
        nonce: Buffer.from(nonce).toString("base64"),
        ciphertext: ciphertext.toString("base64"),
      };
    },
    open(sealed, context) {
      const key = keys.find((candidate) => candidate.id === sealed.keyId);
      if (!key) throw missingKey(sealed.keyId, context);
      const nonce = Buffer.from(sealed.nonce, "base64");
      const body = Buffer.from(sealed.ciphertext, "base64");
      if (nonce.length !== nonceBytes || body.length < tagBytes) throw tampered(context);
      const decipher = createDecipheriv(
        "aes-256-gcm",
        sealKey(key, nonce),
        nonce.subarray(nonceBytes - gcmNonceBytes),
        {
          authTagLength: tagBytes,
        },
      );
      decipher.setAAD(associatedData(key.id, context));
      decipher.setAuthTag(body.subarray(body.length - tagBytes));
      try {
        return Buffer.concat([decipher.update(body.subarray(0, body.length - tagBytes)), decipher.final()]);
      } catch (thrown) {
        throw tampered(context, thrown);
      }
    },
  };
}

export function isSealed(value: unknown): value is Sealed {
  if (typeof value !== "object" || value === null) return false;
  const { keyId, nonce, ciphertext }: Partial<Record<keyof Sealed, unknown>> = value;
  return typeof keyId === "string" && typeof nonce === "string" && typeof ciphertext === "string";
}

function sealKey(key: SealingKey, nonce: Uint8Array): Uint8Array {
  return new Uint8Array(
    hkdfSync("sha256", key.secret, nonce.subarray(0, nonceBytes - gcmNonceBytes), "orch seal v1", 32),
  );
}

function associatedData(keyId: string, context: string): Uint8Array {
  return Buffer.from(`orch seal v1\0${keyId}\0${context}`);
}

function missingKey(keyId: string, context: string): Problem {
  return new Problem("internal", `${context} is sealed with key ${keyId}, which is not in the key file`, {
    object: context,
    hint: "Give this control plane the key file of the cluster (the one a second control plane is given).",
  });
}

function tampered(context: string, cause?: unknown): Problem {
  return new Problem("internal", `${context} does not open: it was changed, or moved from another key`, {
    object: context,
    ...(cause === undefined ? {} : { cause }),
  });
}
