/** What is stored sealed, with which key, and the same under another one. All that is sealed is known here. */
import { Problem } from "#proto/kit/problem.ts";
import { canonicalJson } from "../store/canonical-json.ts";
import { clusterKey, resourcePrefix } from "../store/keyspace.ts";
import { readHeader } from "../store/object-codec.ts";
import { isSealed, type Sealer } from "../store/sealer.ts";

export const secretPrefix = resourcePrefix("", "secrets");
/** Sealed as a whole. */
export const sealedKeys: readonly string[] = [clusterKey("ca")];

const keyIdMember = Buffer.from('"keyId":"');
const quote = 0x22;

export const isSealedPlace = (key: string): boolean => key.startsWith(secretPrefix) || sealedKeys.includes(key);

/** For people: `Secret default/db`, `the certificate authority`. */
export function describePlace(key: string): string {
  return key.startsWith(secretPrefix) ? `Secret ${key.slice(secretPrefix.length)}` : "the certificate authority";
}

/**
 * Id of the key that the value is sealed with; undefined when it is not. Members are stored in order, so what is sealed comes before
 * anything that a person named; within a string a quote is escaped.
 */
export function sealedWith(value: Uint8Array): string | undefined {
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  const at = bytes.indexOf(keyIdMember);
  if (at < 0) return undefined;
  const from = at + keyIdMember.length;
  const end = bytes.indexOf(quote, from);
  return end < 0 ? undefined : bytes.toString("utf8", from, end);
}

/** The same content under the sealer's key of today. Throws what opening throws. */
export function resealed(key: string, value: Uint8Array, sealer: Sealer): Uint8Array {
  if (!key.startsWith(secretPrefix)) {
    return Buffer.from(JSON.stringify(again(JSON.parse(Buffer.from(value).toString("utf8")), key, sealer)));
  }
  const { bodyAt } = readHeader(value, key);
  const stored = JSON.parse(Buffer.from(value.subarray(bodyAt)).toString("utf8")) as { readonly data?: unknown };
  const body = canonicalJson({ ...stored, data: again(stored.data, key, sealer) });
  return Buffer.concat([value.subarray(0, bodyAt), Buffer.from(body)]);
}

function again(sealed: unknown, key: string, sealer: Sealer): unknown {
  if (!isSealed(sealed)) throw new Problem("internal", `what is stored at ${key} is not sealed`, { object: key });
  return sealer.seal(sealer.open(sealed, key), key);
}
