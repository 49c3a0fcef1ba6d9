import assert from "node:assert/strict";
import { test } from "node:test";
import { TextDecoder as Lazy } from "./lazy-text-decoder.ts";

test("it decodes as Node's own does, with the options it was given", () => {
  const broken = Uint8Array.of(0x61, 0xff);
  assert.equal(new Lazy().decode(broken), new TextDecoder().decode(broken));
  assert.throws(() => new Lazy("utf-8", { fatal: true }).decode(broken), TypeError);
  const marked = Uint8Array.of(0xef, 0xbb, 0xbf, 0x61);
  const [kept, dropped] = [new Lazy("utf-8", { ignoreBOM: true }), new Lazy("utf-8")];
  assert.deepEqual([kept.decode(marked).length, dropped.decode(marked).length, kept.decode(marked).length], [2, 1, 2]);
});
