import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, it } from "node:test";
import { testAuthority } from "#test/support/certificates.ts";
import { frame, frameTypes, RawPeer } from "#test/support/raw-peer.ts";
import { enrollmentService } from "../../wire/generated/services.ts";
import { systemClock } from "../clock.ts";
import { silentLogger } from "../logger.ts";
import { unary } from "./handlers.ts";
import { RpcServer } from "./server.ts";
import { TlsServerCredentials } from "./tls.ts";

const serverName = "control-plane.test.orch";
const endOfStream = 1;
const endOfHeaders = 4;

/** HPACK: indexed fields, and literals that need no Huffman code (RFC 7541, 6.1 and 6.2.1). */
function requestHeaders(path: string): Buffer {
  const literal = (index: number, value: string): Buffer =>
    Buffer.concat([Buffer.of(0x40 | index, value.length), Buffer.from(value)]);
  const post = Buffer.of(0x83);
  const https = Buffer.of(0x87);
  const [authority, contentType] = [literal(1, serverName), literal(31, "application/grpc")];
  return Buffer.concat([post, https, authority, literal(4, path), contentType]);
}

describe("a call with one message each way", () => {
  const server = new RpcServer({ clock: systemClock, logger: silentLogger });
  let peer: RawPeer;
  let answer = "small";

  before(async () => {
    const authority = await testAuthority();
    server.add(enrollmentService, { join: unary(async () => ({ cluster: answer })) } as never);
    const material = await authority.issue("CN=server", [serverName]);
    const credentials = new TlsServerCredentials(material, { requireClientCertificate: true });
    const port = await server.listen("127.0.0.1:0", credentials);
    peer = await RawPeer.connect(port, authority, "CN=caller", serverName);
  });
  after(async () => {
    peer.socket.destroy();
    await server.stop(100);
  });

  const answerTo = async (stream: number, message: Uint8Array) => {
    peer.write(frame(frameTypes.headers, endOfHeaders, stream, requestHeaders(enrollmentService.join.path)));
    peer.write(frame(frameTypes.data, endOfStream, stream, message));
    return await peer.untilEnd(stream);
  };

  it("is answered by headers, one message and trailers, and nothing besides", async () => {
    const frames = await answerTo(1, Buffer.alloc(5));
    const { headers, data } = frameTypes;
    assert.deepEqual(
      frames.map(({ type }) => type),
      [headers, data, headers],
    );
  });

  it("an answer larger than what its reader takes at once arrives whole, its status behind it", async () => {
    answer = "x".repeat(200_000);
    const answered = answerTo(3, Buffer.alloc(5));
    await once(peer.socket, "data");
    for (const stream of [0, 3]) peer.write(frame(frameTypes.windowUpdate, 0, stream, Buffer.of(0, 16, 0, 0)));
    const frames = await answered;
    const message = Buffer.concat(frames.filter(({ type }) => type === frameTypes.data).map(({ payload }) => payload));
    assert.equal(message.toString("latin1").endsWith(answer), true);
    assert.equal(frames.at(-1)?.type, frameTypes.headers);
  });
});
