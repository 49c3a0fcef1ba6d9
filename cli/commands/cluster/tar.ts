/** A gzipped tar archive of a few small files (ustar). Pure. */
import { gzipSync } from "node:zlib";

export interface TarFile {
  /** At most 100 bytes. */
  readonly name: string;
  readonly content: Uint8Array;
}

const blockBytes = 512;

export function tarGz(files: readonly TarFile[], modifiedAtMs: number): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (const { name, content } of files) {
    blocks.push(header(name, content.length, modifiedAtMs), content);
    const rest = content.length % blockBytes;
    if (rest > 0) blocks.push(new Uint8Array(blockBytes - rest));
  }
  blocks.push(new Uint8Array(2 * blockBytes));
  return gzipSync(Buffer.concat(blocks));
}

function header(name: string, size: number, modifiedAtMs: number): Uint8Array {
  const block = Buffer.alloc(blockBytes);
  if (Buffer.byteLength(name) > 100) throw new RangeError(`${name} is too long a name for this archive`);
  const octal = (value: number, length: number): string => `${value.toString(8).padStart(length - 1, "0")}\0`;
  block.write(name, 0);
  block.write(octal(0o600, 8), 100);
  block.write(octal(0, 8), 108);
  block.write(octal(0, 8), 116);
  block.write(octal(size, 12), 124);
  block.write(octal(Math.floor(modifiedAtMs / 1000), 12), 136);
  block.write("        ", 148);
  block.write("0", 156);
  block.write("ustar\u000000", 257);
  let sum = 0;
  for (const byte of block) sum += byte;
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}
