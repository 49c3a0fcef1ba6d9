/** How a story is laid out: labelled lines, aligned, with indented ones below their heading. Pure. */
import { visible } from "../../printers/table.ts";

/** A label that begins with blanks stands below the one before; without one, the value goes on with it. */
export type Line = readonly [label: string, value: string];

export function renderLines(lines: readonly Line[]): string {
  const width = Math.min(32, Math.max(0, ...lines.map(([label]) => label.length)) + 2);
  return lines
    .map(([label, value]) => {
      const head = label === "" ? "" : `${visible(label)}:`;
      return `${`${head.padEnd(width)} ${visible(value)}`.trimEnd()}\n`;
    })
    .join("");
}

/** `a=b, c=d`, or `none`. Long values are cut. */
export function pairs(map: Readonly<Record<string, string>> | undefined, without: readonly string[] = []): string {
  return (
    Object.entries(map ?? {})
      .filter(([key]) => !without.includes(key))
      .map(([key, value]) => `${key}=${value.length > 120 ? `${value.slice(0, 117)}…` : value}`)
      .join(", ") || "none"
  );
}

/** `cpu 2, memory 4Gi`, or `fallback`. */
export const amounts = (given: Readonly<Record<string, string>> | undefined, fallback: string): string =>
  Object.entries(given ?? {})
    .map(([name, amount]) => `${name} ${amount}`)
    .join(", ") || fallback;

export const optional = (label: string, value: string | undefined): readonly Line[] =>
  value === undefined || value === "" ? [] : [[label, value]];
