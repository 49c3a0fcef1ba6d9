/** Checksums of an extracted layer's files: one line each with the parts that have data, and the name. Holes are not read. */

/** A part of a file without holes. */
export interface ChecksumRun {
  readonly offset: number;
  length: number;
  crc: number;
}

export interface FileChecksum {
  /** Relative, latin1: one character a byte. */
  readonly name: string;
  readonly runs: readonly Readonly<ChecksumRun>[];
}

/** `OFFSET LENGTH CRC, … "NAME"`, the name as JSON, so that a line stays a line. */
export function formatChecksum({ name, runs }: FileChecksum): string {
  const parts = runs.map(({ offset, length, crc }) => `${offset} ${length} ${crc.toString(16)}`);
  return `${JSON.stringify(name)} ${parts.join(",")}\n`;
}

/** Throws on a line that no writer of ours wrote. */
export function parseChecksum(line: string): FileChecksum {
  const match = /^("(?:[^"\\]|\\.)*") (.*)$/.exec(line);
  if (!match) throw new Error("a line of checksums cannot be read");
  const [, name = '""', list = ""] = match;
  const runs = list === "" ? [] : list.split(",").map(parseRun);
  return { name: JSON.parse(name) as string, runs };
}

function parseRun(text: string): ChecksumRun {
  const match = /^(\d+) (\d+) ([0-9a-f]+)$/.exec(text);
  if (!match) throw new Error("a checksum cannot be read");
  const [, offset = "", length = "", crc = ""] = match;
  return { offset: Number(offset), length: Number(length), crc: Number.parseInt(crc, 16) };
}
