/** The header of a gzip member (RFC 1952). */
import { crc32 } from "node:zlib";

const fixedBytes = 10;
const flags = { headerSum: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 } as const;
/** An extra field is 64 KiB at most; names have no limit of their own. */
const maxBytes = 256 * 1024;

/** How many bytes the header has; undefined while it is not whole. A text says why it is none, in zlib's words. */
export function gzipHeaderBytes(bytes: Buffer): number | undefined | string {
  if ((bytes[0] ?? 0x1f) !== 0x1f || (bytes[1] ?? 0x8b) !== 0x8b) return "incorrect header check";
  if ((bytes[2] ?? 8) !== 8) return "unknown compression method";
  const set = bytes[3] ?? 0;
  if (set & flags.reserved) return "unknown header flags set";
  let end = fixedBytes;
  if (set & flags.extra) end += 2 + (bytes.length >= end + 2 ? bytes.readUInt16LE(end) : 0);
  for (const flag of [flags.name, flags.comment]) {
    if (!(set & flag)) continue;
    const nul = bytes.indexOf(0, end);
    if (nul < 0) return unlessTooLong(bytes);
    end = nul + 1;
  }
  if (set & flags.headerSum) {
    if (bytes.length < end + 2) return unlessTooLong(bytes);
    if (bytes.readUInt16LE(end) !== (crc32(bytes.subarray(0, end)) & 0xffff)) return "header crc mismatch";
    end += 2;
  }
  return bytes.length < end ? unlessTooLong(bytes) : end;
}

function unlessTooLong(bytes: Buffer): undefined | string {
  return bytes.length > maxBytes ? "its header has no end" : undefined;
}
