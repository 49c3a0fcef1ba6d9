/** Labels and annotations of objects, set and removed by a merge patch. */
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { ChangeFlags } from "../../changes/flags.ts";
import { merged } from "../../changes/merge.ts";
import { eachInTurn, Report, writeQuery } from "../../changes/report.ts";
import { type Selected, type SelectFlags, selectObjects } from "../../changes/select.ts";
import type { WriteAnswer } from "../../client/api-client.ts";
import { type Connection, withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { nameOf } from "../../printers/objects.ts";
import { visible } from "../../printers/table.ts";
import { usageProblem } from "../../program-options.ts";

export interface LabelFlags extends ChangeFlags, SelectFlags {
  readonly overwrite?: boolean;
  readonly list?: boolean;
  readonly resourceVersion?: string;
}

export type LabelVerb = "label" | "annotate";

/** Value to set, null to remove. */
export type Pairs = ReadonlyMap<string, string | null>;

/** `pod web-1 a=b c-` → who, and what. */
export function splitWords(words: readonly string[]): { readonly target: readonly string[]; readonly pairs: Pairs } {
  const isPair = (word: string): boolean => word.includes("=") || word.endsWith("-");
  const first = words.findIndex(isPair);
  const [target, given] = first < 0 ? [words, []] : [words.slice(0, first), words.slice(first)];
  const pairs = new Map<string, string | null>();
  for (const word of given) {
    const equals = word.indexOf("=");
    if (!isPair(word) || equals === 0)
      throw usageProblem(`"${word}" is neither KEY=VALUE nor KEY-`, "objects are named before what is to change");
    const key = equals < 0 ? word.slice(0, -1) : word.slice(0, equals);
    if (pairs.has(key)) throw usageProblem(`${key} is given twice`);
    pairs.set(key, equals < 0 ? null : word.slice(equals + 1));
  }
  return { target, pairs };
}

interface LabelRequest {
  readonly flags: LabelFlags;
  readonly global: GlobalOptions;
  readonly environment: Environment;
}

const done = { label: "labeled", annotate: "annotated" } as const;

export async function runLabel(
  verb: LabelVerb,
  words: readonly string[],
  { flags, global, environment }: LabelRequest,
): Promise<void> {
  const { target, pairs } = splitWords(words);
  const field = verb === "label" ? "labels" : "annotations";
  if (!flags.list && pairs.size === 0)
    throw usageProblem(`no ${field} were given`, `write KEY=VALUE to set one, KEY- to remove one, or use --list`);
  const report = await Report.open(flags, environment);
  await withConnection(global, environment, async (connection) => {
    const selected = await selectObjects({ words: target, flags, global }, connection, environment);
    await eachInTurn(selected, done[verb], environment, async (one) => {
      if (flags.list) return environment.out.write(listing(one, field, selected.found.length > 1));
      if (!flags.overwrite) refuseOverwriting(one, field, pairs);
      const wanted = withoutAbsent(one, field, pairs, environment);
      const answer = wanted.size === 0 ? unchanged(one) : await send(one, { field, pairs: wanted, flags }, connection);
      report.add(one.definition, answer, done[verb]);
    });
    report.close();
  });
}

type Field = "labels" | "annotations";

const unchanged = ({ object }: Selected): WriteAnswer => ({ object, warnings: [], outcome: "unchanged" });

/** What is not there need not be removed; a misspelt key is told. */
function withoutAbsent({ definition, object }: Selected, field: Field, pairs: Pairs, { err }: Environment): Pairs {
  const present = object.metadata[field] ?? {};
  const absent = [...pairs].filter(([key, value]) => value === null && !Object.hasOwn(present, key));
  for (const [key] of absent)
    err.write(visible(`${nameOf(definition, object)} has no ${field.slice(0, -1)} ${key}`).concat("\n"));
  return new Map([...pairs].filter((pair) => !absent.some(([key]) => key === pair[0])));
}

function listing({ definition, object }: Selected, field: Field, several: boolean): string {
  const pairs = Object.entries(object.metadata[field] ?? {}).map(([key, value]) => `${visible(`${key}=${value}`)}\n`);
  return several ? `${nameOf(definition, object)}:\n${pairs.map((pair) => `  ${pair}`).join("")}` : pairs.join("");
}

function refuseOverwriting({ definition, object }: Selected, field: Field, pairs: Pairs): void {
  const present = object.metadata[field] ?? {};
  const taken = [...pairs].filter(
    ([key, value]) => value !== null && Object.hasOwn(present, key) && present[key] !== value,
  );
  if (taken.length === 0) return;
  const causes = taken.map(([key]) => ({
    path: `metadata.${field}`,
    message: `${key} is ${JSON.stringify(present[key])}`,
  }));
  throw new Problem("conflict", `some ${field} have another value already`, {
    object: nameOf(definition, object),
    causes,
    hint: "add --overwrite to replace them",
  });
}

async function send(
  { definition, namespace, name, object }: Selected,
  { field, pairs, flags }: { readonly field: Field; readonly pairs: Pairs; readonly flags: LabelFlags },
  { api }: Connection,
): ReturnType<Connection["api"]["patch"]> {
  const { resourceVersion } = flags;
  const metadata = { [field]: Object.fromEntries(pairs), ...(resourceVersion !== undefined && { resourceVersion }) };
  const body = { metadata };
  if (flags.dryRun === "client")
    return { object: merged(object, body) as KubeObject, warnings: [], outcome: "configured" };
  return api.patch({ resource: definition.resource, namespace, name }, { type: "merge", body }, writeQuery(flags));
}
