/** Puts header blocks together from HEADERS and CONTINUATION frames, and reads them. */
import { ConnectionError, contentOf, errorCode, type Frame, frameFlag, frameType } from "./frames.ts";
import { HpackDecoder } from "./hpack-decoder.ts";
import type { Header } from "./static-table.ts";

/** What we tell the peer that we take, of one block. */
export const maxHeaderListBytes = 65_536;
const maxHeaders = 64;
const maxBlockBytes = 65_536;
/** What each frame of a block counts besides its bytes: empty ones could come for ever. */
const frameCost = 256;

export interface HeaderBlock {
  readonly streamId: number;
  readonly endStream: boolean;
  /** Undefined when there are more than we take. */
  readonly headers: readonly Header[] | undefined;
}

interface Unfinished {
  readonly streamId: number;
  readonly endStream: boolean;
  readonly parts: Buffer[];
  cost: number;
}

export class HeaderBlocks {
  readonly #hpack = new HpackDecoder({ maxTableBytes: 4096, maxListBytes: maxHeaderListBytes, maxHeaders });
  #unfinished: Unfinished | undefined;

  /** A block is not interrupted by anything. */
  assertMayCome({ type, streamId }: Frame): void {
    if (!this.#unfinished || (type === frameType.continuation && streamId === this.#unfinished.streamId)) return;
    throw new ConnectionError(errorCode.protocol, "a header block was interrupted");
  }

  /** A block, when this frame of it is the last. */
  take(frame: Frame): HeaderBlock | undefined {
    if (frame.type === frameType.headers) {
      const endStream = (frame.flags & frameFlag.endStream) !== 0;
      this.#unfinished = { streamId: frame.streamId, endStream, parts: [], cost: 0 };
    }
    const block = this.#unfinished;
    if (!block) throw new ConnectionError(errorCode.protocol, "a header block went on that had not begun");
    const part = frame.type === frameType.headers ? contentOf(frame) : frame.payload;
    block.parts.push(part);
    block.cost += part.length + frameCost;
    if (block.cost > maxBlockBytes) {
      throw new ConnectionError(errorCode.enhanceYourCalm, "a header block that does not end");
    }
    if (!(frame.flags & frameFlag.endHeaders)) return undefined;
    this.#unfinished = undefined;
    const { streamId, endStream, parts } = block;
    const [first] = parts;
    const headers = this.#hpack.decode(parts.length === 1 && first ? first : Buffer.concat(parts));
    return { streamId, endStream, headers };
  }
}
