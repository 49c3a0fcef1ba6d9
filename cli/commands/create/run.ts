/** Creates what files or flags say. */
import { Problem } from "#proto/kit/problem.ts";
import { findEntry } from "#proto/resources/catalog.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { ValidationMode } from "#proto/resources/registry.ts";
import type { ChangeFlags } from "../../changes/flags.ts";
import { Report, validationOf, writeQuery } from "../../changes/report.ts";
import type { SelectFlags } from "../../changes/select.ts";
import { withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { usageProblem } from "../../program-options.ts";

export interface CreateFlags extends ChangeFlags, Pick<SelectFlags, "filename" | "recursive"> {
  readonly validate?: ValidationMode | "true" | "false";
}

/** All documents are checked, here and by a dry run there, before the first is made. */
export async function runCreate(
  kind: string | undefined,
  flags: CreateFlags,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  if (kind !== undefined)
    throw usageProblem(
      `create makes no "${kind}" from flags`,
      "it makes namespace, configmap, secret and deployment; all else with -f FILE",
    );
  if (flags.filename === undefined)
    throw usageProblem("nothing to create was given", "give -f FILE, or a kind, as in: orchctl create namespace shop");
  const { checkThere, placed, bodyOf, sendAll } = await import("../../changes/documents.ts");
  const { checkManifests } = await import("../apply/check.ts");
  const { inOrder } = await import("../../manifests/order.ts");
  const { readManifests } = await import("../../manifests/read-sources.ts");
  const validation = validationOf(flags.validate ?? "strict");
  const manifests = await readManifests({ files: flags.filename, recursive: flags.recursive === true }, environment);
  const checked = inOrder(checkManifests(manifests, validation, global.namespace, "created"));
  const report = await Report.open(flags, environment);
  if (flags.dryRun === "client") {
    for (const { definition, object } of checked)
      report.add(definition, { object, warnings: [], outcome: "created" }, "created");
    report.close();
    return;
  }
  await withConnection(global, environment, async (connection) => {
    const documents = checked.map((one) => placed(one, connection));
    const send: Parameters<typeof checkThere>[1] = (document, dryRun) =>
      connection.api.create(document.definition.resource, document.namespace, bodyOf(document), {
        ...{ dryRun, validation, fieldManager: flags.fieldManager },
      });
    await checkThere(documents, send, "created", environment);
    const options = { send, dryRun: flags.dryRun === "server", done: "created" };
    await sendAll(
      documents,
      { ...options, onSent: ({ definition }, answer) => report.add(definition, answer, "created") },
      environment,
    );
    report.close();
  });
}

/** One object that flags describe. */
export async function createOne(
  given: KubeObject,
  flags: CreateFlags,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const definition = findEntry({ apiVersion: given.apiVersion, kind: given.kind });
  if (!definition) throw new Problem("internal", `there is no kind ${given.kind}`);
  const report = await Report.open(flags, environment);
  if (flags.dryRun === "client") {
    const { namespace } = global;
    const metadata = { ...given.metadata, ...(definition.namespaced && namespace !== undefined && { namespace }) };
    report.add(definition, { object: { ...given, metadata }, warnings: [], outcome: "created" }, "created");
    report.close();
    return;
  }
  await withConnection(global, environment, async ({ api, namespace }) => {
    const where = definition.namespaced ? namespace : "";
    report.add(definition, await api.create(definition.resource, where, given, writeQuery(flags)), "created");
    report.close();
  });
}
