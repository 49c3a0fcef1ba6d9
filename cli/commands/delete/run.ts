/** Deletes one by one, goes on after a failure, and waits until all are gone. */
import { Problem } from "#proto/kit/problem.ts";
import { type CatalogEntry, findEntry } from "#proto/resources/catalog.ts";
import { type Connection, withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { inOrder } from "../../manifests/order.ts";
import { readManifests } from "../../manifests/read-sources.ts";
import { nameOf } from "../../printers/objects.ts";
import { printProblem } from "../../printers/problem.ts";
import { usageProblem } from "../../program-options.ts";
import { startDeadline } from "../../waiting/deadline.ts";
import { waitUntilGone } from "../../waiting/until-gone.ts";
import { parseTargets } from "../targets.ts";

export interface DeleteOptions {
  readonly filename?: readonly string[];
  readonly recursive?: boolean;
  readonly selector?: string;
  readonly all?: boolean;
  readonly cascade: "background" | "foreground" | "orphan";
  readonly gracePeriod?: number;
  readonly force?: boolean;
  readonly ignoreNotFound?: boolean;
  readonly wait: boolean;
  readonly timeout: number;
  readonly dryRun?: boolean;
  readonly output?: string;
}

export interface DeleteRequest {
  readonly kinds: string | undefined;
  readonly names: readonly string[];
  readonly options: DeleteOptions;
  readonly global: GlobalOptions;
}

interface Doomed {
  readonly definition: CatalogEntry;
  readonly namespace: string;
  readonly name: string;
}

const propagations = {
  background: "Background",
  foreground: "Foreground",
  orphan: "Orphan",
} as const;

export async function runDelete(request: DeleteRequest, environment: Environment): Promise<void> {
  const { options } = request;
  const deadline = startDeadline(environment.clock, options.timeout);
  await withConnection(request.global, environment, async (connection) => {
    const doomed = await findDoomed(request, connection, environment);
    if (doomed.length === 0) environment.err.write("Nothing matches.\n");
    const deleted: (Doomed & { readonly uid: string })[] = [];
    const problems: Problem[] = [];
    for (const one of doomed) {
      try {
        const uid = await deleteOne(one, options, connection);
        deleted.push({ ...one, uid });
        report(one, options, environment);
      } catch (thrown) {
        const problem = Problem.from(thrown);
        if (problem.code === "not-found" && options.ignoreNotFound) continue;
        if (doomed.length === 1 || !isOfThisObject(problem)) throw thrown;
        problems.push(problem);
        printProblem(problem, environment);
      }
    }
    if (options.wait && !options.dryRun)
      for (const one of deleted) await waitUntilGone(connection, one, deadline, environment);
    const [first] = problems;
    if (first) throw new Problem(first.code, `${problems.length} of ${doomed.length} could not be deleted`);
  });
}

/** What says nothing about the objects after it. */
const isOfThisObject = ({ code }: Problem): boolean =>
  !["unavailable", "timeout", "unauthenticated", "canceled"].includes(code);

async function deleteOne(one: Doomed, options: DeleteOptions, { api }: Connection): Promise<string> {
  const gone = await api.delete({
    resource: one.definition.resource,
    namespace: one.namespace,
    name: one.name,
    propagation: propagations[options.cascade],
    graceSeconds: options.force ? 0 : options.gracePeriod,
    dryRun: options.dryRun === true,
  });
  return gone?.metadata.uid ?? "";
}

function report(one: Doomed, options: DeleteOptions, environment: Environment): void {
  const name = nameOf(one.definition, { metadata: { name: one.name } });
  environment.out.write(
    options.output === "name" ? `${name}\n` : `${name} deleted${options.dryRun ? " (dry run)" : ""}\n`,
  );
}

async function findDoomed(
  request: DeleteRequest,
  connection: Connection,
  environment: Environment,
): Promise<readonly Doomed[]> {
  const { options, kinds, names } = request;
  if (options.filename !== undefined) {
    if (kinds !== undefined) throw usageProblem("a file and a kind do not go together", "leave one of them out");
    return ofFiles(options.filename, request, connection.namespace, environment);
  }
  if (kinds === undefined)
    throw usageProblem("nothing to delete was named", "give KIND NAME, KIND -l LABELS, or -f FILE");
  const doomed: Doomed[] = [];
  for (const { definition, names: named } of parseTargets(kinds, names)) {
    const namespace = definition.namespaced ? connection.namespace : "";
    if (named.length > 0) doomed.push(...named.map((name) => ({ definition, namespace, name })));
    else if (options.all || options.selector !== undefined) {
      const query = { namespace, ...(options.selector !== undefined && { labelSelector: options.selector }) };
      const { items } = await connection.api.list(definition.resource, query);
      doomed.push(...items.map(({ metadata }) => ({ definition, namespace, name: metadata.name })));
    } else throw usageProblem(`which ${definition.plural}?`, "give names, -l LABELS, or --all");
  }
  return doomed;
}

/** In the opposite order of applying: what stands in a namespace goes before it. */
async function ofFiles(
  files: readonly string[],
  { options, global }: DeleteRequest,
  namespace: string,
  environment: Environment,
): Promise<readonly Doomed[]> {
  const manifests = await readManifests({ files, recursive: options.recursive === true }, environment);
  const doomed = manifests.map(({ object, source, placeOf }) => {
    const definition = findEntry({ apiVersion: object.apiVersion, kind: object.kind });
    const { name, namespace: own } = object.metadata;
    const at = `${source}:${placeOf("kind").line}`;
    if (!definition) throw new Problem("invalid", `${at}: there is no kind ${object.kind} of ${object.apiVersion}`);
    if (typeof name !== "string" || name === "") throw new Problem("invalid", `${at}: this ${object.kind} has no name`);
    if (own !== undefined && global.namespace !== undefined && own !== global.namespace)
      throw new Problem("invalid", `${at}: the file says namespace ${own}, but -n says ${global.namespace}`);
    return { definition, namespace: definition.namespaced ? (own ?? namespace) : "", name };
  });
  return inOrder(doomed).toReversed();
}
