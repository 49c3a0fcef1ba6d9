/** `pods`, `pods,rs`, `deploy/web`, `deploy web api` → what is meant. Pure. */
import { Problem } from "#proto/kit/problem.ts";
import { type CatalogEntry, catalog, findEntry, suggestResource } from "#proto/resources/catalog.ts";
import { usageProblem } from "../program-options.ts";

export interface Target {
  readonly definition: CatalogEntry;
  /** None = all. */
  readonly names: readonly string[];
}

export function definitionOf(text: string): CatalogEntry {
  const found = findEntry(text.toLowerCase());
  if (found) return found;
  const known = catalog.map((definition) => definition.plural).join(", ");
  const near = suggestResource(text);
  throw new Problem("not-found", `there is no kind "${text}"`, {
    hint: near ? `did you mean ${near}?` : `known are: ${known}; one object is KIND/NAME, as in pod/${text}`,
  });
}

/** What `get all` and `delete all` mean: kinds with the category `all`. */
const isAll = (text: string): boolean => text === "all";

export function parseTargets(kinds: string, names: readonly string[]): readonly Target[] {
  const parts = [kinds, ...names];
  if (parts.some((part) => part.includes("/"))) return parts.map(parseSlashed);
  const targets = kinds
    .split(",")
    .flatMap((kind) =>
      isAll(kind)
        ? catalog
            .filter((definition) => definition.categories.includes("all"))
            .map((definition) => ({ definition, names }))
        : [{ definition: definitionOf(kind), names }],
    );
  if (targets.length > 1 && names.length > 0)
    throw usageProblem("names go with one kind only", "write them as KIND/NAME, as in: deploy/web pod/web-1");
  return targets;
}

function parseSlashed(part: string): Target {
  const [kind = "", name = "", ...more] = part.split("/");
  if (kind === "" || name === "" || more.length > 0)
    throw usageProblem(`"${part}" is no KIND/NAME`, "write objects as deployment/web");
  return { definition: definitionOf(kind), names: [name] };
}

/** Exactly one object, from `KIND/NAME` or `KIND NAME`; a lone NAME is of `defaultKind`. */
export function parseOne(
  words: readonly string[],
  defaultKind?: string,
): { readonly definition: CatalogEntry; readonly name: string } {
  const [first = "", second] = words;
  if (words.length === 1 && !first.includes("/") && defaultKind !== undefined)
    return { definition: definitionOf(defaultKind), name: first };
  const target =
    words.length === 2 && second !== undefined
      ? { definition: definitionOf(first), names: [second] }
      : parseTargets(first, [])[0];
  const name = target?.names[0];
  if (!target || name === undefined || words.length > 2)
    throw usageProblem(`"${words.join(" ")}" does not name one object`, "write it as KIND/NAME, as in: deployment/web");
  return { definition: target.definition, name };
}
