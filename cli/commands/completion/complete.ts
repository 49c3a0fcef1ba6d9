/**
 * What may stand at the end of a half-written command line: subcommands, flags and their values, kinds, names of objects in the
 * cluster, containers, namespaces, contexts. Heeds -n, --context and --config that stand before.
 */
import type { Command, Option } from "commander";
import { catalog, findEntry } from "#proto/resources/catalog.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { type Candidate, type HalfWritten, plain } from "./candidate.ts";
import { flagValues } from "./flag-values.ts";
import { clusterNames, containersOf } from "./live-names.ts";

/** Commands (with their parents) whose first argument is a kind, or KIND/NAME. */
const takesKinds = new Set([
  ...["get", "describe", "delete", "scale", "wait", "edit", "patch", "label", "annotate", "explain"],
  ...["set image", "set env", "set resources", "auth can-i"],
]);
/** Commands whose arguments are objects of this kind. */
const takesNames: Readonly<Record<string, string>> = {
  logs: "pods",
  exec: "pods",
  attach: "pods",
  "port-forward": "pods",
  cordon: "nodes",
  uncordon: "nodes",
  drain: "nodes",
  "top pods": "pods",
  "top pod": "pods",
  "top nodes": "nodes",
  "top node": "nodes",
  "config use-context": "contexts",
  "config rename-context": "contexts",
  "config delete-context": "contexts",
  "config set-context": "contexts",
  "cluster remove-node": "nodes",
};
const rolloutKinds = ["deployments"];

const namesTimeoutMs = 2000;

export async function complete(
  program: Command,
  words: readonly string[],
  environment: Environment,
): Promise<readonly Candidate[]> {
  const last = words.at(-1) ?? "";
  const half = readWords(program, words.slice(0, -1));
  const candidates = await candidatesOf(half, last, environment);
  const byWord = new Map(candidates.map((candidate) => [candidate.word, candidate]));
  return [...byWord.values()].filter(({ word }) => word.startsWith(last)).sort((a, b) => (a.word < b.word ? -1 : 1));
}

async function candidatesOf(half: HalfWritten, last: string, environment: Environment): Promise<readonly Candidate[]> {
  const joined = /^(--[a-z-]+)=/.exec(last);
  const option = half.pending ?? (joined ? half.command.options.find(({ long }) => long === joined[1]) : undefined);
  if (option) {
    const values = await flagValues(option, half, environment);
    return joined && !half.pending ? values.map(({ word, text }) => ({ word: `${joined[1]}=${word}`, text })) : values;
  }
  if (last.startsWith("-")) return flagsOf(half.command);
  return [...subcommandsOf(half), ...(await operandsOf(half, last, environment))];
}

function readWords(program: Command, words: readonly string[]): HalfWritten {
  let command = program;
  let pending: Option | undefined;
  const [operands, path]: [string[], string[]] = [[], []];
  const given = new Map<string, string>();
  for (const word of words) {
    if (pending) {
      given.set(pending.attributeName(), word);
      pending = undefined;
      continue;
    }
    const [flag = "", value] = word.split(/=(.*)/s);
    const option = word.startsWith("-")
      ? command.options.find(({ long, short }) => long === flag || short === flag)
      : undefined;
    if (option && value !== undefined) given.set(option.attributeName(), value);
    else if (option && (option.required || option.optional) && !option.optional) pending = option;
    if (word.startsWith("-")) continue;
    const child =
      operands.length === 0
        ? command.commands.find((one) => one.name() === word || one.aliases().includes(word))
        : undefined;
    if (child) {
      command = child;
      path.push(child.name());
    } else operands.push(word);
  }
  const [config, context, namespace] = [given.get("config"), given.get("context"), given.get("namespace")];
  const global: GlobalOptions = {
    requestTimeoutMs: namesTimeoutMs,
    ...(config !== undefined && { config }),
    ...(context !== undefined && { context }),
    ...(namespace !== undefined && { namespace }),
  };
  return { command, path: path.join(" "), operands, pending, global };
}

const subcommandsOf = ({ command, operands }: HalfWritten): readonly Candidate[] =>
  operands.length > 0
    ? []
    : command.commands
        .filter((child) => !child.name().startsWith("__"))
        .map((child) => ({ word: child.name(), text: child.description() }));

const flagsOf = (command: Command): readonly Candidate[] =>
  command.options.flatMap(({ long, description, hidden }) =>
    long && !hidden ? [{ word: long, text: description }] : [],
  );

async function operandsOf(half: HalfWritten, last: string, environment: Environment): Promise<readonly Candidate[]> {
  const { path, operands, global } = half;
  const kind = takesNames[path];
  if (kind !== undefined) {
    // The words after a pod's name are a command's own, or ports.
    if (kind === "pods" && operands.length > 0 && !path.startsWith("top")) return [];
    return clusterNames(kind, global, environment);
  }
  if (path === "taint") return operands.length === 0 ? [plain("node")] : clusterNames("nodes", global, environment);
  const kinds = takesKinds.has(path)
    ? catalog.map(({ plural }) => plural)
    : path.startsWith("rollout ")
      ? rolloutKinds
      : [];
  if (kinds.length === 0) return [];
  const slash = last.indexOf("/");
  if (slash > 0) {
    const names = await clusterNames(last.slice(0, slash), global, environment);
    return names.map(({ word }) => plain(`${last.slice(0, slash)}/${word}`));
  }
  const verbFirst = path === "auth can-i" ? 1 : 0;
  if (operands.length < verbFirst) return ["get", "list", "watch", "create", "update", "patch", "delete"].map(plain);
  if (operands.length === verbFirst) return kinds.map(kindCandidate);
  const [first = ""] = operands;
  if (path.startsWith("set ") && operands.length >= 1) {
    const target = first.includes("/") ? first : `${first}/${operands[1] ?? ""}`;
    const names =
      path === "set image" && (first.includes("/") || operands.length > 1)
        ? await containersOf(target, global, environment)
        : [];
    if (names.length > 0) return names.map((name) => plain(`${name}=`));
  }
  return path === "explain" ? [] : clusterNames(operands[verbFirst] ?? "", global, environment);
}

function kindCandidate(plural: string): Candidate {
  const entry = findEntry(plural);
  return { word: plural, text: entry ? [entry.kind, ...entry.shortNames].join(", ") : "" };
}
