/** `-e`, `--env-file` and `-l`: pairs of names and values. Pure. */
import { usageProblem } from "../../program-options.ts";
import type { RunOptions } from "./run-options.ts";

interface Variable {
  readonly name: string;
  readonly value: string;
}

/** As in Docker: files first, `-e` wins; a name alone takes our own value, or nothing where we have none. */
export function environmentOf(
  { env, envFileText = [] }: RunOptions,
  own: Readonly<Record<string, string | undefined>>,
): readonly Variable[] {
  const values = new Map<string, string>();
  const take = (pair: string, where: string): void => {
    const at = pair.indexOf("=");
    const name = at < 0 ? pair : pair.slice(0, at);
    if (name === "" || /\s/.test(name)) throw usageProblem(`${where} ${pair} is no NAME=value`);
    const value = at < 0 ? own[name] : pair.slice(at + 1);
    if (value !== undefined) values.set(name, value);
  };
  for (const text of envFileText) {
    for (const line of text.split("\n")) {
      const trimmed = line.replace(/\r$/, "").trimStart();
      if (trimmed !== "" && !trimmed.startsWith("#")) take(trimmed, "--env-file:");
    }
  }
  for (const pair of env) take(pair, "-e");
  return [...values].map(([name, value]) => ({ name, value }));
}

/** `a=b,c=d`, and repeated as Docker has it; without any the pod can be found by its name. */
export function labelsOf(given: readonly string[] | undefined, name: string): Record<string, string> {
  const pairs = (given ?? [`run=${name}`]).flatMap((words) => words.split(","));
  return Object.fromEntries(
    pairs.map((pair) => {
      const match = /^([^=]+)=(.*)$/.exec(pair);
      if (!match) throw usageProblem(`--labels: "${pair}" is no NAME=value`, "write them as app=web,tier=front");
      return [match[1] ?? "", match[2] ?? ""] as const;
    }),
  );
}
