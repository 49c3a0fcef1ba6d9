/**
 * Frames of streams (proto/schema/stream.proto): what carries nothing but bytes is neither read any deeper nor copied, and what only
 * passes through is not written anew.
 */
import type { WireMethod } from "../kit/rpc/caller.ts";
import { orch } from "./generated/messages.js";

const wireFrame = orch.v1.Frame;
/** Field numbers of `data` and `error_data`, as length-delimited fields. */
const dataTag = (2 << 3) | 2;
const errorDataTag = (3 << 3) | 2;
const maxLengthBytes = 4;

type Frame = orch.v1.Frame.$Properties;

/** A frame of bytes as it came. */
class PassingFrame {
  readonly data: Buffer | undefined;
  readonly errorData: Buffer | undefined;
  readonly wire: Buffer;

  constructor(wire: Buffer, bytes: Buffer) {
    this.wire = wire;
    this.data = wire[0] === dataTag ? bytes : undefined;
    this.errorData = wire[0] === errorDataTag ? bytes : undefined;
  }
}

export function decodeFrame(wire: Buffer): orch.v1.Frame {
  const bytes = onlyBytes(wire);
  return bytes ? (new PassingFrame(wire, bytes) as unknown as orch.v1.Frame) : wireFrame.decode(wire);
}

export function encodeFrame(frame: unknown): Buffer {
  if (frame instanceof PassingFrame) return frame.wire;
  return wireFrame.encode(frame as orch.v1.Frame.$Properties).finish() as Buffer;
}

/** As pieces to be written one after the other: the bytes of `data` and `error_data` stay where they are. */
export function framePieces(frame: Frame): readonly Uint8Array[] {
  const { data, errorData } = frame;
  const bytes = data ?? errorData;
  if (!bytes || bytes.length === 0 || Object.keys(frame).length > 1) return [encodeFrame(frame)];
  return [headOf(data ? dataTag : errorDataTag, bytes.length), bytes];
}

/** How a client sends and receives frames with a method that carries them. */
export function frameMethod({ path }: { readonly path: string }): WireMethod<Frame, Frame> {
  return { path, requestSerialize: framePieces, responseDeserialize: decodeFrame };
}

/** A field's number and type, and its length in seven bits a byte, the lowest first. */
function headOf(tag: number, length: number): Buffer {
  const head = [tag];
  let left = length;
  for (; left > 0x7f; left >>>= 7) head.push((left & 0x7f) | 0x80);
  head.push(left);
  return Buffer.from(head);
}

/** The content, if one field of bytes is all there is. */
function onlyBytes(wire: Buffer): Buffer | undefined {
  if (wire[0] !== dataTag && wire[0] !== errorDataTag) return undefined;
  let length = 0;
  for (let at = 1; at <= maxLengthBytes; at++) {
    const byte = wire[at] ?? 0;
    length |= (byte & 0x7f) << (7 * (at - 1));
    if (byte < 0x80) return at + 1 + length === wire.length ? wire.subarray(at + 1) : undefined;
  }
  return undefined;
}

interface StreamMethod {
  readonly stream: object;
}

/** A service whose `stream` method passes frames on as they come. */
export function passingFrames<Service extends StreamMethod>(service: Service): Service {
  const stream = {
    ...service.stream,
    requestDeserialize: decodeFrame,
    responseSerialize: encodeFrame,
  };
  return { ...service, stream };
}
