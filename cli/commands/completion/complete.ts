/**
 * What may stand at the end of a half-written command line: subcommands, flags and their values, kinds, names of objects in the
 * cluster, containers, namespaces, contexts. Heeds -n, --context and --config that stand before.
 */
import type { Command, Option } from "commander";
import type { Environment, GlobalOptions } from "../../environment.ts";
import type { Candidate, HalfWritten } from "./candidate.ts";
import { flagValues } from "./flag-values.ts";
import { operandsOf } from "./operands.ts";

const namesTimeoutMs = 2000;

export interface Completion {
  readonly candidates: readonly Candidate[];
  /** Names of files may stand there too. */
  readonly files: boolean;
}

export async function complete(
  program: Command,
  words: readonly string[],
  environment: Environment,
): Promise<Completion> {
  const last = words.at(-1) ?? "";
  const half = readWords(program, words.slice(0, -1));
  const candidates = await candidatesOf(half, last, environment);
  const byWord = new Map(candidates.map((candidate) => [candidate.word, candidate]));
  const fitting = [...byWord.values()].filter(({ word }) => word.startsWith(last));
  return { candidates: fitting.sort((a, b) => (a.word < b.word ? -1 : 1)), files: takesFile(half, last) };
}

const fileWords = new Set(["file", "path", "dir", "archive", "source", "destination"]);
/** Paths, but not of files here. */
const otherPaths = new Set(["--sort-by", "--raw", "--tmpfs", "--workdir", "explain", "image push", "push"]);

function takesFile({ command, path, operands, pending }: HalfWritten, last: string): boolean {
  if (pending) return fileWords.has(/([a-z]+)>/.exec(pending.flags)?.[1] ?? "") && !otherPaths.has(pending.long ?? "");
  if (last.startsWith("-") || otherPaths.has(path)) return false;
  const { registeredArguments: all } = command;
  const argument = all[operands.length] ?? (all.at(-1)?.variadic ? all.at(-1) : undefined);
  return argument !== undefined && fileWords.has(argument.name());
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
    else if (option?.required) pending = option;
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
