/** Sends a patch to every object that was named. */
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { ChangeFlags } from "../../changes/flags.ts";
import { merged } from "../../changes/merge.ts";
import { eachInTurn, Report, writeQuery } from "../../changes/report.ts";
import { type SelectFlags, selectObjects } from "../../changes/select.ts";
import { parseValue, readText } from "../../changes/text-value.ts";
import { withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { usageProblem } from "../../program-options.ts";

export interface PatchFlags extends ChangeFlags, SelectFlags {
  readonly patch?: string;
  readonly patchFile?: string;
  readonly type: "strategic" | "merge" | "json";
  readonly subresource?: string;
}

export async function runPatch(
  words: readonly string[],
  flags: PatchFlags,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const body = await readPatch(flags, environment);
  if (flags.dryRun === "client" && flags.type !== "merge")
    throw usageProblem(`a ${flags.type} patch can be tried on the server only`, "use --dry-run=server");
  const report = await Report.open(flags, environment);
  await withConnection(global, environment, async (connection) => {
    const selected = await selectObjects({ words, flags, global }, connection, environment);
    await eachInTurn(selected, "patched", environment, async ({ definition, namespace, name, object }) => {
      const { subresource } = flags;
      const target = {
        resource: definition.resource,
        namespace,
        name,
        ...(subresource !== undefined && { subresource }),
      };
      const answer =
        flags.dryRun === "client"
          ? { object: merged(object, body) as KubeObject, warnings: [], outcome: "configured" }
          : await connection.api.patch(target, { type: flags.type, body }, writeQuery(flags));
      // A Scale is named like its workload.
      report.add(definition, answer, "patched");
    });
    report.close();
  });
}

async function readPatch({ patch, patchFile, type }: PatchFlags, environment: Environment): Promise<unknown> {
  if ((patch === undefined) === (patchFile === undefined))
    throw usageProblem("a patch is given with either -p or --patch-file", `as in: -p '{"spec":{"replicas":3}}'`);
  const body =
    patch === undefined
      ? parseValue(await readText(patchFile ?? "-", environment), patchFile ?? "-")
      : parseValue(patch, "--patch");
  const fits =
    type === "json" ? Array.isArray(body) : typeof body === "object" && body !== null && !Array.isArray(body);
  if (fits) return body;
  throw new Problem("bad-request", `a ${type} patch is ${type === "json" ? "a list of operations" : "an object"}`, {
    hint:
      type === "json"
        ? `as in: -p '[{"op":"replace","path":"/spec/replicas","value":3}]'`
        : `as in: -p '{"spec":{"replicas":3}}'`,
  });
}
