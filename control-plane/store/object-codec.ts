/**
 * The stored form of an object: a header line `orch FORMAT POSITION VERSION` and canonical JSON without resourceVersion.
 * The position is the write's place in its transaction, from which readers derive resourceVersion. The version is the kind's own
 * (1 when it is left out); older ones are read in today's form. Secrets are sealed here.
 */
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { canonicalJson } from "./canonical-json.ts";
import { type ResourceKey, resourceKey } from "./keyspace.ts";
import { formatResourceVersion } from "./resource-version.ts";
import type { SecretSealing } from "./secret-sealing.ts";
import { productVersions } from "./stored-versions.ts";

/** Raise it when the stored form changes in a way that older control planes would misread. */
export const storedFormat = 1;

const maxHeaderBytes = 32;
const positionAt = `orch ${storedFormat} `.length;
const positionDigits = 3;

export interface ObjectCodec {
  /** With position 0; see `setPosition`. */
  encode(key: ResourceKey, object: KubeObject): Uint8Array;
  /** Throws `unsupported` for a newer format and `internal` for what is not an object of ours. */
  decode(key: ResourceKey, value: Uint8Array, modRevision: number): KubeObject;
}

/** Without `sealing` Secrets are refused: nothing secret is ever stored in the clear. */
export function createObjectCodec(sealing?: SecretSealing, versions = productVersions): ObjectCodec {
  return {
    encode(key, object) {
      const { resourceVersion: _, ...metadata } = object.metadata;
      let stored: KubeObject = { ...object, metadata };
      if (isSecret(key)) stored = requireSealing(sealing).seal(stored, resourceKey(key));
      const version = versions.current(key);
      return Buffer.from(`orch ${storedFormat} 000${version === 1 ? "" : ` ${version}`}\n${canonicalJson(stored)}`);
    },
    decode(key, value, modRevision) {
      const storeKey = resourceKey(key);
      const { position, bodyAt, version } = readHeader(value, storeKey);
      let object = parseBody(value, bodyAt, storeKey);
      if (isSecret(key)) object = requireSealing(sealing).open(object, storeKey);
      object = versions.migrated(key, object, version);
      object.metadata.resourceVersion = formatResourceVersion(modRevision, position);
      return object;
    },
  };
}

/** Writes the position into an encoded value: it is known only when the transaction is put together. */
export function setPosition(value: Uint8Array, position: number): void {
  const digits = String(position).padStart(positionDigits, "0");
  for (let i = 0; i < positionDigits; i++) value[positionAt + i] = digits.charCodeAt(i);
}

export interface StoredHeader {
  readonly position: number;
  /** Of the kind's stored form. */
  readonly version: number;
  readonly bodyAt: number;
}

/** Reads the header alone: what a record needs before anyone asks for the object. */
export function readHeader(value: Uint8Array, key: string): StoredHeader {
  const beginning = Buffer.from(value.buffer, value.byteOffset, Math.min(value.byteLength, maxHeaderBytes));
  const header = /^orch (\d+)(?: (\d+)(?: (\d+))?)?[^\n]*\n/.exec(beginning.toString("latin1"));
  if (!header) throw foreign(key);
  const format = Number(header[1]);
  if (format > storedFormat) {
    throw new Problem("unsupported", `the data is newer than this control plane: ${key} has format ${format}`, {
      object: key,
      hint: `This control plane reads formats up to ${storedFormat}. Start the newer version again.`,
    });
  }
  return { position: Number(header[2] ?? 0), version: Number(header[3] ?? 1), bodyAt: header[0].length };
}

const metadataStart = Buffer.from('"metadata":{');

/**
 * The JSON of a stored object with its resourceVersion, without parsing it; undefined when that cannot be done. Not for what is
 * sealed. Within a string a quote is escaped, so the name of a member is found as bytes; what stands before `metadata` has none
 * of that name inside.
 */
export function storedJson(value: Uint8Array, key: string, modRevision: number): Uint8Array | undefined {
  const { position, bodyAt } = readHeader(value, key);
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  const found = bytes.indexOf(metadataStart, bodyAt);
  if (found < 0) return undefined;
  const at = found + metadataStart.length;
  const version = Buffer.from(`"resourceVersion":"${formatResourceVersion(modRevision, position)}",`);
  return Buffer.concat([bytes.subarray(bodyAt, at), version, bytes.subarray(at)]);
}

function parseBody(value: Uint8Array, bodyAt: number, key: string): KubeObject {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(value.buffer, value.byteOffset + bodyAt, value.byteLength - bodyAt).toString());
  } catch {
    throw foreign(key);
  }
  if (!isKubeObject(parsed)) throw foreign(key);
  return parsed;
}

function isKubeObject(value: unknown): value is KubeObject {
  if (typeof value !== "object" || value === null || !("metadata" in value)) return false;
  return typeof value.metadata === "object" && value.metadata !== null;
}

function isSecret(key: ResourceKey): boolean {
  return key.group === "" && key.plural === "secrets";
}

function requireSealing(sealing: SecretSealing | undefined): SecretSealing {
  if (sealing) return sealing;
  throw new Problem("internal", "Secrets cannot be stored: no key-encryption key is loaded");
}

function foreign(key: string): Problem {
  return new Problem("internal", `the value stored at ${key} was not written by a control plane`, {
    object: key,
    hint: "Remove the key from etcd, or point the control plane at another prefix.",
  });
}
