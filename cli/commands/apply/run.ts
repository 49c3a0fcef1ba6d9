/**
 * Reads all documents, checks all of them (here and, by dry run, on the server) before the first change, then applies kind
 * by kind in an order in which each finds what it needs, and says of each what became of it.
 */
import { Problem } from "#proto/kit/problem.ts";
import type { ValidationMode } from "#proto/resources/registry.ts";
import { ApplySet } from "../../changes/apply-set.ts";
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
import { dryRunText, Report, validationOf } from "../../changes/report.ts";
import { type Connection, withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { inOrder } from "../../manifests/order.ts";
import { readManifests } from "../../manifests/read-sources.ts";
import { nameOf } from "../../printers/objects.ts";
import { usageProblem } from "../../program-options.ts";
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
  readonly prune?: boolean;
  readonly applyset?: string;
  readonly validate: ValidationMode | "true" | "false";
  readonly output?: string;
}

export async function runApply(options: ApplyOptions, global: GlobalOptions, environment: Environment): Promise<void> {
  refuseHalfSets(options);
  const validation = validationOf(options.validate);
  const dryRun = options.dryRun ?? "none";
  const manifests = await readManifests(
    { files: options.filename, recursive: options.recursive === true },
    environment,
  );
  const checked = checkManifests(manifests, validation, global.namespace, "applied", dryRun !== "client");
  if (dryRun === "client") {
    for (const { definition, object } of inOrder(checked))
      environment.out.write(`${nameOf(definition, object)} read (client dry run)\n`);
    return;
  }
  await withConnection(global, environment, async (connection) => {
    const set = options.applyset === undefined ? undefined : await ApplySet.open(options.applyset, connection);
    const placedOnes = inOrder(checked).map((one) => placed(one, connection));
    const documents = set ? placedOnes.map((one) => set.labelled(one)) : placedOnes;
    const report = await Report.open(options, environment);
    const send = applyTo(options, connection);
    await checkThere(documents, send, "applied", environment);
    if (set && !options.forceConflicts) await set.assertFree(documents);
    if (set && dryRun === "none") await set.widen(documents);
    const onSent: SendOptions["onSent"] = ({ definition }, answer) => report.add(definition, answer, answer.outcome);
    const applied = await sendAll(
      documents,
      { send, dryRun: dryRun === "server", done: "applied", onSent },
      environment,
    );
    if (set) await prune(set, documents, { options, connection, environment });
    report.close();
    if (options.wait && dryRun === "none") await waitForAll(applied, options, connection, environment);
  });
}

function refuseHalfSets({ prune: wanted, applyset, dryRun }: ApplyOptions): void {
  if (wanted && applyset === undefined)
    throw usageProblem("--prune needs to know what is yours to delete", "name the set: --applyset NAME");
  if (applyset !== undefined && !wanted) throw usageProblem("--applyset goes with --prune", "add --prune");
  if (wanted && dryRun === "client")
    throw usageProblem("pruning can be tried on the server only", "use --dry-run=server");
}

/** Only members of the set, and of each only the very object that was seen. The set forgets what is gone. */
async function prune(
  set: ApplySet,
  documents: readonly Document[],
  { options, connection, environment }: { options: ApplyOptions; connection: Connection; environment: Environment },
): Promise<void> {
  const isDry = (options.dryRun ?? "none") !== "none";
  const said = options.output === undefined ? environment.out : environment.err;
  for (const { definition, namespace, object } of await set.surplus(documents)) {
    const { name, uid = "" } = object.metadata;
    const address = { resource: definition.resource, namespace, name };
    try {
      await connection.api.delete({ ...address, propagation: "Background", preconditionUid: uid, dryRun: isDry });
    } catch (thrown) {
      // Somebody was faster.
      if (!Problem.is(thrown, "not-found")) throw thrown;
    }
    said.write(`${nameOf(definition, object)} pruned${dryRunText[options.dryRun ?? "none"]}\n`);
  }
  if (!isDry) await set.narrow(documents);
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
