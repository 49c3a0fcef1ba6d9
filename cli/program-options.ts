/** Flags shared by commands: reading them, and saying what is wrong with them. */
import { type Command, InvalidArgumentError, Option } from "commander";
import type { GlobalOptions } from "./environment.ts";
import { UsageProblem } from "./exit-codes.ts";

/** `30s`, `5m`, `1h30m`, `500ms`, or plain seconds → milliseconds. */
export function parseDuration(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000);
  const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)];
  if (parts.length === 0 || parts.map((part) => part[0]).join("") !== text) {
    throw new InvalidArgumentError(`"${text}" is no duration; write it as 30s, 5m or 1h30m.`);
  }
  return Math.round(parts.reduce((sum, part) => sum + Number(part[1]) * (units[part[2] ?? ""] ?? 0), 0));
}

/** A whole number of at least `least`. */
export function parseCount(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least)
      throw new InvalidArgumentError(`"${text}" is no whole number of at least ${least}.`);
    return value;
  };
}

/** `--request-timeout 0`, as in kubectl. */
const noTimeoutMs = 24 * 3_600_000;

export function globalOptions(command: Command): GlobalOptions {
  const { config, context, namespace, requestTimeout } = command.optsWithGlobals<{
    config?: string;
    context?: string;
    namespace?: string;
    requestTimeout?: number;
  }>();
  return {
    ...(config !== undefined && { config }),
    ...(context !== undefined && { context }),
    ...(namespace !== undefined && { namespace }),
    requestTimeoutMs: requestTimeout === 0 ? noTimeoutMs : (requestTimeout ?? 30_000),
    ...(requestTimeout !== undefined && requestTimeout > 0 && { watchTimeoutMs: requestTimeout }),
  };
}

/** For use of a command that its flags alone do not rule out. */
export function usageProblem(message: string, hint?: string): UsageProblem {
  return new UsageProblem("bad-request", message, hint === undefined ? {} : { hint });
}

/** For options that may repeat: -f a.yaml -f b.yaml */
export function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}

/** For options that take several words, apart by commas, and may repeat: -L app,tier */
export function collectWords(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, ...value.split(",").filter((word) => word !== "")];
}

/** A command's own words: the `--` before them is for the shell's reader. */
export const afterDashes = (words: readonly string[]): readonly string[] =>
  words[0] === "--" ? words.slice(1) : words;

/** `-o` with the formats a command knows. */
export function outputOption(...formats: readonly string[]): Option {
  return new Option("-o, --output <format>", "how to print").choices(formats);
}
