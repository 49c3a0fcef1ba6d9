/** Compares each document with the live object as a dry run of apply would leave it. Values of Secrets are never shown. */
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { ValidationMode } from "#proto/resources/registry.ts";
import { ApplySet } from "../../changes/apply-set.ts";
import { bodyOf, type Document, placed } from "../../changes/documents.ts";
import { editable } from "../../changes/editable.ts";
import { isRecord } from "../../changes/merge.ts";
import { validationOf } from "../../changes/report.ts";
import type { SelectFlags } from "../../changes/select.ts";
import { type Connection, withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { exitCodeOf, exitCodes } from "../../exit-codes.ts";
import { inOrder } from "../../manifests/order.ts";
import { readManifests } from "../../manifests/read-sources.ts";
import { nameOf } from "../../printers/objects.ts";
import { visible, visibleLines } from "../../printers/table.ts";
import { colored, unifiedDiff } from "../../printers/unified-diff.ts";
import { yamlOf } from "../../printers/yaml.ts";
import { usageProblem } from "../../program-options.ts";
import { checkManifests, located, locatedWarning } from "../apply/check.ts";

export interface DiffFlags extends Pick<SelectFlags, "filename" | "recursive"> {
  readonly forceConflicts?: boolean;
  readonly fieldManager: string;
  readonly validate: ValidationMode | "true" | "false";
  readonly showManagedFields?: boolean;
  readonly prune?: boolean;
  readonly applyset?: string;
}

export async function runDiff(flags: DiffFlags, global: GlobalOptions, environment: Environment): Promise<void> {
  if (flags.filename === undefined) throw usageProblem("nothing to compare was given", "give -f FILE");
  const manifests = await readManifests({ files: flags.filename, recursive: flags.recursive === true }, environment);
  const checked = inOrder(checkManifests(manifests, validationOf(flags.validate), global.namespace, "compared", true));
  let differ = false;
  const print = async (diff: string): Promise<void> => {
    if (diff === "") return;
    differ = true;
    environment.out.write(environment.color ? colored(diff) : diff);
    await environment.out.drained();
  };
  if (flags.prune !== (flags.applyset !== undefined || undefined))
    throw usageProblem("--prune and --applyset go together", "as in: --prune --applyset shop");
  await withConnection(global, environment, async (connection) => {
    const set = flags.applyset === undefined ? undefined : await ApplySet.open(flags.applyset, connection);
    const documents = checked.map((one) => placed(one, connection));
    for (const document of documents) {
      const member = set ? set.labelled(document) : document;
      await print(await compare(member, flags, connection, environment).catch(distinct(document)));
    }
    for (const { definition, namespace, object } of (await set?.surplus(documents)) ?? []) {
      const shown = definition.kind === "Secret" ? masked(undefined, object)[1] : object;
      const names = { before: `${nameOf(definition, object)}, namespace ${namespace} (live)`, after: "/dev/null" };
      await print(visibleLines(unifiedDiff(yamlOf(comparable(shown, flags)), "", names)));
    }
  });
  if (differ) environment.setExitCode(exitCodes.failed);
}

/** 1 means "different" here: no error may leave with it. */
const distinct =
  (document: Document) =>
  (thrown: unknown): never => {
    if (!(thrown instanceof Problem)) throw thrown;
    const causes = thrown.causes.map((cause) => ({ message: located(document.manifest, cause) }));
    const code = exitCodeOf(thrown) === exitCodes.failed ? "unavailable" : thrown.code;
    throw new Problem(code, `${nameOf(document.definition, document.object)}: ${thrown.message}`, {
      ...(thrown.hint !== undefined && { hint: thrown.hint }),
      causes,
      cause: thrown,
    });
  };

async function compare(
  document: Document,
  flags: DiffFlags,
  connection: Connection,
  environment: Environment,
): Promise<string> {
  const { definition, namespace, object, manifest } = document;
  const live = await liveOf(document, connection);
  const after = await appliedOf(document, flags, connection, environment);
  const [shownBefore, shownAfter] = definition.kind === "Secret" ? masked(live, after) : [live, after];
  const text = (shown: KubeObject | undefined): string => (shown ? yamlOf(comparable(shown, flags)) : "");
  const where = namespace === "" ? "" : `, namespace ${namespace}`;
  const place = manifest.placeOf("");
  return visibleLines(
    unifiedDiff(text(shownBefore), text(shownAfter), {
      before: live ? `${nameOf(definition, object)}${where} (live)` : "/dev/null",
      after: `${nameOf(definition, object)}${where} (${manifest.source}:${place.line})`,
    }),
  );
}

async function liveOf(
  { definition, namespace, object }: Document,
  { api }: Connection,
): Promise<KubeObject | undefined> {
  try {
    return await api.get(definition.resource, namespace, object.metadata.name);
  } catch (thrown) {
    if (Problem.is(thrown, "not-found")) return undefined;
    throw thrown;
  }
}

/** A conflict is told, and what taking over would change is shown. */
async function appliedOf(
  document: Document,
  flags: DiffFlags,
  { api }: Connection,
  environment: Environment,
): Promise<KubeObject> {
  const { definition, namespace, object, manifest } = document;
  const { fieldManager, validate } = flags;
  const apply = async (force: boolean): Promise<KubeObject> => {
    const answer = await api.patch(
      { resource: definition.resource, namespace, name: object.metadata.name },
      { type: "apply", body: bodyOf(document), force },
      { dryRun: true, fieldManager, validation: validationOf(validate) },
    );
    for (const warning of answer.warnings)
      environment.err.write(`warning: ${visible(locatedWarning(manifest, warning))}\n`);
    return answer.object;
  };
  try {
    return await apply(flags.forceConflicts === true);
  } catch (thrown) {
    // Its namespace may come with the same files: then all of it is new.
    if (Problem.is(thrown, "not-found")) return definition.applyDefaults(bodyOf(document));
    if (!Problem.is(thrown, "conflict") || thrown.causes.length === 0) throw thrown;
    for (const cause of thrown.causes)
      environment.err.write(`warning: ${visible(located(manifest, cause))}: apply would need --force-conflicts\n`);
    return apply(true);
  }
}

function comparable(object: KubeObject, { showManagedFields }: DiffFlags): KubeObject {
  const { managedFields } = object.metadata;
  const shown = editable(object);
  const whole =
    showManagedFields && managedFields ? { ...shown, metadata: { ...shown.metadata, managedFields } } : shown;
  const { apiVersion, kind, metadata: identity, ...rest } = whole;
  return { apiVersion, kind, metadata: inOrderOfNames(identity), ...(inOrderOfNames(rest) as object) } as KubeObject;
}

/** In what order members were written is no difference. */
function inOrderOfNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrderOfNames);
  if (!isRecord(value)) return value;
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, inOrderOfNames(value[name])]));
}

/** As kubectl shows them: that a value differs, never which it is. */
function masked(before: KubeObject | undefined, after: KubeObject): readonly [KubeObject | undefined, KubeObject] {
  const values = (object: KubeObject | undefined): Readonly<Record<string, string>> =>
    (object?.data ?? {}) as Readonly<Record<string, string>>;
  const [old, now] = [values(before), values(after)];
  const mask = (own: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>, side: string): object =>
    Object.fromEntries(
      Object.entries(own).map(([key, value]) => [
        key,
        !Object.hasOwn(other, key) || other[key] === value ? "***" : `*** (${side})`,
      ]),
    );
  return [
    before && ({ ...before, data: mask(old, now, "before") } as KubeObject),
    { ...after, data: mask(now, old, "after") } as KubeObject,
  ];
}
