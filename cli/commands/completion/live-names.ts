/** Names out of the cluster and the context file. Empty when nobody answers at once: completion never complains. */
import { findEntry } from "#proto/resources/catalog.ts";
import type { Connection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { fieldOf } from "../../printers/field-path.ts";
import { visible } from "../../printers/table.ts";
import type { Candidate } from "./candidate.ts";
import { type OtherNames, otherNames } from "./other-names.ts";

/** More than anybody reads. */
const maxNames = 500;

export async function clusterNames(
  kind: string,
  global: GlobalOptions,
  environment: Environment,
): Promise<readonly Candidate[]> {
  if (kind === "contexts") return contextNames(global, environment);
  if (isOther(kind)) return (await asking(global, environment, otherNames[kind])) ?? [];
  const entry = findEntry(kind);
  if (!entry) return [];
  const found = await asking(global, environment, async ({ api, namespace }) => {
    const { items } = await api.list(entry.resource, { namespace: entry.namespaced ? namespace : "" });
    const column = entry.columns.find(({ name }) => name === "STATUS" || name === "READY");
    const nowMs = environment.clock.nowMs();
    return items.slice(0, maxNames).map((item) => {
      return { word: visible(item.metadata.name), text: column ? visible(column.value(item, nowMs)) : "" };
    });
  });
  return found ?? [];
}

const isOther = (kind: string): kind is OtherNames => Object.hasOwn(otherNames, kind);

async function contextNames(global: GlobalOptions, environment: Environment): Promise<readonly Candidate[]> {
  try {
    const { configPath, readConfig } = await import("../../context/config-file.ts");
    const path = configPath(global.config, environment.variables.ORCH_CONFIG, environment.homeDirectory);
    return (await readConfig(path)).contexts.map(({ name, server }) => ({
      word: visible(name),
      text: visible(server),
    }));
  } catch {
    return [];
  }
}

/** Of `pods/web-1` or `deployments/web`. */
export async function containersOf(
  target: string,
  global: GlobalOptions,
  environment: Environment,
): Promise<readonly string[]> {
  const [kind = "", name = ""] = target.split("/");
  const entry = findEntry(kind);
  if (!entry || name === "") return [];
  const found = await asking(global, environment, async ({ api, namespace }) => {
    const object = await api.get(entry.resource, entry.namespaced ? namespace : "", name);
    const list = fieldOf(object, entry.kind === "Pod" ? "spec.containers" : "spec.template.spec.containers");
    return Array.isArray(list) ? list.map((container) => visible(String(fieldOf(container, "name")))) : [];
  });
  return found ?? [];
}

async function asking<T>(
  global: GlobalOptions,
  environment: Environment,
  ask: (connection: Connection, environment: Environment) => Promise<T>,
): Promise<T | undefined> {
  const { withConnection } = await import("../../client/connect.ts");
  try {
    const options = { ...global, connectTimeoutMs: global.requestTimeoutMs };
    return await withConnection(options, environment, (connection) => ask(connection, environment));
  } catch {
    return undefined;
  }
}
