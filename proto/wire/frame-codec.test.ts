import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeFrame, encodeFrame, framePieces } from "./frame-codec.ts";
import { orch } from "./generated/messages.js";

const frames: readonly orch.v1.Frame.$Properties[] = [
  ...[0, 1, 127, 128, 300, 16_383, 16_384, 2_200_000].map((size) => ({ data: Buffer.alloc(size, 7) })),
  { errorData: Buffer.from("complaint") },
  { credit: 300 },
  { endOfInput: true },
  { resize: { rows: 3, columns: 4 } },
  { ready: { terminal: true } },
  { result: { exitCode: 3, detail: Buffer.from("x") } },
  { open: { kind: "logs", pod: "p" } },
];

test("a frame that passes through is the same, byte for byte", () => {
  for (const frame of frames) {
    const wire = Buffer.from(orch.v1.Frame.encode(frame).finish());
    const passing = decodeFrame(wire);
    assert.deepEqual(encodeFrame(passing), wire);
    assert.deepEqual(Buffer.from(passing.data ?? []), Buffer.from(frame.data ?? []));
    assert.deepEqual(Buffer.from(passing.errorData ?? []), Buffer.from(frame.errorData ?? []));
    assert.equal(passing.result?.exitCode, frame.result?.exitCode);
    assert.equal(Number(passing.credit ?? 0), Number(frame.credit ?? 0));
  }
});

test("the pieces of a frame are its bytes, and large content is not copied", () => {
  for (const frame of frames) {
    assert.deepEqual(Buffer.concat(framePieces(frame)), Buffer.from(orch.v1.Frame.encode(frame).finish()));
  }
  const data = Buffer.alloc(100_000, 7);
  assert.equal(framePieces({ data })[1], data);
});

test("frames that are more than bytes, or broken, are read whole", () => {
  const two = Buffer.concat([
    orch.v1.Frame.encode({ data: Buffer.from("a") }).finish(),
    orch.v1.Frame.encode({ credit: 5 }).finish(),
  ]);
  assert.equal(Number(decodeFrame(two).credit), 5);
  for (const broken of [
    [0x12, 0xff],
    [0x12, 5, 1],
    [0x12, 0x80, 0x80, 0x80, 0x80, 0x80],
  ])
    assert.throws(() => decodeFrame(Buffer.from(broken)));
});
