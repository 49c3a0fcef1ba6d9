/** What may stand at the end of a half-written command line: subcommands, flags, kinds, and names of objects in the cluster. */
import type { Command } from "commander";
import { catalog, findEntry } from "#proto/resources/catalog.ts";
import type { Environment } from "../../environment.ts";

/** Commands whose first argument is a kind. */
const takesKinds = new Set(["get", "describe", "delete", "scale", "wait"]);
/** Commands whose argument is an object of this kind. */
const takesNames: Readonly<Record<string, string>> = {
  logs: "pods",
  exec: "pods",
  "port-forward": "pods",
  cordon: "nodes",
  uncordon: "nodes",
  drain: "nodes",
};
const namesTimeoutMs = 2000;

export async function complete(
  program: Command,
  words: readonly string[],
  environment: Environment,
): Promise<readonly string[]> {
  const last = words.at(-1) ?? "";
  const { command, operands } = descend(program, words.slice(0, -1));
  const candidates = last.startsWith("-")
    ? flagsOf(command)
    : [...subcommandsOf(command), ...(await objects(command.name(), operands, last, environment))];
  return [...new Set(candidates)].filter((word) => word.startsWith(last)).sort();
}

function descend(
  program: Command,
  words: readonly string[],
): { readonly command: Command; readonly operands: readonly string[] } {
  let command = program;
  const operands: string[] = [];
  for (const word of words) {
    const child = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
    if (child && operands.length === 0) command = child;
    else if (!word.startsWith("-")) operands.push(word);
  }
  return { command, operands };
}

const subcommandsOf = (command: Command): readonly string[] =>
  command.commands.map((child) => child.name()).filter((name) => !name.startsWith("__"));
const flagsOf = (command: Command): readonly string[] =>
  command.options.flatMap((option) => (option.long ? [option.long] : []));

async function objects(
  command: string,
  operands: readonly string[],
  last: string,
  environment: Environment,
): Promise<readonly string[]> {
  const slash = last.indexOf("/");
  if (takesKinds.has(command) && operands.length === 0) {
    if (slash > 0)
      return (await namesOf(last.slice(0, slash), environment)).map((name) => `${last.slice(0, slash)}/${name}`);
    return catalog.map((entry) => entry.plural);
  }
  const kind = takesKinds.has(command) ? operands[0] : takesNames[command];
  return kind === undefined ? [] : namesOf(kind, environment);
}

/** Empty when there is no cluster or it does not answer at once: completion never complains. */
async function namesOf(kind: string, environment: Environment): Promise<readonly string[]> {
  const entry = findEntry(kind);
  if (!entry) return [];
  const { connect } = await import("../../client/connect.ts");
  try {
    const connection = await connect({ requestTimeoutMs: namesTimeoutMs }, environment);
    try {
      const { items } = await connection.api.list(entry.resource, {
        namespace: entry.namespaced ? connection.namespace : "",
      });
      return items.map((item) => item.metadata.name);
    } finally {
      connection.close();
    }
  } catch {
    return [];
  }
}
