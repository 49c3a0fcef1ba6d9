/** Defaults and rules for ConfigMaps and Secrets. */
import type { ConfigMap } from "../config-map.ts";
import { configMapKey } from "../name-rules.ts";
import type { Path } from "../schema/field-path.ts";
import { type Findings, quote } from "../schema/findings.ts";
import type { Secret } from "../secret.ts";
import { changedPaths } from "./changes.ts";
import type { RulesFor } from "./rules-for.ts";

const mostBytes = 1024 * 1024;
type Texts = Readonly<Record<string, string>>;

function checkKeys(texts: Texts, path: Path, findings: Findings): void {
  for (const key of Object.keys(texts)) {
    const problem = configMapKey(key);
    if (problem !== undefined) findings.invalid([...path, key], `the key ${problem}`);
  }
}

const base64Bytes = (text: string): number => Math.floor((text.length * 3) / 4);
const totalBytes = (texts: Texts, size: (text: string) => number): number =>
  Object.values(texts).reduce((sum, text) => sum + size(text), 0);

function checkSize(bytes: number, path: Path, findings: Findings): void {
  if (bytes > mostBytes)
    findings.add(path, "FieldValueTooLong", `must be no more than ${mostBytes} bytes together, not ${bytes}`);
}

interface Sealed {
  readonly immutable?: boolean | undefined;
}

function validateImmutable(object: Sealed, previous: Sealed, fields: readonly string[], findings: Findings): void {
  if (previous.immutable !== true) return;
  if (object.immutable !== true)
    findings.forbidden(["immutable"], "cannot be taken back: delete the object and create it anew");
  for (const field of fields)
    for (const path of changedPaths(Reflect.get(previous, field) ?? {}, Reflect.get(object, field) ?? {}, [field]))
      findings.forbidden(path, "cannot change: the object is immutable");
}

export const configMapRules: RulesFor<ConfigMap> = {
  validate(object, findings) {
    const { data = {}, binaryData = {} } = object;
    checkKeys(data, ["data"], findings);
    checkKeys(binaryData, ["binaryData"], findings);
    for (const key of Object.keys(binaryData))
      if (Object.hasOwn(data, key))
        findings.invalid(["binaryData", key], "is in `data` too: a key is in one of the two only");
    checkSize(totalBytes(data, Buffer.byteLength) + totalBytes(binaryData, base64Bytes), [], findings);
  },
  validateUpdate: (object, previous, findings) => validateImmutable(object, previous, ["data", "binaryData"], findings),
};

/** stringData is written into data and not kept. */
function applySecretDefaults(object: Secret): void {
  if (object.stringData === undefined) return;
  const encoded = Object.entries(object.stringData).map(([key, text]) => [
    key,
    Buffer.from(text, "utf8").toString("base64"),
  ]);
  object.data = { ...object.data, ...Object.fromEntries(encoded) };
  delete object.stringData;
}

/** Keys a type of Secret must have: all of a list. */
const requiredKeys: Readonly<Record<string, readonly string[]>> = {
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/dockercfg": [".dockercfg"],
  "kubernetes.io/ssh-auth": ["ssh-privatekey"],
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
};

function validateSecret(object: Secret, findings: Findings): void {
  const { data = {}, type = "Opaque" } = object;
  checkKeys(data, ["data"], findings);
  checkSize(totalBytes(data, base64Bytes), ["data"], findings);
  for (const key of Object.hasOwn(requiredKeys, type) ? (requiredKeys[type] ?? []) : []) {
    if (!Object.hasOwn(data, key)) findings.required(["data", key], `is required for type ${quote(type)}`);
    else if (key.startsWith(".docker") && !isJsonObject(data[key] ?? ""))
      findings.invalid(["data", key], "must be base64 of a JSON object"); // the content is secret: not quoted
  }
  if (type === "kubernetes.io/basic-auth" && !Object.hasOwn(data, "username") && !Object.hasOwn(data, "password"))
    findings.required(["data", "username"], `or \`password\` is required for type ${quote(type)}`);
}

function isJsonObject(base64: string): boolean {
  try {
    const value: unknown = JSON.parse(Buffer.from(base64, "base64").toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false; // what it is instead does not matter to the rule
  }
}

export const secretRules: RulesFor<Secret> = {
  applyDefaults: applySecretDefaults,
  validate: validateSecret,
  validateUpdate(object, previous, findings) {
    validateImmutable(object, previous, ["data"], findings);
    if (object.type !== previous.type) findings.invalid(["type"], `cannot change: it is ${quote(previous.type)}`);
  },
};
