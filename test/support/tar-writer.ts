/** Writes tar archives for tests: ordinary ones, and those that no honest program would write. */

export type TarType = "file" | "hardlink" | "symlink" | "char" | "block" | "directory" | "fifo" | "contiguous";

export interface TarEntry {
  readonly name: string | Buffer;
  readonly type?: TarType;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Seconds since the epoch. */
  readonly mtime?: number;
  readonly content?: string | Uint8Array;
  readonly linkName?: string | Buffer;
  readonly major?: number;
  readonly minor?: number;
  /** Records of a PAX header before the entry. */
  readonly pax?: Readonly<Record<string, string | Uint8Array>>;
  /** Extended attributes: PAX records `SCHILY.xattr.NAME`. */
  readonly xattrs?: Readonly<Record<string, string | Uint8Array>>;
  /** Raw type flag, for what `type` cannot say. */
  readonly typeFlag?: string;
}

const typeFlags: Readonly<Record<TarType, string>> = {
  file: "0",
  hardlink: "1",
  symlink: "2",
  char: "3",
  block: "4",
  directory: "5",
  fifo: "6",
  contiguous: "7",
};

const blockSize = 512;

/** A whole archive, with the two zero blocks at its end. */
export function tar(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.map(tarEntry), Buffer.alloc(2 * blockSize)]);
}

/** One entry with its content and padding. Long names and attributes go into a PAX header. */
export function tarEntry(entry: TarEntry): Buffer {
  const name = Buffer.from(entry.name as string);
  const linkName = Buffer.from((entry.linkName ?? "") as string);
  const pax: Record<string, string | Uint8Array> = { ...entry.pax };
  for (const [key, value] of Object.entries(entry.xattrs ?? {})) pax[`SCHILY.xattr.${key}`] = value;
  if (name.length > 100) pax.path ??= name;
  if (linkName.length > 100) pax.linkpath ??= linkName;
  if ((entry.uid ?? 0) > 0o7777777) pax.uid ??= String(entry.uid);
  if ((entry.gid ?? 0) > 0o7777777) pax.gid ??= String(entry.gid);
  const content = Buffer.from((entry.content ?? "") as string);
  const parts: Buffer[] = [];
  if (Object.keys(pax).length > 0) {
    const records = paxRecords(pax);
    parts.push(
      tarHeader({ name: "PaxHeaders/x", typeFlag: "x", mode: 0o644 }, records.length),
      records,
      padding(records),
    );
  }
  parts.push(tarHeader(entry, content.length), content, padding(content));
  return Buffer.concat(parts);
}

/** One bare header block of the ustar form. Names and numbers that do not fit are cut: say them by PAX. */
export function tarHeader(entry: TarEntry, size: number): Buffer {
  const header = Buffer.alloc(blockSize);
  header.set(Buffer.from(entry.name as string).subarray(0, 100), 0);
  const directory = entry.type === "directory";
  octal(header, 100, 8, entry.mode ?? (directory ? 0o755 : 0o644));
  octal(header, 108, 8, (entry.uid ?? 0) & 0o7777777);
  octal(header, 116, 8, (entry.gid ?? 0) & 0o7777777);
  octal(header, 124, 12, size);
  octal(header, 136, 12, Math.max(0, Math.floor(entry.mtime ?? 1_700_000_000)));
  header.write(entry.typeFlag ?? typeFlags[entry.type ?? "file"], 156, "latin1");
  header.set(Buffer.from((entry.linkName ?? "") as string).subarray(0, 100), 157);
  header.write("ustar\u000000", 257, "latin1");
  octal(header, 329, 8, entry.major ?? 0);
  octal(header, 337, 8, entry.minor ?? 0);
  return withChecksum(header);
}

/** Computes the checksum of a header that a test has changed. */
export function withChecksum(header: Buffer): Buffer {
  header.fill(" ", 148, 156, "latin1");
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return header;
}

export function paxRecords(records: Readonly<Record<string, string | Uint8Array>>): Buffer {
  return Buffer.concat(
    Object.entries(records).map(([key, value]) => {
      const body = Buffer.concat([Buffer.from(` ${key}=`), Buffer.from(value as string), Buffer.from("\n")]);
      let length = body.length + 1;
      while (String(length).length + body.length !== length) length = String(length).length + body.length;
      return Buffer.concat([Buffer.from(String(length)), body]);
    }),
  );
}

export function padding(content: Uint8Array): Buffer {
  return Buffer.alloc((blockSize - (content.length % blockSize)) % blockSize);
}

function octal(header: Buffer, offset: number, width: number, value: number): void {
  header.write(`${value.toString(8).padStart(width - 1, "0")}\0`, offset, "latin1");
}
