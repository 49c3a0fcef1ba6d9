/**
 * Reads all documents, checks all of them (here and, by dry run, on the server) before the first change, then applies one by
 * one in an order in which each finds what it needs, and says of each what became of it.
 */
import { Problem, type ProblemCause } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { findDefinition, type ResourceDefinition } from "#proto/resources/registry.ts";
import { type Connection, withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import type { Manifest } from "../../manifests/parse-manifests.ts";
import { readManifests } from "../../manifests/read-sources.ts";
import { nameOf, printerFor } from "../../printers/objects.ts";
import { causeText } from "../../printers/problem.ts";
import { visible } from "../../printers/table.ts";
import { usageProblem } from "../../program-options.ts";
import { waitForRollout } from "../../waiting/rollout.ts";

export interface ApplyOptions {
  readonly filename: readonly string[];
  readonly recursive?: boolean;
  readonly dryRun?: true | string;
  readonly wait?: boolean;
  readonly timeout: number;
  readonly forceConflicts?: boolean;
  readonly fieldManager: string;
  readonly validate: string;
  readonly output?: string;
}

interface Document {
  readonly manifest: Manifest;
  readonly definition: ResourceDefinition;
  readonly namespace: string;
  readonly object: KubeObject;
}

export async function runApply(options: ApplyOptions, global: GlobalOptions, environment: Environment): Promise<void> {
  const validation = validationOf(options.validate);
  const dryRun = options.dryRun === undefined ? "none" : options.dryRun === true ? "server" : options.dryRun;
  if (!["none", "server", "client"].includes(dryRun))
    throw usageProblem(`--dry-run=${dryRun} is not known`, "use server or client");
  const manifests = await readManifests(
    { files: options.filename, recursive: options.recursive === true },
    environment,
  );
  const checked = checkHere(manifests, validation, global.namespace);
  if (dryRun === "client") {
    for (const { definition, object } of checked)
      environment.out.write(`${nameOf(definition, object)} read (client dry run)\n`);
    return;
  }
  await withConnection(global, environment, async (connection) => {
    const documents = inOrder(checked).map((one) => placed(one, connection));
    await checkThere(documents, options, connection, environment);
    const applied = await applyAll(documents, { options, dryRun: dryRun === "server", connection, environment });
    if (options.output) environment.out.write(printApplied(options.output, applied, environment));
    if (options.wait && dryRun === "none")
      for (const { document } of applied) await waitForRollout(connection, document, options.timeout, environment);
  });
}

function validationOf(text: string): "strict" | "warn" | "ignore" {
  if (text === "strict" || text === "true") return "strict";
  if (text === "warn") return "warn";
  if (text === "ignore" || text === "false") return "ignore";
  throw usageProblem(`--validate=${text} is not known`, "use strict, warn or ignore");
}

type Unplaced = Omit<Document, "namespace"> & { readonly namespace: string | undefined };

/** All documents, each against its schema; all that is wrong is said at once. */
function checkHere(
  manifests: readonly Manifest[],
  mode: "strict" | "warn" | "ignore",
  namespace: string | undefined,
): readonly Unplaced[] {
  const problems: ProblemCause[] = [];
  const checked = manifests.flatMap((manifest): Unplaced[] => {
    const { object } = manifest;
    const definition = findDefinition({ apiVersion: object.apiVersion, kind: object.kind });
    const say = (cause: ProblemCause): number => problems.push({ message: located(manifest, cause) });
    if (!definition) {
      say({
        path: "kind",
        message: `Orch has no kind ${object.kind} of ${object.apiVersion}`,
        reason: "FieldValueNotSupported",
      });
      return [];
    }
    const own = object.metadata.namespace;
    if (namespace !== undefined && own !== undefined && own !== namespace)
      say({ path: "metadata.namespace", message: `the file says ${own}, but -n says ${namespace}` });
    const withDefaults = definition.applyDefaults(structuredClone(object));
    for (const cause of definition.validate(withDefaults, { mode }).causes) say(cause);
    return [{ manifest, definition, namespace: own ?? namespace, object }];
  });
  if (problems.length > 0) {
    throw new Problem(
      "invalid",
      `nothing was applied: ${problems.length === 1 ? "one thing is" : `${problems.length} things are`} wrong in the files`,
      { causes: problems },
    );
  }
  return checked;
}

function located(manifest: Manifest, cause: ProblemCause): string {
  const { object, source } = manifest;
  const place = manifest.placeOf(cause.path ?? "");
  return `${source}:${place.line}:${place.column}: ${object.kind} ${object.metadata.name ?? ""}: ${causeText(cause)}`;
}

function placed(one: Unplaced, connection: Connection): Document {
  return { ...one, namespace: one.definition.namespaced ? (one.namespace ?? connection.namespace) : "" };
}

/** Namespaces first, then what pods refer to, then workloads. */
const ranks: readonly string[] = [
  "Namespace",
  "PriorityClass",
  "StorageClass",
  "ServiceAccount",
  "Secret",
  "ConfigMap",
  "PersistentVolume",
  "PersistentVolumeClaim",
  "Service",
];

function inOrder<T extends { readonly definition: ResourceDefinition }>(documents: readonly T[]): readonly T[] {
  const rankOf = (one: T): number =>
    ranks.includes(one.definition.kind) ? ranks.indexOf(one.definition.kind) : ranks.length;
  return [...documents].sort((a, b) => rankOf(a) - rankOf(b));
}

const patchTarget = ({
  definition,
  namespace,
  object,
}: Document): { resource: string; namespace: string; name: string } => ({
  resource: definition.resource,
  namespace,
  name: object.metadata.name,
});

/** The server's own checks (conflicts, quotas, immutable fields), as a dry run of every document. */
async function checkThere(
  documents: readonly Document[],
  options: ApplyOptions,
  connection: Connection,
  environment: Environment,
): Promise<void> {
  const created = new Set(
    documents.filter((one) => one.definition.kind === "Namespace").map((one) => one.object.metadata.name),
  );
  const problems: { readonly document: Document; readonly problem: Problem }[] = [];
  for (const document of documents) {
    try {
      await applyOne(document, options, connection, true);
    } catch (thrown) {
      environment.signal.throwIfAborted();
      const problem = Problem.from(thrown);
      // Its namespace comes with the same files: the server cannot know it yet.
      if (problem.code === "not-found" && created.has(document.namespace)) continue;
      if (problem.code === "unavailable" || problem.code === "timeout" || problem.code === "unauthenticated")
        throw problem;
      problems.push({ document, problem });
    }
  }
  const [first] = problems;
  if (!first) return;
  const causes = problems.flatMap(({ document, problem }) =>
    (problem.causes.length > 0 ? problem.causes : [{ message: problem.message }]).map((cause) => ({
      message: located(document.manifest, cause),
    })),
  );
  throw new Problem(
    first.problem.code,
    `nothing was applied: the server refused ${problems.length} of ${documents.length} documents`,
    {
      causes,
      ...(first.problem.hint !== undefined && { hint: first.problem.hint }),
    },
  );
}

function applyOne(
  document: Document,
  options: ApplyOptions,
  connection: Connection,
  dryRun: boolean,
): ReturnType<Connection["api"]["patch"]> {
  const body = {
    ...document.object,
    metadata: { ...document.object.metadata, ...(document.namespace !== "" && { namespace: document.namespace }) },
  };
  return connection.api.patch(
    patchTarget(document),
    { type: "apply", body, force: options.forceConflicts === true },
    { dryRun, fieldManager: options.fieldManager, validation: validationOf(options.validate) },
  );
}

interface Applied {
  readonly document: Document;
  readonly object: KubeObject;
}

interface ApplyTools {
  readonly options: ApplyOptions;
  readonly dryRun: boolean;
  readonly connection: Connection;
  readonly environment: Environment;
}

async function applyAll(documents: readonly Document[], tools: ApplyTools): Promise<readonly Applied[]> {
  const { options, dryRun, connection, environment } = tools;
  const applied: Applied[] = [];
  for (const [index, document] of documents.entries()) {
    const name = nameOf(document.definition, document.object);
    try {
      const answer = await applyOne(document, options, connection, dryRun);
      for (const warning of answer.warnings)
        environment.err.write(`warning: ${visible(located(document.manifest, { message: warning }))}\n`);
      if (!options.output) environment.out.write(`${name} ${answer.outcome}${dryRun ? " (server dry run)" : ""}\n`);
      applied.push({ document, object: answer.object });
    } catch (thrown) {
      environment.signal.throwIfAborted();
      const problem = Problem.from(thrown);
      const rest = documents
        .slice(index)
        .map((one) => ({ message: `not applied: ${nameOf(one.definition, one.object)}` }));
      throw new Problem(problem.code, `${name}: ${problem.message}`, {
        causes: [...problem.causes, ...rest],
        ...(problem.hint !== undefined && { hint: problem.hint }),
      });
    }
  }
  return applied;
}

function printApplied(format: string, applied: readonly Applied[], environment: Environment): string {
  const printer = printerFor({
    format,
    headers: true,
    showNamespace: false,
    showKind: false,
    showLabels: false,
    nowMs: () => environment.clock.nowMs(),
  });
  const found = applied.map(({ document, object }) => ({ definition: document.definition, items: [object] }));
  return printer.print(found, { single: applied.length === 1 });
}
