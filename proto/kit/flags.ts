/** Flags of a program without subcommand libraries: one table gives `parseArgs` its options and the help its lines. Pure. */

export interface Flag {
  readonly type: "string" | "boolean";
  readonly multiple?: boolean;
  /** What stands for the value in the help; empty for a boolean. */
  readonly value: string;
  readonly help: string;
}

export type FlagTable = Readonly<Record<string, Flag>>;

export type FlagOptions = Readonly<
  Record<string, { readonly type: "string" | "boolean"; readonly multiple?: boolean }>
>;

/** For node:util's `parseArgs`. */
export function flagOptions(flags: FlagTable): FlagOptions {
  return Object.fromEntries(
    Object.entries(flags).map(([name, { type, multiple }]) => [
      name,
      { type, ...(multiple !== undefined && { multiple }) },
    ]),
  );
}

/** One aligned line a flag, in the table's order. */
export function flagLines(flags: FlagTable): string {
  const rows = Object.entries(flags).map(([name, flag]) => [`--${name} ${flag.value}`.trimEnd(), flag.help] as const);
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join("");
}
