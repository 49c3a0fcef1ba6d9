import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { digestOf, PeerGround, type PeerNode, peersOf, put, reference } from "#test/support/peer-ground.ts";
import type { PeerOffer } from "./image-office.ts";
import type { ImagePeers } from "./image-peers.ts";

const never = new AbortController().signal;
let ground: PeerGround;
before(async () => {
  ground = await PeerGround.create();
});
after(() => ground.close());
const startNode: PeerGround["startNode"] = (options) => ground.startNode(options);
const offerOf: PeerGround["offerOf"] = (from, by, digest) => ground.offerOf(from, by, digest);

async function fetchBlob(by: PeerNode, peers: ImagePeers, digest: string, size: number): Promise<void> {
  const [source] = await peers.sources({ digest, size, image: reference }, never);
  assert.ok(source, "nobody was offered");
  await by.blobs.ensure({ digest, size }, "a test blob", (offset, signal) => source.open(offset, signal), never);
}

const codeOf = (code: string) => (thrown: unknown) => Problem.is(thrown, code as Problem["code"]);

test("a blob travels whole, and goes on where it was cut", async () => {
  const [giver, taker] = [await startNode(), await startNode()];
  const content = randomBytes(3_000_000);
  const digest = await put(giver, content);
  const { peers } = peersOf(taker, [offerOf(giver, taker, digest)]);
  const [source] = await peers.sources({ digest, size: content.length, image: reference }, never);
  const cut = new AbortController();
  const half = taker.blobs.ensure(
    { digest, size: content.length },
    "a test blob",
    async (offset, signal) => {
      const { chunks } = (await source?.open(offset, signal)) ?? assert.fail("no source");
      return { offset, chunks: upTo(chunks, 1_500_000, cut) };
    },
    cut.signal,
  );
  await assert.rejects(half);
  const before = await taker.blobs.presentBytes(digest);
  assert.ok(before >= 1_000_000 && before < content.length, String(before));
  await fetchBlob(taker, peers, digest, content.length);
  assert.deepEqual(await taker.blobs.read(digest, 1e9), content);
});

test("a blob that is still coming is read along, byte by byte as it comes", async () => {
  const [giver, taker] = [await startNode(), await startNode()];
  const content = randomBytes(4_000_000);
  const digest = digestOf(content);
  const gate = Promise.withResolvers<void>();
  const slow = giver.blobs.ensure(
    { digest, size: content.length },
    "a test blob",
    async () => {
      return { offset: 0, chunks: gated(content, 2_500_000, gate.promise) };
    },
    never,
  );
  const { peers } = peersOf(taker, [offerOf(giver, taker, digest)]);
  let seen = 0;
  const [source] = await peers.sources({ digest, size: content.length, image: reference }, never);
  const taking = taker.blobs.ensure(
    { digest, size: content.length },
    "a test blob",
    async (offset, signal) => {
      const { chunks } = (await source?.open(offset, signal)) ?? assert.fail("no source");
      return {
        offset,
        chunks: counted(chunks, (bytes) => {
          seen += bytes;
          if (seen >= 2_000_000) gate.resolve();
        }),
      };
    },
    never,
  );
  await Promise.all([slow, taking]);
  assert.deepEqual(await taker.blobs.read(digest, 1e9), content);
});

test("without a ticket for this node, this blob and this caller there is nothing", async () => {
  const [giver, taker, other] = [await startNode(), await startNode(), await startNode()];
  const content = randomBytes(1000);
  const digest = await put(giver, content);
  const secret = await put(giver, randomBytes(2000));
  const good = offerOf(giver, taker, digest);
  const cases: readonly (readonly [string, PeerOffer, string])[] = [
    ["no ticket", { ...good, ticket: "none" }, digest],
    ["another blob's", good, secret],
    ["another node's", { ...good, ticket: offerOf(other, taker, digest).ticket }, digest],
    ["another caller's", { ...good, ticket: offerOf(giver, other, digest).ticket }, digest],
  ];
  for (const [what, offer, wanted] of cases) {
    const [source] = await peersOf(taker, [offer]).peers.sources({ digest: wanted, size: 1, image: reference }, never);
    await assert.rejects(source?.open(0, never) ?? assert.fail(), codeOf("forbidden"), what);
  }
  const person = { ...taker, identity: await ground.identity("CN=ada, O=system:masters") };
  const [source] = await peersOf(person, [good]).peers.sources({ digest, size: 1, image: reference }, never);
  await assert.rejects(source?.open(0, never) ?? assert.fail(), codeOf("forbidden"), "a person");
});

test("a certificate of another authority is nobody's, whatever name is in it and whoever's ticket it shows", async () => {
  const [giver, taker] = [await startNode(), await startNode()];
  const digest = await put(giver, randomBytes(1000));
  const elsewhere = await PeerGround.create();
  try {
    const forged = await elsewhere.identity(`CN=system:node:${taker.name}, O=system:nodes`);
    const stranger = { ...taker, identity: { ...forged, authoritiesPem: taker.identity.authoritiesPem } };
    const [source] = await peersOf(stranger, [offerOf(giver, taker, digest)]).peers.sources(
      { digest, size: 1000, image: reference },
      never,
    );
    await assert.rejects(source?.open(0, never) ?? assert.fail(), codeOf("unavailable"));
  } finally {
    await elsewhere.close();
  }
});

test("who is not who the offer names is not believed", async () => {
  const [giver, taker] = [await startNode(), await startNode()];
  const digest = await put(giver, randomBytes(1000));
  const offer = { ...offerOf(giver, taker, digest), node: "somebody-else" };
  const [source] = await peersOf(taker, [offer]).peers.sources({ digest, size: 1000, image: reference }, never);
  await assert.rejects(source?.open(0, never) ?? assert.fail(), codeOf("unavailable"));
});

test("peers that are down, busy or without the blob are not offered again", async () => {
  const [busy, taker] = [await startNode({ maxUploads: 0 }), await startNode()];
  const digest = await put(busy, randomBytes(1000));
  const down = { ...offerOf(busy, taker, digest), node: "down", address: "127.0.0.1:1" };
  const { peers, avoided } = peersOf(taker, [offerOf(busy, taker, digest), down]);
  const wanted = { digest, size: 1000, image: reference };
  for (const source of await peers.sources(wanted, never)) {
    await assert.rejects(source.open(0, never), codeOf("unavailable"), source.name);
  }
  assert.deepEqual(await peers.sources(wanted, never), []);
  assert.deepEqual(avoided.at(-1), [busy.name, "down"]);
});

test("a peer that sends wrong bytes is blamed, and what it sent is thrown away", async () => {
  const [liar, honest, taker] = [await startNode(), await startNode(), await startNode()];
  const content = randomBytes(5000);
  const digest = await put(honest, content);
  const path = liar.blobs.path(digest);
  await writeFile(path, randomBytes(5000));
  const { peers, avoided, ended } = peersOf(taker, [offerOf(liar, taker, digest), offerOf(honest, taker, digest)]);
  await assert.rejects(fetchBlob(taker, peers, digest, content.length), codeOf("invalid"));
  assert.equal(await taker.blobs.presentBytes(digest), 0);
  await fetchBlob(taker, peers, digest, content.length);
  assert.deepEqual(avoided.at(-1), [liar.name]);
  peers.stored({ digest, size: content.length, image: reference });
  assert.deepEqual(ended, [`stored ${digest}`]);
});

test("a peer that has fallen silent is given up after a while, and another one goes on from there", async () => {
  const [silent, whole, taker] = [await startNode(), await startNode(), await startNode()];
  const content = randomBytes(3_000_000);
  const digest = await put(whole, content);
  const hang = Promise.withResolvers<void>();
  const stuck = new AbortController();
  const stalled = silent.blobs.ensure(
    { digest, size: content.length },
    "a test blob",
    async () => ({ offset: 0, chunks: gated(content, 2_500_000, hang.promise) }),
    stuck.signal,
  );
  stalled.catch(() => undefined);
  const manual = new ManualClock();
  const offers = [offerOf(silent, taker, digest), offerOf(whole, taker, digest)];
  const { peers, avoided } = peersOf(taker, offers, manual);
  const [first] = await peers.sources({ digest, size: content.length, image: reference }, never);
  const enough = Promise.withResolvers<void>();
  const reading = taker.blobs.ensure(
    { digest, size: content.length },
    "a test blob",
    async (offset, signal) => {
      const { chunks } = (await first?.open(offset, signal)) ?? assert.fail("no source");
      let seen = 0;
      const onBytes = (bytes: number): void => {
        seen += bytes;
        if (seen >= 2_000_000) enough.resolve();
      };
      return { offset, chunks: counted(chunks, onBytes) };
    },
    never,
  );
  let isOver = false;
  const outcome = reading
    .catch((thrown: unknown) => thrown)
    .finally(() => {
      isOver = true;
    });
  await enough.promise;
  // From now on it says nothing more than what is on its way.
  for (; !isOver; await new Promise<void>((resolve) => setImmediate(resolve))) manual.advance(21_000);
  assert.ok(codeOf("timeout")(await outcome));
  assert.ok((await taker.blobs.presentBytes(digest)) >= 2_000_000);
  await fetchBlob(taker, peers, digest, content.length);
  assert.deepEqual(avoided.at(-1), [silent.name]);
  assert.deepEqual(await taker.blobs.read(digest, 1e9), content);
  stuck.abort(new Problem("canceled", "the test is over"));
  hang.resolve();
});

async function* upTo(
  chunks: AsyncIterable<Uint8Array>,
  bytes: number,
  cut: AbortController,
): AsyncGenerator<Uint8Array> {
  let passed = 0;
  for await (const chunk of chunks) {
    yield chunk;
    passed += chunk.length;
    if (passed < bytes) continue;
    cut.abort(new Problem("canceled", "cut by the test"));
    throw cut.signal.reason;
  }
}

async function* gated(content: Uint8Array, first: number, gate: Promise<void>): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < first; at += 100_000) yield content.subarray(at, Math.min(first, at + 100_000));
  await gate;
  yield content.subarray(first);
}

async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    onBytes(chunk.length);
    yield chunk;
  }
}
