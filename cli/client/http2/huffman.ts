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
const maxPaddingBits = 7;

/** Two children a node: another node's number, or a symbol as its bitwise complement. */
const tree: readonly number[] = buildTree();

function buildTree(): readonly number[] {
  const nodes = [0, 0];
  let code = 0;
  let bits = 0;
  const bySymbol = lengths.map((length, symbol) => ({ length, symbol }));
  for (const { length, symbol } of bySymbol.sort((a, b) => a.length - b.length || a.symbol - b.symbol)) {
    code *= 2 ** (length - bits);
    bits = length;
    let node = 0;
    for (let bit = length - 1; bit > 0; bit--) {
      const at = 2 * node + ((code >>> bit) & 1);
      if (nodes[at] === 0) {
        nodes[at] = nodes.length / 2;
        nodes.push(0, 0);
      }
      node = nodes[at] ?? 0;
    }
    nodes[2 * node + (code & 1)] = ~symbol;
    code++;
  }
  return nodes;
}

/** The text, one character a byte. Undefined when the bytes are no such code. */
export function huffmanText(bytes: Uint8Array): string | undefined {
  let text = "";
  let node = 0;
  let pendingBits = 0;
  let isPadding = true;
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit--) {
      const one = (byte >>> bit) & 1;
      const next = tree[2 * node + one] ?? 0;
      pendingBits++;
      isPadding &&= one === 1;
      if (next >= 0) {
        node = next;
        continue;
      }
      if (~next === endOfString) return undefined;
      text += String.fromCharCode(~next);
      [node, pendingBits, isPadding] = [0, 0, true];
    }
  }
  return isPadding && pendingBits <= maxPaddingBits ? text : undefined;
}
