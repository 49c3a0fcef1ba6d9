/** Frames of HTTP/2 (RFC 9113, section 4 and 6): bytes and back. Pure. */
export const frameType = {
  ...{ data: 0, headers: 1, priority: 2, reset: 3, settings: 4, pushPromise: 5 },
  ...{ ping: 6, goaway: 7, windowUpdate: 8, continuation: 9 },
} as const;
export const frameFlag = { endStream: 1, ack: 1, endHeaders: 4, padded: 8, priority: 0x20 } as const;
/** Of the protocol's, those that a client has to say something about. */
export const errorCode = { protocol: 1, frameSize: 6, enhanceYourCalm: 11 } as const;
export const setting = { initialWindowSize: 4, maxHeaderListSize: 6 } as const;

/** What every peer takes, and all that we take: larger frames are not announced. */
export const maxFrameBytes = 16_384;
const headerBytes = 9;
const nothing: Buffer = Buffer.alloc(0);

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  /** A window on what was read. */
  readonly payload: Buffer;
}

/** The peer broke the protocol: the connection must end, with this code. */
export class ConnectionError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** Frames as they come. DATA is not gathered: it comes in pieces, of which the last has its frame's flags. */
export class FrameReader {
  /** The beginning of a frame that is gathered. */
  #rest: Buffer = nothing;
  #data: DataFrame | undefined;

  /** What is complete with this part. */
  *push(part: Buffer): Generator<Frame, void, undefined> {
    let bytes = this.#rest.length === 0 ? part : Buffer.concat([this.#rest, part]);
    this.#rest = nothing;
    while (bytes.length > 0) {
      const { frame, taken } = this.#data ? this.#piece(this.#data, bytes) : this.#begin(bytes);
      if (taken === 0) {
        this.#rest = bytes;
        return;
      }
      bytes = bytes.subarray(taken);
      if (frame) yield frame;
    }
  }

  #piece(data: DataFrame, bytes: Buffer): Next {
    const payload = bytes.subarray(0, data.left);
    data.left -= payload.length;
    if (data.left === 0) this.#data = undefined;
    const flags = data.left === 0 ? data.flags : 0;
    return { frame: { type: frameType.data, flags, streamId: data.streamId, payload }, taken: payload.length };
  }

  /** Takes nothing as long as the frame is not whole. */
  #begin(bytes: Buffer): Next {
    if (bytes.length < headerBytes) return { taken: 0 };
    const length = bytes.readUIntBE(0, 3);
    if (length > maxFrameBytes) throw new ConnectionError(errorCode.frameSize, `a frame of ${length} bytes`);
    const [type = 0, flags = 0] = [bytes[3], bytes[4]];
    const streamId = bytes.readUInt32BE(5) & 0x7fff_ffff;
    if (type === frameType.data && length > 0 && !(flags & frameFlag.padded)) {
      this.#data = { flags, streamId, left: length };
      return { taken: headerBytes };
    }
    const end = headerBytes + length;
    if (end > bytes.length) return { taken: 0 };
    return { frame: { type, flags, streamId, payload: bytes.subarray(headerBytes, end) }, taken: end };
  }
}

interface DataFrame {
  readonly flags: number;
  readonly streamId: number;
  left: number;
}

interface Next {
  readonly frame?: Frame;
  readonly taken: number;
}

/** The header alone: its payload of `length` bytes follows. */
export function frameHeader(type: number, flags: number, streamId: number, length: number): Buffer {
  const header = Buffer.allocUnsafe(headerBytes);
  header.writeUIntBE(length, 0, 3);
  header[3] = type;
  header[4] = flags;
  header.writeUInt32BE(streamId, 5);
  return header;
}

export function frame(type: number, flags: number, streamId: number, payload: Uint8Array = nothing): Buffer {
  return Buffer.concat([frameHeader(type, flags, streamId, payload.length), payload]);
}

/** Of a frame of numbers of 32 bits: WINDOW_UPDATE, RST_STREAM. */
export function numberFrame(type: number, streamId: number, value: number): Buffer {
  const payload = Buffer.allocUnsafe(4);
  payload.writeUInt32BE(value);
  return frame(type, 0, streamId, payload);
}

export function settingsFrame(values: readonly (readonly [id: number, value: number])[]): Buffer {
  const payload = Buffer.alloc(values.length * 6);
  for (const [at, [id, value]] of values.entries()) {
    payload.writeUInt16BE(id, at * 6);
    payload.writeUInt32BE(value, at * 6 + 2);
  }
  return frame(frameType.settings, 0, 0, payload);
}

/** A header block as one HEADERS frame and, when it is long, CONTINUATION frames. */
export function headersFrames(streamId: number, block: Buffer, endStream: boolean): Buffer {
  const endFlag = endStream ? frameFlag.endStream : 0;
  if (block.length <= maxFrameBytes) {
    return frame(frameType.headers, frameFlag.endHeaders | endFlag, streamId, block);
  }
  const parts = [frame(frameType.headers, endFlag, streamId, block.subarray(0, maxFrameBytes))];
  for (let at = maxFrameBytes; at < block.length; at += maxFrameBytes) {
    const end = at + maxFrameBytes;
    const flags = end >= block.length ? frameFlag.endHeaders : 0;
    parts.push(frame(frameType.continuation, flags, streamId, block.subarray(at, end)));
  }
  return Buffer.concat(parts);
}

/** DATA and HEADERS may be padded, HEADERS may carry a priority: what is left is the content. */
export function contentOf({ type, flags, payload }: Frame): Buffer {
  let [at, end] = [0, payload.length];
  if (flags & frameFlag.padded) {
    at = 1;
    end -= payload[0] ?? 0;
  }
  if (type === frameType.headers && flags & frameFlag.priority) at += 5;
  if (at > end) throw new ConnectionError(errorCode.protocol, "padding longer than its frame");
  return payload.subarray(at, end);
}
