/** Taints of nodes, changed under the version they were read at. */
import { Problem } from "#proto/kit/problem.ts";
import type { Node } from "#proto/resources/node.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { ChangeFlags } from "../../changes/flags.ts";
import { isEqual } from "../../changes/merge.ts";
import { eachInTurn, Report, writeQuery } from "../../changes/report.ts";
import { type Selected, type SelectFlags, selectObjects } from "../../changes/select.ts";
import type { WriteAnswer } from "../../client/api-client.ts";
import { type Connection, withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { usageProblem } from "../../program-options.ts";
import { parseTargets } from "../targets.ts";

export interface TaintFlags extends ChangeFlags, Pick<SelectFlags, "selector" | "all"> {
  readonly overwrite?: boolean;
}

const effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"] as const;

export interface TaintChange {
  readonly key: string;
  readonly value?: string;
  /** Undefined: all effects of the key, when removed. */
  readonly effect?: string;
  readonly removed: boolean;
}

/** `dedicated=db:NoSchedule`, `dedicated:NoSchedule-`, `dedicated-`. */
export function parseTaint(word: string): TaintChange {
  const removed = word.endsWith("-");
  const [, key = "", value, effect] =
    /^([^=:]+)(?:=([^:]*))?(?::([A-Za-z]+))?$/.exec(removed ? word.slice(0, -1) : word) ?? [];
  const known = effects.find((one) => one === effect);
  if (key === "" || (effect !== undefined && !known) || (!removed && !known))
    throw usageProblem(
      `"${word}" is no taint`,
      `write KEY=VALUE:EFFECT to set one, KEY- to remove one; effects are ${effects.join(", ")}`,
    );
  return { key, removed, ...(value !== undefined && { value }), ...(effect !== undefined && { effect }) };
}

export async function runTaint(
  words: readonly string[],
  flags: TaintFlags,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const first = words.findIndex((word) => /[:=]|-$/.test(word));
  const targets = first < 0 ? words : words.slice(0, first);
  refuseOtherKinds(targets);
  const changes = words.slice(targets.length).map(parseTaint);
  if (changes.length === 0)
    throw usageProblem(
      "no taint was given",
      "KEY=VALUE:EFFECT sets one, KEY- removes one, as in: orchctl taint node node-1 dedicated=database:NoSchedule",
    );
  const report = await Report.open(flags, environment);
  await withConnection(global, environment, async (connection) => {
    const selected = await selectObjects({ words: targets, flags, global }, connection, environment);
    await eachInTurn(selected, "tainted", environment, async (one) => {
      report.add(
        one.definition,
        await taint(one, changes, flags, connection),
        changes.every((change) => change.removed) ? "untainted" : "tainted",
      );
    });
    report.close();
  });
}

/** Before anything is asked of the cluster: whether such an object exists does not matter. */
function refuseOtherKinds([kinds, ...names]: readonly string[]): void {
  if (kinds === undefined) return;
  const other = parseTargets(kinds, names).find(({ definition }) => definition.kind !== "Node");
  if (other)
    throw usageProblem(
      `${other.definition.plural} take no taints: only nodes do`,
      "a taint keeps pods off a node: orchctl taint node NAME KEY=VALUE:EFFECT; which pods it lets through their spec.tolerations say",
    );
}

async function taint(
  { definition, name, object }: Selected,
  changes: readonly TaintChange[],
  flags: TaintFlags,
  { api }: Connection,
): Promise<WriteAnswer> {
  const node = object as unknown as Node;
  const before = node.spec?.taints ?? [];
  const taints = withTaints(name, before, changes, flags.overwrite === true);
  if (isEqual(before, taints)) return { object, warnings: [], outcome: "unchanged" };
  if (flags.dryRun === "client") {
    const changed = { ...object, spec: { ...node.spec, taints } } as KubeObject;
    return { object: changed, warnings: [], outcome: "configured" };
  }
  // The list as a whole: under the version it was read at, so that nobody's taint is lost.
  const body = { metadata: { resourceVersion: object.metadata.resourceVersion }, spec: { taints } };
  return api.patch({ resource: definition.resource, namespace: "", name }, { type: "merge", body }, writeQuery(flags));
}

type Taint = NonNullable<NonNullable<Node["spec"]>["taints"]>[number];

/** Pure. Throws for what is not there to be removed, and for another value without `overwrite`. */
export function withTaints(
  node: string,
  before: readonly Taint[],
  changes: readonly TaintChange[],
  overwrite: boolean,
): readonly Taint[] {
  let taints = before;
  for (const { key, value, effect, removed } of changes) {
    const isSame = (one: Taint): boolean => one.key === key && (effect === undefined || one.effect === effect);
    const present = taints.find(isSame);
    if (removed && !present)
      throw new Problem("not-found", `node ${node} has no taint ${key}${effect === undefined ? "" : `:${effect}`}`, {
        hint: `it has: ${before.map((one) => `${one.key}:${one.effect}`).join(", ") || "none"}`,
      });
    const others = taints.filter((one) => !isSame(one));
    if (removed) taints = others;
    else if (!present) taints = [...taints, made(key, value, effect)];
    else if ((present.value ?? "") !== (value ?? "")) {
      if (!overwrite)
        throw new Problem(
          "conflict",
          `node ${node} has the taint ${key}=${present.value ?? ""}:${present.effect} already`,
          {
            hint: "add --overwrite to replace its value",
          },
        );
      taints = [...others, made(key, value, effect)];
    }
  }
  return taints;
}

const made = (key: string, value: string | undefined, effect: string | undefined): Taint =>
  ({ key, ...(value !== undefined && { value }), effect: effect ?? "NoSchedule" }) as Taint;
