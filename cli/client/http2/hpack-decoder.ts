/** Reads HPACK (RFC 7541): the header blocks of one direction of a connection, in order, for each changes the table. */
import { huffmanText } from "./huffman.ts";
import { type Header, staticTable } from "./static-table.ts";

export interface HpackLimits {
  /** Of the table that the peer fills: what our settings allow. */
  readonly maxTableBytes: number;
  /** Of one header block, by HTTP/2's count: names, values and 32 bytes for each. */
  readonly maxListBytes: number;
  readonly maxHeaders: number;
}

/** The block cannot be read, so neither can any after it: the connection must end. */
export class HpackError extends Error {}

const entryOverhead = 32;

export class HpackDecoder {
  readonly #limits: HpackLimits;
  /** The newest last. */
  #table: Header[] = [];
  #tableBytes = 0;
  #maxTableBytes: number;
  #bytes: Uint8Array = new Uint8Array();
  #at = 0;

  constructor(limits: HpackLimits) {
    this.#limits = limits;
    this.#maxTableBytes = limits.maxTableBytes;
  }

  /** Undefined when the block has more headers than the limits allow; the table is right all the same. */
  decode(block: Uint8Array): readonly Header[] | undefined {
    this.#bytes = block;
    this.#at = 0;
    const headers: Header[] = [];
    let listBytes = 0;
    while (this.#at < block.length) {
      const header = this.#next(listBytes === 0);
      if (!header) continue;
      listBytes += sizeOf(header);
      if (listBytes <= this.#limits.maxListBytes && headers.length < this.#limits.maxHeaders) headers.push(header);
      else listBytes = Number.POSITIVE_INFINITY;
    }
    return Number.isFinite(listBytes) ? headers : undefined;
  }

  /** Undefined for a change of the table's size, which may stand before the first header only. */
  #next(isFirst: boolean): Header | undefined {
    const first = this.#bytes[this.#at] ?? 0;
    if (first >= 0x80) return this.#entry(this.#integer(7));
    if (first >= 0x40) {
      const header = this.#literal(6);
      this.#remember(header);
      return header;
    }
    if (first < 0x20) return this.#literal(4);
    const size = this.#integer(5);
    if (!isFirst || size > this.#limits.maxTableBytes) throw new HpackError("a table size out of place");
    this.#maxTableBytes = size;
    this.#evict(0);
    return undefined;
  }

  #literal(prefixBits: number): Header {
    const index = this.#integer(prefixBits);
    const name = index === 0 ? this.#text() : this.#entry(index)[0];
    return [name, this.#text()];
  }

  #entry(index: number): Header {
    const fromTable = this.#table[this.#table.length - (index - staticTable.length)];
    const header = index <= staticTable.length ? staticTable[index - 1] : fromTable;
    if (!header) throw new HpackError(`no header has the index ${index}`);
    return header;
  }

  #remember(header: Header): void {
    const size = sizeOf(header);
    this.#evict(size);
    if (size > this.#maxTableBytes) return;
    this.#table.push(header);
    this.#tableBytes += size;
  }

  /** Until there is room for so much more. */
  #evict(roomBytes: number): void {
    let count = 0;
    while (count < this.#table.length && this.#tableBytes + roomBytes > this.#maxTableBytes) {
      const oldest = this.#table[count++];
      if (oldest) this.#tableBytes -= sizeOf(oldest);
    }
    if (count > 0) this.#table = this.#table.slice(count);
  }

  #integer(prefixBits: number): number {
    const mask = 2 ** prefixBits - 1;
    let value = (this.#bytes[this.#at++] ?? 0) & mask;
    if (value < mask) return value;
    for (let shift = 0; shift <= 21; shift += 7) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) break;
      value += (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new HpackError("an integer that does not end");
  }

  #text(): string {
    const isHuffman = (this.#bytes[this.#at] ?? 0) >= 0x80;
    const length = this.#integer(7);
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new HpackError("a text that does not end");
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    const text = isHuffman ? huffmanText(bytes) : Buffer.from(bytes).toString("latin1");
    if (text === undefined) throw new HpackError("a text in no Huffman code");
    return text;
  }
}

const sizeOf = ([name, value]: Header): number => name.length + value.length + entryOverhead;
