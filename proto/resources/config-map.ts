/** ConfigMap: configuration as keys and values, for environments and files of pods. */
import type { z } from "zod";
import { typeMeta } from "./meta.ts";
import { bytes, flag, map, object, text, works } from "./schema/fields.ts";

export const configMap = object("ConfigMap", () => ({
  ...typeMeta("v1", "ConfigMap"),
  immutable: works(flag(), "True: the content can no longer change, nor this field."),
  data: works(map(text()), "Keys and text."),
  binaryData: works(map(bytes()), "Keys and base64 of bytes. A key is in one of the two only."),
}));
export type ConfigMap = z.infer<typeof configMap>;
