/** YAML text of a value. In a file of its own: only what prints YAML loads the library. */
import { stringify } from "yaml";
import { escapeUnprintable } from "./table.ts";

/**
 * Words that kubectl and we read as something else (yes, on, 0644) are quoted, so that what is printed can be applied again.
 * The library quotes a text with control characters, and leaves some of them as they are: those are escaped here. */
export const yamlOf = (value: unknown): string =>
  escapeUnprintable(
    stringify(value, { lineWidth: 0, aliasDuplicateObjects: false, version: "1.2", compat: "yaml-1.1" }),
  );
