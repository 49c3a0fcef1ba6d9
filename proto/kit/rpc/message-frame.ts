/** gRPC's frame of a message: a byte that says it is not compressed, its length, itself (grpc/doc/PROTOCOL-HTTP2.md). */
import type { Writable } from "node:stream";
import { writeWithRoom } from "./stream-io.ts";

export const prefixBytes = 5;
/** A longer message is cheaper written behind its prefix than copied there. */
const longestCopiedBytes = 4 * 1024;

/** One buffer, so that message and prefix leave together. */
export function framed(message: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(prefixBytes + message.length);
  writePrefix(frame, message.length);
  frame.set(message, prefixBytes);
  return frame;
}

/** Resolves when the stream has room for the next message. */
export function writeMessage(stream: Writable, message: Uint8Array, signal: AbortSignal): Promise<void> {
  if (message.length <= longestCopiedBytes) return writeWithRoom(stream, framed(message), signal);
  if (signal.aborted) return Promise.reject(signal.reason);
  const prefix = Buffer.allocUnsafe(prefixBytes);
  writePrefix(prefix, message.length);
  stream.cork();
  stream.write(prefix);
  const room = writeWithRoom(stream, message, signal);
  stream.uncork();
  return room;
}

function writePrefix(buffer: Buffer, length: number): void {
  buffer[0] = 0;
  buffer.writeUInt32BE(length, 1);
}
