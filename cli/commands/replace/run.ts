/** Replaces objects by what files say, after all of them were checked here and there. */
import { Problem } from "#proto/kit/problem.ts";
import type { ValidationMode } from "#proto/resources/registry.ts";
import { startAnnotation } from "#proto/resources/start-when-attached.ts";
import { bodyOf, checkThere, type Document, placed, type Send, sendAll } from "../../changes/documents.ts";
import type { ChangeFlags } from "../../changes/flags.ts";
import { Report, validationOf } from "../../changes/report.ts";
import type { SelectFlags } from "../../changes/select.ts";
import { type Connection, withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { inOrder } from "../../manifests/order.ts";
import { readManifests } from "../../manifests/read-sources.ts";
import { usageProblem } from "../../program-options.ts";
import { startDeadline } from "../../waiting/deadline.ts";
import { waitUntilGone } from "../../waiting/until-gone.ts";
import { checkManifests } from "../apply/check.ts";

export interface ReplaceFlags extends ChangeFlags, Pick<SelectFlags, "filename" | "recursive"> {
  readonly validate: ValidationMode | "true" | "false";
  readonly subresource?: string;
  readonly force?: boolean;
  readonly timeout: number;
}

export async function runReplace(flags: ReplaceFlags, global: GlobalOptions, environment: Environment): Promise<void> {
  const { filename, subresource, force } = flags;
  if (filename === undefined) throw usageProblem("nothing to replace was given", "give -f FILE");
  if (force && subresource !== undefined) throw usageProblem("--force and --subresource do not go together");
  if (flags.dryRun === "client") throw usageProblem("this can be tried on the server only", "use --dry-run=server");
  const manifests = await readManifests({ files: filename, recursive: flags.recursive === true }, environment);
  const checked = inOrder(checkManifests(manifests, validationOf(flags.validate), global.namespace, "replaced"));
  const report = await Report.open(flags, environment);
  await withConnection(global, environment, async (connection) => {
    const documents = checked.map((one) => placed(one, connection));
    const send = force ? anew(flags, connection, environment) : inPlace(flags, connection);
    if (!force) await checkThere(documents, send, "replaced", environment);
    await sendAll(
      documents,
      {
        ...{ send, dryRun: flags.dryRun === "server", done: "replaced" },
        onSent: ({ definition }, answer) => report.add(definition, answer, "replaced"),
      },
      environment,
    );
    report.close();
  });
}

const addressOf = ({ definition, namespace, object }: Document) => ({
  ...{ resource: definition.resource, namespace, name: object.metadata.name },
});

const inPlace =
  ({ fieldManager, validate, subresource }: ReplaceFlags, { api }: Connection): Send =>
  (document, dryRun) =>
    api.update({ ...addressOf(document), ...(subresource !== undefined && { subresource }) }, bodyOf(document), {
      ...{ dryRun, fieldManager, validation: validationOf(validate) },
    });

/** Deletes, waits until the old one is gone, creates. A dry run can only look at what the new one would be refused for. */
const anew = (
  { fieldManager, validate, timeout }: ReplaceFlags,
  connection: Connection,
  environment: Environment,
): Send => {
  const deadline = startDeadline(environment.clock, timeout);
  return async (document, dryRun) => {
    const { api } = connection;
    const { resourceVersion: _, uid: __, annotations = {}, ...others } = bodyOf(document).metadata;
    // Whoever attached to the old one has left: the new one would wait for them in vain.
    const { [startAnnotation]: ___, ...kept } = annotations;
    const metadata = { ...others, ...(Object.keys(kept).length > 0 && { annotations: kept }) };
    const options = { fieldManager, validation: validationOf(validate), dryRun };
    if (!dryRun) await removeOld(document, connection, { deadline, environment });
    try {
      return await api.create(
        document.definition.resource,
        document.namespace,
        { ...bodyOf(document), metadata },
        options,
      );
    } catch (thrown) {
      if (!dryRun || !Problem.is(thrown, "already-exists")) throw thrown;
      const { resource, namespace, name } = addressOf(document);
      return { object: await api.get(resource, namespace, name), warnings: [], outcome: "configured" };
    }
  };
};

async function removeOld(
  document: Document,
  connection: Connection,
  tools: { readonly deadline: ReturnType<typeof startDeadline>; readonly environment: Environment },
): Promise<void> {
  const address = addressOf(document);
  try {
    const gone = await connection.api.delete({ ...address, propagation: "Background" });
    const target = { ...address, definition: document.definition, uid: gone?.metadata.uid ?? "" };
    await waitUntilGone(connection, target, tools.deadline, tools.environment);
  } catch (thrown) {
    if (!Problem.is(thrown, "not-found")) throw thrown;
  }
}
