/** Deletes one by one, goes on after a failure, and waits until all are gone. */
import { Problem } from "#proto/kit/problem.ts";
import { type CatalogEntry, findEntry } from "#proto/resources/catalog.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { type Connection, withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { readManifests } from "../../manifests/read-sources.ts";
import { nameOf } from "../../printers/objects.ts";
import { printProblem } from "../../printers/problem.ts";
import { usageProblem } from "../../program-options.ts";
import { waitUntilGone } from "../../waiting/until-gone.ts";
import { parseTargets } from "../targets.ts";

export interface DeleteOptions {
  readonly filename: readonly string[];
  readonly recursive?: boolean;
  readonly selector?: string;
  readonly all?: boolean;
  readonly cascade: string;
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

const propagations: Readonly<Record<string, string>> = {
  background: "Background",
  foreground: "Foreground",
  orphan: "Orphan",
};

export async function runDelete(request: DeleteRequest, environment: Environment): Promise<void> {
  const { options } = request;
  const propagation = propagations[options.cascade];
  if (!propagation)
    throw usageProblem(`--cascade ${options.cascade} is not known`, "use background, foreground or orphan");
  await withConnection(request.global, environment, async (connection) => {
    const doomed = await findDoomed(request, connection, environment);
    const problems: Problem[] = [];
    const deleted: { readonly one: Doomed; readonly uid: string }[] = [];
    for (const one of doomed) {
      try {
        const graceSeconds = options.force ? 0 : options.gracePeriod;
        const gone = await connection.api.delete({
          resource: one.definition.resource,
          namespace: one.namespace,
          name: one.name,
          propagation,
          graceSeconds,
          dryRun: options.dryRun === true,
        });
        deleted.push({ one, uid: gone?.metadata.uid ?? "" });
        report(one, options, environment);
      } catch (thrown) {
        const problem = Problem.from(thrown);
        if (problem.code === "not-found" && options.ignoreNotFound) continue;
        problems.push(problem);
        printProblem(problem, environment);
      }
    }
    if (options.wait && !options.dryRun)
      for (const { one, uid } of deleted)
        await waitUntilGone(connection, { ...one, uid }, options.timeout, environment);
    const [first] = problems;
    if (first)
      throw problems.length === 1
        ? new Problem(first.code, `${deleted.length} of ${doomed.length} deleted`)
        : new Problem(first.code, `${problems.length} of ${doomed.length} could not be deleted`);
  });
}

function report(one: Doomed, options: DeleteOptions, environment: Environment): void {
  const name = nameOf(one.definition, { metadata: { name: one.name } } as KubeObject);
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
  const { namespace } = connection;
  if (options.filename.length > 0) {
    const manifests = await readManifests(
      { files: options.filename, recursive: options.recursive === true },
      environment,
    );
    return manifests.map(({ object }) => {
      const definition = findEntry({ apiVersion: object.apiVersion, kind: object.kind });
      if (!definition) throw new Problem("not-found", `there is no kind ${object.apiVersion} ${object.kind}`);
      return {
        definition,
        namespace: definition.namespaced ? (object.metadata.namespace ?? namespace) : "",
        name: object.metadata.name,
      };
    });
  }
  if (kinds === undefined)
    throw usageProblem("nothing to delete was named", "give KIND NAME, KIND -l LABELS, or -f FILE");
  const doomed: Doomed[] = [];
  for (const { definition, names: named } of parseTargets(kinds, names)) {
    const where = definition.namespaced ? namespace : "";
    if (named.length > 0) doomed.push(...named.map((name) => ({ definition, namespace: where, name })));
    else if (options.all || options.selector !== undefined) {
      const { items } = await connection.api.list(definition.resource, {
        namespace: where,
        ...(options.selector !== undefined && { labelSelector: options.selector }),
      });
      doomed.push(
        ...items.map((item) => ({ definition, namespace: item.metadata.namespace ?? "", name: item.metadata.name })),
      );
    } else throw usageProblem(`which ${definition.plural}?`, "give names, -l LABELS, or --all");
  }
  return doomed;
}
