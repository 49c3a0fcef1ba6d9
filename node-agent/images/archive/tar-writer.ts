/** The headers of a tar of plain files with short names: what an archive of images is made of. */

const blockBytes = 512;
/** What eleven octal digits can say. */
const maxOctalBytes = 8 ** 11 - 1;

export function tarHeader(name: string, sizeBytes: number): Buffer {
  const header = Buffer.alloc(blockBytes);
  header.write(name, 0, 100);
  header.write("0000644\0", 100);
  header.write("0000000\0", 108);
  header.write("0000000\0", 116);
  if (sizeBytes <= maxOctalBytes) header.write(`${sizeBytes.toString(8).padStart(11, "0")}\0`, 124);
  else {
    header[124] = 0x80; // base-256
    header.writeBigUInt64BE(BigInt(sizeBytes), 128);
  }
  header.write("00000000000\0", 136);
  header.write("        ", 148);
  header.write("0", 156);
  header.write("ustar\0", 257);
  header.write("00", 263);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

export function tarPadding(sizeBytes: number): Buffer {
  return Buffer.alloc((blockBytes - (sizeBytes % blockBytes)) % blockBytes);
}

export const tarEnd = Buffer.alloc(2 * blockBytes);
