/** Aligned columns for people and pipes. Pure. Control characters of cells are shown, never sent to the terminal. */

export interface TableOptions {
  readonly headers: boolean;
}

/** Two spaces between columns, none after the last. */
export function renderTable(
  headers: readonly string[],
  rows: readonly (readonly string[])[],
  options: TableOptions = { headers: true },
): string {
  const lines = (options.headers ? [headers, ...rows] : rows).map((row) => row.map(visible));
  const widths = headers.map((_, column) => Math.max(0, ...lines.map((line) => width(line[column] ?? ""))));
  return lines
    .map((line) =>
      headers
        .map((_, column) => {
          const cell = line[column] ?? "";
          return column === headers.length - 1 ? cell : cell + " ".repeat((widths[column] ?? 0) - width(cell) + 3);
        })
        .join("")
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join("");
}

/** Escapes C0, C1 and DEL, so that a name or message cannot move the cursor or set a title. */
export function visible(text: string): string {
  return [...text]
    .map((char) => (isControl(char.codePointAt(0) ?? 0) ? escapeOf(char.codePointAt(0) ?? 0) : char))
    .join("");
}

const isControl = (code: number): boolean =>
  code < 0x20 || (code >= 0x7f && code < 0xa0) || code === 0x2028 || code === 0x2029;
const escapeOf = (code: number): string =>
  code === 0x0a ? "\\n" : code === 0x09 ? " " : `\\x${code.toString(16).padStart(2, "0")}`;

/** Columns a text takes: wide characters count two. */
export function width(text: string): number {
  let sum = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    sum += code >= 0x1100 && (code <= 0x115f || (code >= 0x2e80 && code <= 0xffdc) || code >= 0x1f300) ? 2 : 1;
  }
  return sum;
}
