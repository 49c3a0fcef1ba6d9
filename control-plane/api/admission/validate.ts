/** Defaults and rules of the schema, as one step of admission. */
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { ResourceDefinition, ValidationMode } from "#proto/resources/registry.ts";
import { describe } from "../target.ts";

export interface Admitted {
  readonly object: KubeObject;
  readonly warnings: readonly string[];
}

export interface ValidateOptions {
  readonly previous?: KubeObject | undefined;
  readonly mode: ValidationMode;
}

/** The object with defaults, without unknown fields. Throws `invalid` with every broken rule. */
export function defaultAndValidate(
  definition: ResourceDefinition,
  given: KubeObject,
  { previous, mode }: ValidateOptions,
): Admitted {
  const object = definition.applyDefaults(given);
  const { causes, warnings } = definition.validate(object, { previous, mode });
  if (causes.length > 0) {
    const name = describe(definition, object.metadata.namespace ?? "", object.metadata.name);
    const first = causes[0];
    const said = `${first?.path === undefined ? "" : `${first.path}: `}${first?.message}`;
    const more = causes.length === 1 ? "" : ` (and ${causes.length - 1} more)`;
    throw new Problem("invalid", `${name} is invalid: ${said}${more}`, { object: name, causes });
  }
  return { object: mode === "strict" ? object : definition.prune(object), warnings };
}
