/** Deletes objects, many of a kind at once, goes on after a failure, and waits until all are gone. */
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { meetsAll, runsOfOneKind, settledInOrder, writesAtOnce } from "../../changes/at-once.ts";
import type { DryRun } from "../../changes/flags.ts";
import { dryRunText } from "../../changes/report.ts";
import { type Address, addressesOfFiles, type SelectFlags, selectObjects } from "../../changes/select.ts";
import { type Connection, withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { inOrder } from "../../manifests/order.ts";
import { nameOf } from "../../printers/objects.ts";
import { printProblem } from "../../printers/problem.ts";
import { usageProblem } from "../../program-options.ts";
import { type Deadline, startDeadline } from "../../waiting/deadline.ts";
import { waitUntilAllGone } from "../../waiting/until-all-gone.ts";
import { waitUntilGone } from "../../waiting/until-gone.ts";
import { parseTargets } from "../targets.ts";

export interface DeleteOptions extends SelectFlags {
  readonly cascade: "background" | "foreground" | "orphan";
  readonly gracePeriod?: number;
  readonly now?: boolean;
  readonly force?: boolean;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly ignoreNotFound?: boolean;
  readonly wait: boolean;
  readonly timeout: number;
  readonly dryRun?: DryRun;
  readonly output?: string;
}

export interface DeleteRequest {
  readonly kinds: string | undefined;
  readonly names: readonly string[];
  readonly options: DeleteOptions;
  readonly global: GlobalOptions;
}

interface Doomed extends Address {
  /** Of what a selector found: another object of the same name is not meant. */
  readonly uid?: string;
  readonly found?: { readonly object: KubeObject; readonly listedAt: string };
}

interface Deleted extends Doomed {
  readonly uid: string;
}

const propagations = {
  background: "Background",
  foreground: "Foreground",
  orphan: "Orphan",
} as const;

export async function runDelete(request: DeleteRequest, environment: Environment): Promise<void> {
  const { options } = request;
  refuseSenseless(options);
  const deadline = startDeadline(environment.clock, options.timeout);
  await withConnection(request.global, environment, async (connection) => {
    const doomed = await findDoomed(request, connection, environment);
    if (doomed.length === 0) environment.err.write("Nothing matches.\n");
    if (options.force && isDry(options) === false) warnOfForce(doomed, environment);
    const { deleted, problems } = await deleteAll(doomed, options, connection, environment);
    if (options.wait && !isDry(options)) await waitForAll(deleted, connection, deadline, environment);
    const [first] = problems;
    if (first) throw new Problem(first.code, `${problems.length} of ${doomed.length} could not be deleted`);
  });
}

async function deleteAll(
  doomed: readonly Doomed[],
  options: DeleteOptions,
  connection: Connection,
  environment: Environment,
): Promise<{ readonly deleted: readonly Deleted[]; readonly problems: readonly Problem[] }> {
  const deleted: Deleted[] = [];
  const problems: Problem[] = [];
  for (const alike of runsOfOneKind(doomed)) {
    for await (const settled of settledInOrder(alike, writesAtOnce, (one) => deleteOne(one, options, connection))) {
      if (settled.done) {
        deleted.push({ ...settled.item, uid: settled.result });
        report(settled.item, options, environment);
        continue;
      }
      const problem = Problem.from(settled.thrown);
      if (problem.code === "not-found" && options.ignoreNotFound) continue;
      if (doomed.length === 1 || meetsAll(problem) || problem.code === "timeout") throw settled.thrown;
      problems.push(problem);
      printProblem(problem, environment);
    }
  }
  return { deleted, problems };
}

const isDry = ({ dryRun }: DeleteOptions): boolean => dryRun === "server" || dryRun === "client";

function refuseSenseless({ force, now, gracePeriod }: DeleteOptions): void {
  if (now && gracePeriod !== undefined) throw usageProblem("--now and --grace-period do not go together");
  if (force && (now || (gracePeriod ?? 0) !== 0))
    throw usageProblem("--force gives no time to stop in", "leave --force out, or the time");
  if (gracePeriod === 0 && !force)
    throw usageProblem(
      "--grace-period 0 removes a pod at once, while its containers may still run",
      "add --force when that is meant, or use --now",
    );
}

function warnOfForce(doomed: readonly Doomed[], { err }: Environment): void {
  if (!doomed.some(({ definition }) => definition.kind === "Pod")) return;
  err.write(
    "warning: removed at once, without waiting for the nodes: containers of these pods may run on for a while\n",
  );
}

/** What came in one list goes with one watch. */
async function waitForAll(
  deleted: readonly Deleted[],
  connection: Connection,
  deadline: Deadline,
  environment: Environment,
): Promise<void> {
  for (const alike of runsOfOneKind(deleted)) {
    const [{ definition, found } = {}] = alike;
    const objects = alike.flatMap(({ found: one }) => one?.object ?? []);
    if (definition && found && objects.length === alike.length && alike.length > 1) {
      const listed = { definition, objects, resourceVersion: found.listedAt };
      await waitUntilAllGone(connection, listed, deadline, environment);
    } else for (const one of alike) await waitUntilGone(connection, one, deadline, environment);
  }
}

async function deleteOne(one: Doomed, options: DeleteOptions, { api }: Connection): Promise<string> {
  const uid = options.uid ?? one.uid;
  if (options.dryRun === "client")
    return (await api.get(one.definition.resource, one.namespace, one.name)).metadata.uid ?? "";
  const gone = await api.delete({
    resource: one.definition.resource,
    namespace: one.namespace,
    name: one.name,
    propagation: propagations[options.cascade],
    graceSeconds: options.force ? 0 : options.now ? 1 : options.gracePeriod,
    dryRun: options.dryRun === "server",
    ...(uid !== undefined && { preconditionUid: uid }),
    ...(options.resourceVersion !== undefined && { preconditionResourceVersion: options.resourceVersion }),
  });
  return gone?.metadata.uid ?? "";
}

function report(one: Doomed, options: DeleteOptions, environment: Environment): void {
  const name = nameOf(one.definition, { metadata: { name: one.name } });
  environment.out.write(
    options.output === "name" ? `${name}\n` : `${name} deleted${dryRunText[options.dryRun ?? "none"]}\n`,
  );
}

async function findDoomed(
  { options, kinds, names, global }: DeleteRequest,
  connection: Connection,
  environment: Environment,
): Promise<readonly Doomed[]> {
  if (options.filename !== undefined) {
    if (kinds !== undefined) throw usageProblem("a file and a kind do not go together", "leave one of them out");
    const found = await addressesOfFiles(options, { global, namespace: connection.namespace }, environment);
    // In the opposite order of applying: what stands in a namespace goes before it.
    return inOrder(found).toReversed();
  }
  if (kinds === undefined)
    throw usageProblem("nothing to delete was named", "give KIND NAME, KIND -l LABELS, or -f FILE");
  const doomed: Doomed[] = [];
  for (const { definition, names: named } of parseTargets(kinds, names)) {
    const namespace = definition.namespaced ? connection.namespace : "";
    if (named.length > 0) {
      if (options.selector !== undefined || options.fieldSelector !== undefined || options.all || options.allNamespaces)
        throw usageProblem("a name does not go with a selector, --all or -A", "leave one of them out");
      doomed.push(...named.map((name) => ({ definition, namespace, name })));
    } else {
      const words = [definition.resource];
      const { found } = await selectObjects({ words, flags: options, global }, connection, environment);
      for (const { object, listedAt, ...one } of found)
        doomed.push({
          ...one,
          uid: object.metadata.uid ?? "",
          ...(listedAt !== undefined && { found: { object, listedAt } }),
        });
    }
  }
  return doomed;
}
