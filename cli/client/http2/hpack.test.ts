import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type OutgoingHttpHeaders } from "node:http2";
import { createServer } from "node:net";
import { describe, it } from "node:test";
import { contentOf, FrameReader, frameType, headersFrames } from "./frames.ts";
import { HpackDecoder, HpackError } from "./hpack-decoder.ts";
import { headerBlock } from "./hpack-encoder.ts";
import { huffmanText } from "./huffman.ts";

const limits = { maxTableBytes: 4096, maxListBytes: 65_536, maxHeaders: 64 };
const prefaceBytes = 24;

/** The header blocks that nghttp2 makes of these requests. */
async function blocksOf(requests: readonly OutgoingHttpHeaders[]): Promise<readonly Buffer[]> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const session = connect(`http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`);
  const [socket] = await once(server, "connection");
  const reader = new FrameReader();
  const blocks: Buffer[] = [];
  let skip = prefaceBytes;
  const gathered = new Promise<void>((resolve) => {
    socket.on("data", (part: Buffer) => {
      const begun = part.subarray(Math.min(skip, part.length));
      skip -= part.length - begun.length;
      for (const frame of reader.push(begun)) {
        if (frame.type === frameType.headers) blocks.push(Buffer.from(contentOf(frame)));
      }
      if (blocks.length === requests.length) resolve();
    });
  });
  for (const headers of requests) session.request(headers).on("error", () => undefined);
  await gathered;
  session.destroy();
  server.close();
  return blocks;
}

describe("HPACK", () => {
  it("reads what nghttp2 writes: Huffman code, table, evictions", { timeout: 30_000 }, async () => {
    const everyCharacter = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)).join("");
    const requests = Array.from({ length: 60 }, (_, at) => ({
      ":method": "POST",
      ":path": `/orch.v1.Api/${at % 3 === 0 ? "Create" : `Get${at}`}`,
      "content-type": "application/grpc",
      "x-text": `x${everyCharacter}${at}x`,
      "x-long": `${"é\u0080ÿ~".repeat(20)}${at % 2}`,
      "x-same": "always",
    }));
    const blocks = await blocksOf(requests);
    const decoder = new HpackDecoder(limits);
    for (const [at, block] of blocks.entries()) {
      const headers = new Map(decoder.decode(block) ?? []);
      for (const [name, value] of Object.entries(requests[at] ?? {})) {
        const read = headers.get(name) ?? "";
        // Node writes values as UTF-8 where they are no Latin-1, and as Latin-1 otherwise.
        assert.ok([read, Buffer.from(read, "latin1").toString()].includes(value), `${name} of request ${at}: ${read}`);
      }
    }
  });

  it("reads what it writes", () => {
    const headers = {
      ":status": 200,
      "content-type": "application/grpc+proto",
      "x-list": ["one", "two"],
      "x-long": "y".repeat(70_000),
    };
    const read = new HpackDecoder({ ...limits, maxListBytes: 100_000 }).decode(headerBlock(headers));
    assert.deepEqual(read, [
      [":status", "200"],
      ["content-type", "application/grpc+proto"],
      ["x-list", "one"],
      ["x-list", "two"],
      ["x-long", "y".repeat(70_000)],
    ]);
  });

  it("puts HTTP/2's own headers first", () => {
    const read = new HpackDecoder(limits).decode(headerBlock({ "grpc-status": 0, ":status": 200 }));
    assert.deepEqual(read, [
      [":status", "200"],
      ["grpc-status", "0"],
    ]);
  });

  it("refuses what is no header block", () => {
    const broken: readonly (readonly number[])[] = [
      [0x80], // index 0
      [0xff, 0xff, 0xff, 0xff, 0xff, 0xff], // an integer that does not end
      [0xc6], // an index that nothing has
      [0x00, 0x05, 0x61], // a text that does not end
      [0x82, 0x20], // a table size after a header
      [0x3f, 0xff, 0x7f], // a table larger than the settings allow
      [0x00, 0x81, 0x00, 0x00], // padding of zeros in a Huffman code
      [0x00, 0x84, 0xff, 0xff, 0xff, 0xff, 0x00], // the end of string within it
    ];
    for (const bytes of broken) {
      assert.throws(() => new HpackDecoder(limits).decode(Uint8Array.from(bytes)), HpackError, bytes.join(" "));
    }
  });

  it("takes a list beyond its limits for refused, and can read the next one", () => {
    const decoder = new HpackDecoder({ ...limits, maxHeaders: 3 });
    assert.equal(decoder.decode(headerBlock({ a: "1", b: "2", c: "3", d: "4" })), undefined);
    assert.deepEqual(decoder.decode(headerBlock({ a: "1" })), [["a", "1"]]);
  });

  it("survives any bytes", () => {
    let state = 7;
    const next = (): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return state >>> 24;
    };
    for (let run = 0; run < 3_000; run++) {
      const bytes = Uint8Array.from({ length: 1 + (next() % 40) }, next);
      try {
        new HpackDecoder(limits).decode(bytes);
      } catch (thrown) {
        assert.ok(thrown instanceof HpackError);
      }
    }
  });

  it("knows no text for a Huffman code with more than seven bits of padding", () => {
    assert.equal(huffmanText(Uint8Array.of(0x1f)), "a");
    assert.equal(huffmanText(Uint8Array.of(0x1f, 0xff)), undefined);
  });

  it("cuts a long block into frames that are put together again", () => {
    const block = Buffer.alloc(40_000, 1);
    const frames = [...new FrameReader().push(headersFrames(5, block, true))];
    assert.deepEqual(
      frames.map(({ type }) => type),
      [frameType.headers, frameType.continuation, frameType.continuation],
    );
    assert.deepEqual(Buffer.concat(frames.map(({ payload }) => payload)), block);
  });
});
