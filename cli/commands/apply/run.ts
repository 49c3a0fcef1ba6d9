/**
 * Reads all documents, checks all of them (here and, by dry run, on the server) before the first change, then applies one by
 * one in an order in which each finds what it needs, and says of each what became of it.
 */
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { ValidationMode } from "#proto/resources/registry.ts";
import { type Connection, withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { inOrder } from "../../manifests/order.ts";
import { readManifests } from "../../manifests/read-sources.ts";
import { nameOf, printerFor } from "../../printers/objects.ts";
import { visible } from "../../printers/table.ts";
import { startDeadline } from "../../waiting/deadline.ts";
import { rollsOut, waitForRollout } from "../../waiting/rollout.ts";
import { type Checked, checkManifests, located, locatedWarning } from "./check.ts";

export interface ApplyOptions {
  readonly filename: readonly string[];
  readonly recursive?: boolean;
  readonly dryRun?: "none" | "server" | "client";
  readonly wait?: boolean;
  readonly timeout: number;
  readonly forceConflicts?: boolean;
  readonly fieldManager: string;
  readonly validate: ValidationMode | "true" | "false";
  readonly output?: string;
}

interface Document extends Checked {
  /** Empty for kinds that have none. */
  readonly namespace: string;
}

export async function runApply(options: ApplyOptions, global: GlobalOptions, environment: Environment): Promise<void> {
  const validation = validationOf(options.validate);
  const dryRun = options.dryRun ?? "none";
  const manifests = await readManifests(
    { files: options.filename, recursive: options.recursive === true },
    environment,
  );
  const checked = checkManifests(manifests, validation, global.namespace);
  if (dryRun === "client") {
    for (const { definition, object } of inOrder(checked))
      environment.out.write(`${nameOf(definition, object)} read (client dry run)\n`);
    return;
  }
  await withConnection(global, environment, async (connection) => {
    const documents = inOrder(checked).map((one) => placed(one, connection));
    await checkThere(documents, options, connection, environment);
    const applied = await applyAll(documents, { options, dryRun: dryRun === "server", connection, environment });
    if (options.output) environment.out.write(await printApplied(options.output, applied, environment));
    if (options.wait && dryRun === "none") await waitForAll(applied, options, connection, environment);
  });
}

/** kubectl's true and false are strict and ignore. */
function validationOf(text: ApplyOptions["validate"]): ValidationMode {
  return text === "true" ? "strict" : text === "false" ? "ignore" : text;
}

async function waitForAll(
  applied: readonly Applied[],
  options: ApplyOptions,
  connection: Connection,
  environment: Environment,
): Promise<void> {
  const deadline = startDeadline(environment.clock, options.timeout);
  for (const { document } of applied) {
    if (!rollsOut(document.definition.kind)) continue;
    const done = await waitForRollout(connection, document, deadline, environment);
    environment.err.write(`${done}\n`);
  }
}

function placed(one: Checked, connection: Connection): Document {
  return { ...one, namespace: one.definition.namespaced ? (one.namespace ?? connection.namespace) : "" };
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
        environment.err.write(`warning: ${visible(locatedWarning(document.manifest, warning))}\n`);
      if (!options.output) environment.out.write(`${name} ${answer.outcome}${dryRun ? " (server dry run)" : ""}\n`);
      applied.push({ document, object: answer.object });
    } catch (thrown) {
      environment.signal.throwIfAborted();
      const problem = Problem.from(thrown);
      const fates = documents.map((one, at) => ({
        message: `${at < index ? "applied" : "not applied"}: ${nameOf(one.definition, one.object)}`,
      }));
      throw new Problem(problem.code, `${name}: ${problem.message}`, {
        causes: [...problem.causes, ...fates],
        ...(problem.hint !== undefined && { hint: problem.hint }),
      });
    }
  }
  return applied;
}

async function printApplied(format: string, applied: readonly Applied[], environment: Environment): Promise<string> {
  const printer = await printerFor({
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
