/** The nodes that cordon, uncordon and drain are about: by name, as `get -o name` prints them, or by their labels. */
import { Problem } from "#proto/kit/problem.ts";
import { type Connection, withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { usageProblem } from "../../program-options.ts";

export interface NodeSelection {
  readonly selector?: string;
}

/** Problem `bad-request` when none were named, `not-found` when none match. */
export async function whichNodes(
  words: readonly string[],
  { selector }: NodeSelection,
  global: GlobalOptions,
  environment: Environment,
): Promise<readonly string[]> {
  if (selector === undefined) {
    if (words.length > 0) return words.map((word) => word.replace(/^(nodes?|no)\//, ""));
    throw usageProblem("which nodes?", "give names, or -l LABELS; orchctl get nodes lists those there are");
  }
  if (words.length > 0) throw usageProblem("a name and a selector do not go together", "leave one of them out");
  let names: readonly string[] = [];
  await withConnection(global, environment, async ({ api }: Connection) => {
    const { items } = await api.list("nodes", { labelSelector: selector });
    names = items.map(({ metadata }) => metadata.name);
  });
  if (names.length > 0) return names;
  throw new Problem("not-found", `no node has the labels ${selector}`, {
    hint: "see: orchctl get nodes --show-labels",
  });
}
