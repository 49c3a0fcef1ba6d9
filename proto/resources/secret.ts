/** Secret: as ConfigMap, for what must stay confidential. Kept encrypted, given only to nodes that need it. */
import type { z } from "zod";
import { typeMeta } from "./meta.ts";
import { flag, map, object, secretBytes, secretText, text, works } from "./schema/fields.ts";

export const secret = object("Secret", () => ({
  ...typeMeta("v1", "Secret"),
  immutable: works(flag(), "True: the content can no longer change, nor this field."),
  data: works(map(secretBytes()), "Keys and base64 of their values."),
  stringData: works(map(secretText()), "Keys and plain text; written into `data` and never returned."),
  type: works(text(), { doc: "As `kubernetes.io/dockerconfigjson`. Cannot change.", default: "Opaque" }),
}));
export type Secret = z.infer<typeof secret>;
