/**
 * The command line as people write it, made into what the parser reads alike. Flags that are on or off as scripts for kubectl write them:
 * `--wait=false`, `--ignore-not-found=true`. A container's command as docker's users write it: with flags of its own and no `--` before it. Pure.
 */
import type { Command, Option } from "commander";

/** Their second operand begins a container's command: all that follows is its own. */
const withCommandOfContainer = new Set(["exec", "run", "debug"]);

/** `words` as they follow the program's name. */
export function asParsed(program: Command, words: readonly string[]): readonly string[] {
  let command = program;
  let operands = 0;
  let isOwn = false;
  let isValue = false;
  return words.flatMap((word): readonly string[] => {
    if (isOwn) return [word];
    if (isValue) {
      isValue = false;
      return [word];
    }
    if (word === "--") isOwn = true;
    else if (word.startsWith("-")) {
      const [, flag = "", value] = /^(--[a-z-]+)=(true|false)$/.exec(word) ?? [];
      const plain = value === undefined ? undefined : written(command, flag, value === "true");
      if (plain) return plain;
      const option = optionOf(command, word);
      isValue = option?.required === true && !word.includes("=");
    } else {
      const child = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
      if (child) command = child;
      else isOwn = ++operands === 2 && withCommandOfContainer.has(command.name());
      if (isOwn) return ["--", word];
    }
    return [word];
  });
}

const optionOf = (command: Command, word: string): Option | undefined =>
  command.options.find(({ long, short }) => long === word || short === word);

/** Undefined: no flag of this kind, it stays as it was written. */
function written(command: Command, flag: string, isOn: boolean): readonly string[] | undefined {
  const positive = optionOf(command, flag);
  const negative = optionOf(command, flag.replace(/^--/, "--no-"));
  if (negative?.negate) return isOn ? [] : [negative.long ?? flag];
  if (!positive || positive.required || positive.optional) return undefined;
  return isOn ? [flag] : [];
}
