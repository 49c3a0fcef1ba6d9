/** JSON with sorted keys and no spaces: equal objects have equal bytes. `undefined` members are left out, as in JSON. */

export function canonicalJson(value: unknown): string {
  return sortedText(value) ?? plainText(value);
}

/** Most of what is stored was parsed from canonical JSON and is in order still: JSON's own function writes it much faster. */
const plainText = (value: unknown): string => JSON.stringify(value) ?? "null";

/** Undefined when its keys, and those of all within, are in order already: then its plain text is canonical. */
function sortedText(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  return Array.isArray(value) ? sortedItems(value) : sortedMembers(value as Readonly<Record<string, unknown>>);
}

function sortedItems(items: readonly unknown[]): string | undefined {
  const texts = items.map(sortedText);
  if (texts.every((text) => text === undefined)) return undefined;
  return `[${items.map((item, i) => texts[i] ?? plainText(item)).join(",")}]`;
}

function sortedMembers(members: Readonly<Record<string, unknown>>): string | undefined {
  const names = Object.keys(members);
  let texts: Map<string, string> | undefined;
  let isSorted = true;
  let before = "";
  for (const name of names) {
    if (name < before) isSorted = false;
    before = name;
    const text = sortedText(members[name]);
    if (text !== undefined) texts = (texts ?? new Map()).set(name, text);
  }
  if (isSorted && !texts) return undefined;
  let all = "";
  for (const name of isSorted ? names : names.sort()) {
    const member = members[name];
    if (member === undefined) continue;
    all += `${all === "" ? "" : ","}${JSON.stringify(name)}:${texts?.get(name) ?? plainText(member)}`;
  }
  return `{${all}}`;
}
