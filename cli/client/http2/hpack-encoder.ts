/** Writes HPACK (RFC 7541) without a table of its own: literals, and what the static table has. No block depends on another. */
import { staticTable } from "./static-table.ts";

const nameIndex: ReadonlyMap<string, number> = new Map(
  staticTable.map(([name], at) => [name, at + 1] as const).toReversed(),
);
const wholeIndex: ReadonlyMap<string, number> = new Map(
  staticTable.map(([name, value], at) => [`${name}\0${value}`, at + 1]),
);

export type HeaderFields = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** Names in lower case. HTTP/2's own, which begin with a colon, come first. */
export function headerBlock(headers: HeaderFields): Buffer {
  const own: Buffer[] = [];
  const others: Buffer[] = [];
  for (const [name, given] of Object.entries(headers)) {
    if (given === undefined) continue;
    const parts = name.startsWith(":") ? own : others;
    for (const value of typeof given === "object" ? given : [String(given)]) parts.push(field(name, value));
  }
  return Buffer.concat([...own, ...others]);
}

function field(name: string, value: string): Buffer {
  const whole = wholeIndex.get(`${name}\0${value}`);
  if (whole !== undefined) return integer(0x80, 7, whole);
  const known = nameIndex.get(name);
  const text = literal(value);
  return Buffer.concat(known === undefined ? [integer(0, 4, 0), literal(name), text] : [integer(0, 4, known), text]);
}

function literal(text: string): Buffer {
  const bytes = Buffer.from(text, "latin1");
  return Buffer.concat([integer(0, 7, bytes.length), bytes]);
}

function integer(first: number, prefixBits: number, value: number): Buffer {
  const mask = 2 ** prefixBits - 1;
  if (value < mask) return Buffer.of(first | value);
  const bytes = [first | mask];
  let rest = value - mask;
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  bytes.push(rest);
  return Buffer.from(bytes);
}
