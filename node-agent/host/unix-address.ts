/** struct sockaddr_un (unix(7)). */
import { constants } from "node:os";
import { SystemError } from "./libc.ts";

export const unixFamily = 1;
const pathOffset = 2;
const maxPathBytes = 107;

export function socketAddress(path: string): Buffer {
  const bytes = Buffer.from(path);
  if (bytes.length > maxPathBytes) throw new SystemError("bind", constants.errno.ENAMETOOLONG, path);
  const address = Buffer.alloc(pathOffset + bytes.length + 1);
  address.writeUInt16LE(unixFamily, 0);
  address.set(bytes, pathOffset);
  return address;
}
