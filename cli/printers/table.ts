/** Aligned columns for people and pipes. Pure. Control characters of cells are shown, never sent to the terminal. */

export interface TableOptions {
  readonly headers: boolean;
}

/** Three spaces between columns, none after the last. */
export function renderTable(
  headers: readonly string[],
  rows: readonly (readonly string[])[],
  options: TableOptions = { headers: true },
): string {
  const lines = options.headers ? [headers, ...rows] : rows;
  return renderLines(lines, columnWidths(lines));
}

export function columnWidths(lines: readonly (readonly string[])[]): readonly number[] {
  const columns = Math.max(0, ...lines.map((line) => line.length));
  return Array.from({ length: columns }, (_, column) =>
    lines.reduce((widest, line) => Math.max(widest, width(visible(line[column] ?? ""))), 0),
  );
}

/** Cells wider than their column push the rest of their line: for lines that come after the widths were chosen. */
export function renderLines(lines: readonly (readonly string[])[], widths: readonly number[]): string {
  return lines
    .map((line) => {
      const cells = line.map((cell, column) => {
        const text = visible(cell);
        return column === line.length - 1
          ? text
          : `${text}${" ".repeat(Math.max(0, (widths[column] ?? 0) - width(text)))}   `;
      });
      return `${cells.join("").trimEnd()}\n`;
    })
    .join("");
}

/** Escapes C0, C1, DEL, line separators and what turns the direction of text, so that no name or message rules the terminal. */
export function visible(text: string): string {
  return text.replace(unprintable, (char) => {
    if (char === "\n") return "\\n";
    if (char === "\t") return " ";
    const code = char.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/** As `visible`, for text of several lines. */
export const visibleLines = (text: string): string => text.replace(/[^\n\t]+/g, (part) => visible(part));

const unprintable = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** Inside JSON and YAML text, where such characters stand in quoted strings only: as an escape that both read back. */
export function escapeUnprintable(text: string): string {
  return text.replace(unprintable, (char) =>
    char === "\n" ? char : `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
}

/** Columns a text takes: wide characters count two, combining ones none. */
export function width(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let sum = 0;
  for (const char of text.normalize("NFC")) {
    if (/\p{M}|\u200d/u.test(char)) continue;
    const code = char.codePointAt(0) ?? 0;
    sum += code >= 0x1100 && (code <= 0x115f || (code >= 0x2e80 && code <= 0xffdc) || code >= 0x1f300) ? 2 : 1;
  }
  return sum;
}
