/** Server-side apply, after Kubernetes' structured-merge-diff: an applier owns what it applies, and takes away what it no longer does. */
import { Problem, type ProblemCause } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { TypeNode } from "#proto/resources/schema/fields.ts";
import { isRecord, withoutNulls } from "../patch/json.ts";
import { difference, emptySet, type FieldSet, intersection, isEmptySet, paths, union } from "./field-set.ts";
import { compareFields, fieldsOf } from "./fields-of.ts";
import {
  isSame,
  type Manager,
  ownable,
  type Part,
  readManagers,
  type Writer,
  withManagers,
  written,
} from "./managers.ts";
import { mergeApplied } from "./merge.ts";
import { removeFields } from "./remove-fields.ts";
import { withoutUnmeant } from "./unmeant.ts";

export interface ApplyOptions {
  readonly type: TypeNode;
  readonly writer: Writer;
  readonly part: Part;
  /** Take over what others own. */
  readonly force: boolean;
  /** For messages, as `Deployment default/web`. */
  readonly describedAs: string;
}

const maxConflictsShown = 16;

/** The live object after `config` was applied, with its managers. Throws `conflict` that names owner and field. */
export function applyConfiguration(
  live: KubeObject | undefined,
  config: KubeObject,
  options: ApplyOptions,
): KubeObject {
  const { type, writer, part } = options;
  const applied = ownable(withoutNulls(config), part);
  const managers = readManagers(live);
  const own = managers.find((manager) => isSame(manager, "Apply", writer));
  // The object itself is nobody's field, also when nothing in it is applied.
  const set: FieldSet = { own: false, below: fieldsOf(type, applied).below };
  const others = managers.filter((manager) => manager !== own);
  // Who set a field by an update may set it by apply too: nobody is in conflict with himself. Kubernetes is stricter.
  const rivals = others.filter((manager) => manager.name !== writer.name || manager.operation === "Apply");
  const before = live && ownable(live, part);
  const held = rivals.map((manager) => manager.set).reduce(union, emptySet);
  const merged = withoutUnmeant(type, mergeApplied(type, before ?? {}, applied), applied, held);
  const owned = union(held, set);
  const dropped = difference(own?.set ?? emptySet, owned);
  const after = removeFields(type, merged, dropped, owned);
  const { changed, removed } = compareFields(type, before, after);
  const contested = conflictsOf(rivals, changed);
  if (contested.length > 0 && !options.force) throw conflictProblem(contested, options);
  const gone = union(changed, removed);
  const entry = {
    name: writer.name,
    operation: "Apply",
    apiVersion: config.apiVersion,
    subresource: writer.subresource,
  } as const;
  return withManagers(laidOver(live ?? config, after, part), [
    // What somebody applies he no longer owns by update: it leaves when he stops applying it.
    ...others.map((manager) => ({
      ...manager,
      set: difference(manager.set, rivals.includes(manager) ? gone : union(gone, set)),
    })),
    written(own, { ...entry, set }, writer),
  ]);
}

/** The identity and the other part of `base`, and the ownable part of `after`. */
function laidOver(base: KubeObject, after: unknown, part: Part): KubeObject {
  const fields = isRecord(after) ? after : {};
  if (part === "status") return { ...base, status: fields.status };
  const foreign = new Set(Object.keys(ownable(base, "main")));
  const kept = Object.fromEntries(Object.entries(base).filter(([name]) => !foreign.has(name)));
  const identity = Object.entries(base.metadata).filter(([name]) => !(name in ownableMetadata(base)));
  const metadata = { ...Object.fromEntries(identity), ...(isRecord(fields.metadata) && fields.metadata) };
  return { ...kept, ...fields, apiVersion: base.apiVersion, kind: base.kind, metadata } as KubeObject;
}

function ownableMetadata(object: KubeObject): object {
  const { metadata } = ownable(object, "main");
  return isRecord(metadata) ? metadata : {};
}

interface Contested {
  readonly manager: Manager;
  readonly fields: FieldSet;
}

function conflictsOf(others: readonly Manager[], changed: FieldSet): readonly Contested[] {
  return others
    .map((manager) => ({ manager, fields: intersection(manager.set, changed) }))
    .filter(({ fields }) => !isEmptySet(fields));
}

function conflictProblem(contested: readonly Contested[], options: ApplyOptions): Problem {
  const causes: ProblemCause[] = [];
  for (const { manager, fields } of contested) {
    for (const path of paths(fields)) {
      if (causes.length === maxConflictsShown) break;
      causes.push({
        path: path.replace(/^\./, ""),
        message: `owned by ${describe(manager)}`,
        reason: "FieldManagerConflict",
      });
    }
  }
  const owners = contested.map(({ manager }) => nameOf(manager)).join(", ");
  const fields =
    causes.length === 1 ? "a field" : `${causes.length === maxConflictsShown ? "many" : causes.length} fields`;
  return new Problem("conflict", `applying would change ${fields} owned by ${owners}`, {
    object: options.describedAs,
    causes,
    hint: "Leave these fields out, set them to their present values, or take them over: orchctl apply --force-conflicts",
    retry: "never",
  });
}

/** Who it is, by which way of writing, and since when. */
function describe(manager: Manager): string {
  return `${nameOf(manager)}${manager.time === undefined ? "" : ` since ${manager.time}`}`;
}

function nameOf(manager: Manager): string {
  const through = manager.subresource === "" ? "" : ` through ${manager.subresource}`;
  return `"${manager.name}"${manager.operation === "Update" ? ` (by update${through})` : through}`;
}
