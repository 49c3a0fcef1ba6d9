/**
 * Reads all documents, checks all of them (here and, by dry run, on the server) before the first change, then applies one by
 * one in an order in which each finds what it needs, and says of each what became of it.
 */
import type { ValidationMode } from "#proto/resources/registry.ts";
import {
  bodyOf,
  checkThere,
  type Document,
  placed,
  type Send,
  type SendOptions,
  type Sent,
  sendAll,
} from "../../changes/documents.ts";
import { Report, validationOf } from "../../changes/report.ts";
import { type Connection, withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { inOrder } from "../../manifests/order.ts";
import { readManifests } from "../../manifests/read-sources.ts";
import { nameOf } from "../../printers/objects.ts";
import { startDeadline } from "../../waiting/deadline.ts";
import { rollsOut, waitForRollout } from "../../waiting/rollout.ts";
import { checkManifests } from "./check.ts";

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
    const report = await Report.open(options, environment);
    const send = applyTo(options, connection);
    await checkThere(documents, send, "applied", environment);
    const onSent: SendOptions["onSent"] = ({ definition }, answer) => report.add(definition, answer, answer.outcome);
    const applied = await sendAll(
      documents,
      { send, dryRun: dryRun === "server", done: "applied", onSent },
      environment,
    );
    report.close();
    if (options.wait && dryRun === "none") await waitForAll(applied, options, connection, environment);
  });
}

async function waitForAll(
  applied: readonly Sent[],
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

const patchTarget = ({
  definition,
  namespace,
  object,
}: Document): { resource: string; namespace: string; name: string } => ({
  resource: definition.resource,
  namespace,
  name: object.metadata.name,
});

const applyTo =
  (options: ApplyOptions, { api }: Connection): Send =>
  (document, dryRun) =>
    api.patch(
      patchTarget(document),
      { type: "apply", body: bodyOf(document), force: options.forceConflicts === true },
      { dryRun, fieldManager: options.fieldManager, validation: validationOf(options.validate) },
    );
