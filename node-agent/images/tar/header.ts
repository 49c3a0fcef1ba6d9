/** One 512-byte tar header: v7, ustar, GNU and star forms. Names are latin1, one character a byte, as they need not be UTF-8. */
import { Problem } from "#proto/kit/problem.ts";

export const blockSize = 512;

export interface TarHeader {
  readonly name: string;
  readonly linkName: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** Seconds since the epoch, may be negative. */
  readonly mtime: number;
  /** The type flag: "0" file, "5" directory, "x" PAX … ("\0" is read as "0"). */
  readonly typeFlag: string;
  readonly major: number;
  readonly minor: number;
}

/** The block that headers are read in, one after the other, and the same memory in words: sums are made four bytes at a time. */
export class HeaderBlock {
  readonly bytes: Buffer = Buffer.alloc(blockSize);
  readonly words: Uint32Array = new Uint32Array(this.bytes.buffer, this.bytes.byteOffset, blockSize / 4);
}

export function isZeroBlock({ words }: HeaderBlock): boolean {
  return words[0] === 0 && words.every((word) => word === 0);
}

/** Problem `invalid` when the checksum is wrong or a number cannot be. */
export function parseHeader({ bytes: block, words }: HeaderBlock): TarHeader {
  checkChecksum(block, words);
  const typeByte = block[156] ?? 0;
  const isPosix = holds(block, 257, posixMagic);
  const isUstar = isPosix || holds(block, 257, gnuMagic);
  const prefix = isPosix ? field(block, 345, holds(block, 508, starMagic) ? 131 : 155) : "";
  const name = field(block, 0, 100);
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    linkName: field(block, 157, 100),
    mode: number(block, 100, 8, "mode") & 0o7777,
    uid: number(block, 108, 8, "uid"),
    gid: number(block, 116, 8, "gid"),
    size: number(block, 124, 12, "size"),
    mtime: number(block, 136, 12, "mtime"),
    typeFlag: typeByte === 0 ? "0" : String.fromCharCode(typeByte),
    major: isUstar ? number(block, 329, 8, "device") : 0,
    minor: isUstar ? number(block, 337, 8, "device") : 0,
  };
}

const posixMagic = Buffer.from("ustar\0");
const gnuMagic = Buffer.from("ustar ");
const starMagic = Buffer.from("tar\0");

function holds(block: Buffer, offset: number, magic: Buffer): boolean {
  for (let at = 0; at < magic.length; at++) if (block[offset + at] !== magic[at]) return false;
  return true;
}

function checkChecksum(block: Buffer, words: Uint32Array): void {
  const stored = number(block, 148, 8, "checksum");
  if (stored !== unsignedSum(words) && stored !== signedSum(block)) throw invalidTar("a header has a wrong checksum");
}

const checksumBlanks = 8 * 0x20; // the checksum itself counts as blanks

/** Two sums in one number, each of every other byte. */
function unsignedSum(words: Uint32Array): number {
  let sums = 0;
  for (let at = 0; at < blockSize / 4; at++) {
    if (at === 148 / 4) at = 156 / 4;
    const word = words[at] ?? 0;
    sums += (word & 0xff00ff) + ((word >>> 8) & 0xff00ff);
  }
  return checksumBlanks + (sums & 0xffff) + (sums >>> 16);
}

/** Old programs summed signed bytes. */
function signedSum(block: Buffer): number {
  let sum = checksumBlanks;
  for (let at = 0; at < blockSize; at++) {
    if (at === 148) at = 156;
    const byte = block[at] ?? 0;
    sum += byte >= 128 ? byte - 256 : byte;
  }
  return sum;
}

/** What stands before the first NUL. */
function field(block: Buffer, offset: number, length: number): string {
  if (block[offset] === 0) return "";
  const end = block.indexOf(0, offset);
  return block.toString("latin1", offset, end < 0 || end > offset + length ? offset + length : end);
}

/** Octal text between blanks, or GNU's base-256 when the top bit is set. Byte by byte: there are eight numbers in each header. */
function number(block: Buffer, offset: number, length: number, what: string): number {
  const end = offset + length;
  if ((block[offset] ?? 0) & 0x80) return base256(block.subarray(offset, end), what);
  let value = 0;
  let isOver = false;
  let hasDigits = false;
  for (let at = offset; at < end; at++) {
    const byte = block[at] ?? 0;
    if (byte === 0) break;
    if (byte <= 0x20) isOver = hasDigits;
    else if (byte >= 0x30 && byte <= 0x37 && !isOver) {
      value = value * 8 + byte - 0x30;
      hasDigits = true;
    } else {
      const text = block.toString("latin1", offset, end).replace(/\0.*$/s, "").trim();
      throw invalidTar(`a header has ${JSON.stringify(text)} as ${what}`);
    }
  }
  return value;
}

function base256(bytes: Buffer, what: string): number {
  const negative = ((bytes[0] ?? 0) & 0x40) !== 0;
  let value = BigInt((bytes[0] ?? 0) & 0x7f);
  for (const byte of bytes.subarray(1)) value = (value << 8n) | BigInt(byte);
  if (negative) value -= 1n << BigInt(bytes.length * 8 - 1);
  const result = Number(value);
  if (!Number.isSafeInteger(result)) throw invalidTar(`a header has a ${what} out of range`);
  return result;
}

export function invalidTar(reason: string): Problem {
  return new Problem("invalid", `the archive is broken: ${reason}`);
}
