/** Label and field selectors of a request, compiled once. */
import { Problem } from "#proto/kit/problem.ts";
import { type FieldSelector, matchesFieldSelector, parseFieldSelector } from "#proto/resources/field-selector.ts";
import { matchesSelector, parseSelector } from "#proto/resources/label-selector.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { ResourceDefinition } from "#proto/resources/registry.ts";

export interface Selection {
  readonly matches: (object: KubeObject) => boolean;
  readonly isEverything: boolean;
}

export interface SelectionRequest {
  readonly labelSelector: string;
  readonly fieldSelector: string;
}

export function readSelection(definition: ResourceDefinition, request: SelectionRequest): Selection {
  const labels = parseSelector(request.labelSelector);
  if (!labels.ok) throw new Problem("bad-request", `the label selector cannot be read: ${labels.message}`);
  const fields = parseFieldSelector(request.fieldSelector, Object.keys(definition.fieldSelectors));
  if (!fields.ok) throw new Problem("bad-request", `the field selector cannot be read: ${fields.message}`);
  if (labels.selector.length === 0 && fields.selector.length === 0) return { matches: () => true, isEverything: true };
  return {
    isEverything: false,
    matches: (object) =>
      matchesSelector(labels.selector, object.metadata.labels) && matchesFields(definition, fields.selector, object),
  };
}

function matchesFields(definition: ResourceDefinition, selector: FieldSelector, object: KubeObject): boolean {
  return matchesFieldSelector(selector, object, definition.fieldSelectors);
}
