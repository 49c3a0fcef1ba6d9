/** gRPC's frame of a message: a byte that says it is not compressed, its length, itself (grpc/doc/PROTOCOL-HTTP2.md). */
import type { Writable } from "node:stream";
import { writeAndWait, writeWithRoom } from "./stream-io.ts";

/** In one piece, or in several that are written one after the other. */
export type Message = Uint8Array | readonly Uint8Array[];

export const prefixBytes = 5;
/** A longer message is cheaper written behind its prefix than copied there. */
const longestCopiedBytes = 4 * 1024;

/** One buffer, so that message and prefix leave together. */
export function framed(message: Message): Buffer {
  const pieces = piecesOf(message);
  return Buffer.concat([prefixOf(pieces), ...pieces]);
}

/** Resolves when the stream has room for the next message. */
export function writeMessage(stream: Writable, message: Message, signal: AbortSignal): Promise<void> {
  return write(stream, message, (last) => writeWithRoom(stream, last, signal));
}

/** Resolves when the message has left: its memory may be used again. */
export function sendMessage(stream: Writable, message: Message, signal: AbortSignal): Promise<void> {
  return write(stream, message, (last) => writeAndWait(stream, last, signal));
}

function write(stream: Writable, message: Message, finish: (last: Uint8Array) => Promise<void>): Promise<void> {
  const pieces = piecesOf(message);
  const last = pieces.at(-1);
  if (!last || last.length <= longestCopiedBytes) return finish(framed(message));
  stream.cork();
  stream.write(prefixOf(pieces));
  for (const piece of pieces.slice(0, -1)) stream.write(piece);
  const finished = finish(last);
  stream.uncork();
  return finished;
}

const piecesOf = (message: Message): readonly Uint8Array[] => (message instanceof Uint8Array ? [message] : message);

function prefixOf(pieces: readonly Uint8Array[]): Buffer {
  const prefix = Buffer.alloc(prefixBytes);
  prefix.writeUInt32BE(
    pieces.reduce((bytes, { length }) => bytes + length, 0),
    1,
  );
  return prefix;
}
