/**
 * `--wait=false`, `--ignore-not-found=true`: flags that are on or off, as scripts for kubectl write them. Made into `--no-wait` and
 * `--ignore-not-found` before the command line is read. Pure.
 */
import type { Command, Option } from "commander";

/** `words` as they follow the program's name. What a command runs (`exec`, `run`) is its own: words after its first operand stay. */
export function withPlainBooleans(program: Command, words: readonly string[]): readonly string[] {
  let command = program;
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
      else isOwn = ["exec", "run"].includes(command.name());
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
