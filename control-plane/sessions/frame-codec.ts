/** Frames that only pass through: what carries nothing but bytes is neither read any deeper nor written anew. */
import { orch } from "#proto/wire/generated/messages.js";

const wireFrame = orch.v1.Frame;
/** Field numbers of `data` and `error_data`, as length-delimited fields. */
const dataTag = (2 << 3) | 2;
const errorDataTag = (3 << 3) | 2;
const maxLengthBytes = 4;

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
