/** Values that a flag takes: its choices, namespaces, contexts, nodes, containers, fields of a kind. */
import type { Option } from "commander";
import { catalog, findEntry } from "#proto/resources/catalog.ts";
import type { Environment } from "../../environment.ts";
import { templateFormats } from "../../printers/formats.ts";
import { type Candidate, type HalfWritten, plain } from "./candidate.ts";
import { clusterNames, containersOf } from "./live-names.ts";

export async function flagValues(
  option: Option,
  { global, operands, path }: HalfWritten,
  environment: Environment,
): Promise<readonly Candidate[]> {
  if (option.argChoices) return option.argChoices.map(plain);
  switch (option.long) {
    case "--namespace":
      return clusterNames("namespaces", global, environment);
    case "--context":
      return clusterNames("contexts", global, environment);
    case "--node":
      return clusterNames("nodes", global, environment);
    case "--image":
      return clusterNames("images", global, environment);
    case "--output":
      return ["wide", "name", "json", "yaml", ...templateFormats.map((format) => `${format}=`)].map(plain);
    case "--field-selector":
      return Object.keys(findEntry(operands[0] ?? "")?.fieldSelectors ?? {}).map((field) => plain(`${field}=`));
    case "--subresource":
      return [...new Set(catalog.flatMap(({ subresources }) => subresources))].map(plain);
    case "--container":
    case "--containers": {
      const [first = "", second = ""] = operands;
      const target = first.includes("/") ? first : path.startsWith("set") ? `${first}/${second}` : `pods/${first}`;
      return (await containersOf(target, global, environment)).map(plain);
    }
    default:
      return [];
  }
}
