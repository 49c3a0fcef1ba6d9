/** `stringData` of a Secret is another way to write `data`: made so before ownership is decided, so that keys can leave again. */
import type { KubeObject } from "#proto/resources/object.ts";
import { isRecord } from "../patch/json.ts";

/** Other kinds, and what has the wrong shape, pass as they are: the schema says what is wrong. */
export function withSecretData(object: KubeObject): KubeObject {
  const { stringData, ...rest } = object;
  if (object.kind !== "Secret" || !isRecord(stringData) || !isTextMap(stringData)) return object;
  if (object.data !== undefined && !isRecord(object.data)) return object;
  const encoded = Object.entries(stringData).map(([key, text]) => [key, Buffer.from(text).toString("base64")] as const);
  return { ...rest, data: { ...object.data, ...Object.fromEntries(encoded) } } as KubeObject;
}

function isTextMap(value: Record<string, unknown>): value is Record<string, string> {
  return Object.values(value).every((text) => typeof text === "string");
}
