/** Field selectors: `status.phase=Running,spec.nodeName!=node-1`. `\,`, `\=` and `\\` escape. */

export interface FieldTerm {
  readonly field: string;
  readonly negated: boolean;
  readonly value: string;
}

export type FieldSelector = readonly FieldTerm[];

export type FieldSelectorResult =
  | { readonly ok: true; readonly selector: FieldSelector }
  | { readonly ok: false; readonly message: string };

/** The text of each selectable field of an object. */
export type FieldValues<T> = Readonly<Record<string, (object: T) => string>>;

const longestText = 64 * 1024;

/** `supported` names the fields a kind can be selected by; another field is an error that lists them. */
export function parseFieldSelector(text: string, supported: readonly string[]): FieldSelectorResult {
  if (text.length > longestText) return { ok: false, message: `the selector is longer than ${longestText} characters` };
  const selector: FieldTerm[] = [];
  for (const part of split(text, ",")) {
    if (part.trim() === "") continue;
    const term = parseTerm(part.trim());
    if (term === undefined)
      return { ok: false, message: `\`${part.slice(0, 100)}\` is not of the form \`field=value\`` };
    if (!supported.includes(term.field)) return { ok: false, message: unsupported(term.field, supported) };
    selector.push(term);
  }
  return { ok: true, selector };
}

function unsupported(field: string, supported: readonly string[]): string {
  return `objects of this kind cannot be selected by \`${field.slice(0, 100)}\`; they can by ${supported.join(", ")}`;
}

function parseTerm(part: string): FieldTerm | undefined {
  const match = /^([^=!\\]+?)(!=|==|=)(.*)$/s.exec(part);
  if (match === null) return undefined;
  const value = match[3] ?? "";
  if (split(value, "=").length > 1) return undefined;
  return { field: match[1] ?? "", negated: match[2] === "!=", value: unescaped(value) };
}

const unescaped = (text: string): string => text.replace(/\\([\\,=])/g, "$1");

function split(text: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === separator) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

export function matchesFieldSelector<T>(selector: FieldSelector, object: T, fields: FieldValues<T>): boolean {
  return selector.every(({ field, negated, value }) => ((fields[field]?.(object) ?? "") === value) !== negated);
}
