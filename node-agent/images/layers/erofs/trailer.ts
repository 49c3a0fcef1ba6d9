/**
 * The record behind an image: what it is of, and the checksums of its pieces. A JSON text, then a fixed end that says where the text
 * starts and vouches for it. The kernel does not look behind the last block.
 */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { crc32 } from "../../../host/crc32.ts";
import type { RecordStart } from "../layer-output.ts";
import { writeUInt64 } from "./format.ts";
import type { Segment } from "./image-file.ts";

export interface ErofsRecord extends RecordStart {
  /** Of the image alone. */
  readonly imageBytes: number;
}

export interface Trailer {
  readonly record: ErofsRecord;
  readonly segments: readonly Segment[];
}

const magic = "orchlayr";
const version = 1;
const endBytes = 24;
const segmentBytes = 16;
const maxTextBytes = 128 * 1024 * 1024;

export function encodeTrailer(record: ErofsRecord, segments: readonly Segment[]): Buffer {
  const table = Buffer.alloc(segments.length * segmentBytes);
  for (const [index, { offset, length, crc }] of segments.entries()) {
    writeUInt64(table, offset, index * segmentBytes);
    table.writeUInt32LE(length, index * segmentBytes + 8);
    table.writeUInt32LE(crc, index * segmentBytes + 12);
  }
  const text = Buffer.from(JSON.stringify({ ...record, segments: table.toString("base64") }));
  const end = Buffer.alloc(endBytes);
  end.write(magic, 0, "latin1");
  end.writeUInt32LE(version, 8);
  end.writeUInt32LE(text.length, 12);
  end.writeUInt32LE(crc32(text), 16);
  return Buffer.concat([text, end]);
}

/** Throws when the file is no whole layer of ours. */
export function readTrailer(path: string): Trailer {
  const fd = openSync(path, "r");
  try {
    const { size } = fstatSync(fd);
    const end = read(fd, size - endBytes, endBytes);
    const length = end.readUInt32LE(12);
    if (end.toString("latin1", 0, 8) !== magic) throw new Error("the layer has no record");
    if (end.readUInt32LE(8) !== version) throw new Error(`the layer's record has version ${end.readUInt32LE(8)}`);
    if (length > maxTextBytes || length > size) throw new Error("the layer's record is damaged");
    const text = read(fd, size - endBytes - length, length);
    if (crc32(text) !== end.readUInt32LE(16)) throw new Error("the layer's record is damaged");
    const { segments, ...record } = JSON.parse(text.toString("utf8")) as ErofsRecord & { readonly segments: string };
    return { record, segments: decodeSegments(Buffer.from(segments, "base64")) };
  } finally {
    closeSync(fd);
  }
}

function decodeSegments(table: Buffer): readonly Segment[] {
  return Array.from({ length: table.length / segmentBytes }, (_, index) => {
    const at = index * segmentBytes;
    const offset = table.readUInt32LE(at) + table.readUInt32LE(at + 4) * 2 ** 32;
    return { offset, length: table.readUInt32LE(at + 8), crc: table.readUInt32LE(at + 12) };
  });
}

function read(fd: number, offset: number, length: number): Buffer {
  if (offset < 0) throw new Error("the layer is cut");
  const bytes = Buffer.alloc(length);
  if (readSync(fd, bytes, 0, length, offset) !== length) throw new Error("the layer is cut");
  return bytes;
}
