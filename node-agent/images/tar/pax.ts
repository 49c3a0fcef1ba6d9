/** PAX extended headers: `LENGTH KEY=VALUE\n` records that override fields of the next entry. */
import { invalidTar, type TarHeader } from "./header.ts";
import type { SparseSegment } from "./sparse.ts";

/** Keys are text, values bytes. Later records win. */
export type PaxRecords = ReadonlyMap<string, Buffer>;

const maxRecords = 10_000;

export function parsePax(data: Buffer): PaxRecords {
  const records = new Map<string, Buffer>();
  const sparse: string[] = [];
  let at = 0;
  while (at < data.length) {
    const space = data.indexOf(0x20, at);
    const digits = space < 0 || space - at > 10 ? "" : data.toString("latin1", at, space);
    const length = /^[0-9]+$/.test(digits) ? Number(digits) : 0;
    const end = at + length;
    const equals = data.indexOf(0x3d, space);
    if (length < 5 || end > data.length || data[end - 1] !== 0x0a || equals < 0 || equals >= end) {
      throw invalidTar("a PAX header is malformed");
    }
    const key = data.toString("utf8", space + 1, equals);
    const value = Buffer.from(data.subarray(equals + 1, end - 1));
    // GNU's sparse format 0.0 repeats its keys, one pair for each segment.
    if (key === "GNU.sparse.offset" || key === "GNU.sparse.numbytes") sparse.push(value.toString("latin1"));
    else records.set(key, value);
    if (records.size > maxRecords || sparse.length > 2 * maxRecords)
      throw invalidTar("a PAX header has too many records");
    at = end;
  }
  if (sparse.length > 0) records.set("GNU.sparse.map", Buffer.from(sparse.join(",")));
  return records;
}

export interface PaxTime {
  readonly seconds: number;
  readonly nanoseconds: number;
}

/** The header with the records' values in place of its own. An empty value means that the header's is not to be used. */
export function applyPax(header: TarHeader, records: PaxRecords): TarHeader {
  return {
    ...header,
    name: name(records, "path") ?? header.name,
    linkName: name(records, "linkpath") ?? header.linkName,
    uid: integer(records, "uid") ?? header.uid,
    gid: integer(records, "gid") ?? header.gid,
    size: integer(records, "size") ?? header.size,
    mtime: paxTime(records)?.seconds ?? header.mtime,
  };
}

/** `mtime` with its fraction, which may be negative as a whole: -1.5 is 2 s before the epoch plus 0.5 s. */
export function paxTime(records: PaxRecords): PaxTime | undefined {
  const text = records.get("mtime")?.toString("latin1");
  if (text === undefined || text === "") return undefined;
  const match = /^(-?)(\d{1,15})(?:\.(\d*))?$/.exec(text);
  if (!match) throw invalidTar(`a PAX header has ${JSON.stringify(text)} as time`);
  const [, sign = "", whole = "0", fraction = ""] = match;
  const seconds = Number(whole);
  const nanoseconds = Number(fraction.slice(0, 9).padEnd(9, "0"));
  if (sign === "") return { seconds, nanoseconds };
  return nanoseconds === 0
    ? { seconds: -seconds, nanoseconds: 0 }
    : { seconds: -seconds - 1, nanoseconds: 1_000_000_000 - nanoseconds };
}

const noXattrs: ReadonlyMap<string, Buffer> = new Map();
const xattrPrefix = "SCHILY.xattr.";
const libarchivePrefix = "LIBARCHIVE.xattr.";

export function paxXattrs(records: PaxRecords): ReadonlyMap<string, Buffer> {
  if (records.size === 0) return noXattrs;
  const xattrs = new Map<string, Buffer>();
  for (const [key, value] of records) {
    if (key.startsWith(libarchivePrefix)) {
      xattrs.set(
        decodeURIComponentSafe(key.slice(libarchivePrefix.length)),
        Buffer.from(value.toString("latin1"), "base64"),
      );
    }
  }
  for (const [key, value] of records) {
    if (key.startsWith(xattrPrefix)) xattrs.set(key.slice(xattrPrefix.length), value);
  }
  return xattrs;
}

export interface SparseInfo {
  readonly realSize: number;
  /** Undefined in format 1.0: the map stands at the start of the data. */
  readonly segments: readonly SparseSegment[] | undefined;
}

/** GNU's sparse formats 0.0, 0.1 and 1.0. */
export function paxSparse(records: PaxRecords): SparseInfo | undefined {
  const major = records.get("GNU.sparse.major")?.toString("latin1");
  const map = records.get("GNU.sparse.map")?.toString("latin1");
  if (major === "1") {
    const realSize = integer(records, "GNU.sparse.realsize");
    if (realSize === undefined) throw invalidTar("a sparse file has no size");
    return { realSize, segments: undefined };
  }
  if (map === undefined) return undefined;
  const realSize = integer(records, "GNU.sparse.size") ?? integer(records, "GNU.sparse.realsize");
  if (realSize === undefined) throw invalidTar("a sparse file has no size");
  const numbers = map === "" ? [] : map.split(",").map((text) => parseInteger(text, "sparse map"));
  if (numbers.length % 2 !== 0) throw invalidTar("a sparse map is malformed");
  const segments = numbers.flatMap((offset, index) =>
    index % 2 === 0 ? [{ offset, length: numbers[index + 1] ?? 0 }] : [],
  );
  return { realSize, segments };
}

/** The name of a sparse file: the header's own then is made up. */
export function paxSparseName(records: PaxRecords): string | undefined {
  return name(records, "GNU.sparse.name");
}

function name(records: PaxRecords, key: string): string | undefined {
  const value = records.get(key);
  if (value === undefined || value.length === 0) return undefined;
  if (value.includes(0)) throw invalidTar("a name holds a NUL");
  return value.toString("latin1");
}

function integer(records: PaxRecords, key: string): number | undefined {
  const text = records.get(key)?.toString("latin1");
  return text === undefined || text === "" ? undefined : parseInteger(text, key);
}

function parseInteger(text: string, what: string): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value))
    throw invalidTar(`a PAX header has ${JSON.stringify(text.slice(0, 40))} as ${what}`);
  return value;
}

function decodeURIComponentSafe(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
