/** CRC-32 as gzip has it, by the fastest that this machine has. */
import { crc32 as zlibCrc32 } from "node:zlib";
import { isaLibrary } from "./libisal.ts";

export const crc32 = (bytes: Uint8Array): number => isaLibrary?.crc32(bytes) ?? zlibCrc32(bytes);
