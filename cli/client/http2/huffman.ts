/**
 * HPACK's Huffman code (RFC 7541, appendix B). Within a length, codes are given out in the order of the symbols, so the lengths
 * say it all.
 */
const lengths: readonly number[] = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28,
  28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, 15, 5, 6, 5, 6,
  5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22, 22, 23,
  22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, 22, 21, 20, 22, 22,
  23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23, 26, 26,
  20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27,
  27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27,
  27, 27, 27, 26, 30,
];
const endOfString = 256;
const longestBits = 30;
const maxPaddingBits = 7;

/** Symbols in the order of their codes. For each length: how many have it, the first code, and where they begin in that order. */
const { symbols, counts, firstCodes, begins } = ordered();

/** No tree is built: its 5,000 steps took a command that ends soon a millisecond. */
function ordered() {
  const table = (): number[] => new Array<number>(longestBits + 2).fill(0);
  const [counts, firstCodes, begins] = [table(), table(), table()];
  for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1;
  for (let length = 0; length <= longestBits; length++) {
    const count = counts[length] ?? 0;
    firstCodes[length + 1] = ((firstCodes[length] ?? 0) + count) * 2;
    begins[length + 1] = (begins[length] ?? 0) + count;
  }
  const symbols = new Array<number>(lengths.length).fill(0);
  const next = [...begins];
  for (const [symbol, length] of lengths.entries()) {
    const at = next[length] ?? 0;
    symbols[at] = symbol;
    next[length] = at + 1;
  }
  return { symbols, counts, firstCodes, begins };
}

/** The text, one character a byte. Undefined when the bytes are no such code. */
export function huffmanText(bytes: Uint8Array): string | undefined {
  let text = "";
  let code = 0;
  let pendingBits = 0;
  let isPadding = true;
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit--) {
      const one = (byte >>> bit) & 1;
      code = code * 2 + one;
      pendingBits++;
      isPadding &&= one === 1;
      const index = code - (firstCodes[pendingBits] ?? 0);
      if (index >= (counts[pendingBits] ?? 0)) continue;
      const symbol = symbols[(begins[pendingBits] ?? 0) + index];
      if (symbol === undefined || symbol === endOfString) return undefined;
      text += String.fromCharCode(symbol);
      [code, pendingBits, isPadding] = [0, 0, true];
    }
  }
  return isPadding && pendingBits <= maxPaddingBits ? text : undefined;
}
