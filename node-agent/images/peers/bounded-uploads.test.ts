/** A node gives to so many others at a time; who is too many is told so at once and goes elsewhere; who takes next to nothing loses the place. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { systemClock } from "#proto/kit/clock.ts";
import { silentLogger } from "#proto/kit/logger.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { systemRandom } from "#proto/kit/random.ts";
import { digestOf, PeerGround, type PeerNode, peersOf, put, reference } from "#test/support/peer-ground.ts";
import type { BlobSource } from "../blob-source.ts";
import { LayerDownload, type LayerDownloadOptions } from "../layer-download.ts";
import type { PeerOffer } from "./image-office.ts";

const never = new AbortController().signal;
/** More than sockets hold: an upload that nobody reads is not over. */
const content = Buffer.alloc(48 * 1024 * 1024, "orch");
const digest = digestOf(content);
const wanted = { digest, size: content.length, image: reference };
const maxUploads = 2;

let ground: PeerGround;
before(async () => {
  ground = await PeerGround.create();
});
after(() => ground.close());

async function sourceOf(giver: PeerNode, taker: PeerNode): Promise<BlobSource> {
  const [source] = await peersOf(taker, [ground.offerOf(giver, taker, digest)]).peers.sources(wanted, never);
  return source ?? assert.fail("nobody was offered");
}

/** An upload that has begun, and is read as the test likes. */
interface Upload {
  /** Bytes of the next piece; undefined when it is over. */
  next(): Promise<number | undefined>;
  stop(): Promise<void>;
}

async function begin(source: BlobSource): Promise<Upload> {
  const hangUp = new AbortController();
  const { chunks } = await source.open(0, hangUp.signal);
  const pieces = chunks[Symbol.asyncIterator]();
  const next = async (): Promise<number | undefined> => {
    const piece = await pieces.next();
    return piece.done ? undefined : piece.value.length;
  };
  await next();
  const stop = async (): Promise<void> => {
    hangUp.abort(new Problem("canceled", "the test is over"));
    await pieces.return?.();
  };
  return { next, stop };
}

const isRefused = (thrown: unknown): boolean =>
  Problem.is(thrown, "unavailable") && /too many nodes fetch from here now/.test(thrown.message);

/** As soon as there is a place. */
async function beginSoon(source: BlobSource): Promise<Upload> {
  for (;;) {
    try {
      return await begin(source);
    } catch (thrown) {
      if (!isRefused(thrown)) throw thrown;
    }
  }
}

const within = { timeout: 60_000 };

test(
  "of many that come at once as many as there are places are served; one more as soon as a place is free",
  within,
  async () => {
    const giver = await ground.startNode({ maxUploads });
    await put(giver, content);
    const takers = await Promise.all(Array.from({ length: 3 * maxUploads }, () => ground.startNode()));
    const sources = await Promise.all(takers.map((taker) => sourceOf(giver, taker)));
    const begun = await Promise.allSettled(sources.map(begin));
    const uploads = begun.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    const refused = begun.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
    assert.equal(uploads.length, maxUploads);
    assert.equal(refused.length, takers.length - maxUploads);
    assert.ok(refused.every(isRefused), String(refused));

    const [first, ...rest] = uploads;
    let bytes = 0;
    for (let piece = await first?.next(); piece !== undefined; piece = await first?.next()) bytes += piece;
    assert.ok(bytes > content.length / 2, "who was served gets all of it");
    const late = await beginSoon(sources[begun.findIndex(({ status }) => status === "rejected")] ?? assert.fail());
    const one = await sourceOf(giver, await ground.startNode());
    await assert.rejects(begin(one), isRefused, "and no more than that");
    await Promise.all([late, ...rest].map((upload) => upload.stop()));
  },
);

test("who takes nothing, or next to nothing, loses the place after a while", within, async () => {
  const clock = new ManualClock();
  const giver = await ground.startNode({ maxUploads: 1, clock });
  await put(giver, content);
  for (const takes of ["nothing", "next to nothing"]) {
    const [sleeper, other] = await Promise.all([ground.startNode(), ground.startNode()]);
    const held = await beginSoon(await sourceOf(giver, sleeper));
    const waiting = await sourceOf(giver, other);
    await assert.rejects(begin(waiting), isRefused);
    let next: Upload | undefined;
    let rounds = 0;
    while (next === undefined) {
      assert.ok(++rounds < 200, `who takes ${takes} keeps the place for ${rounds * 10} s`);
      if (takes !== "nothing") await held.next().catch(() => undefined);
      clock.advance(10_000);
      next = await begin(waiting).catch((thrown: unknown) => {
        assert.ok(isRefused(thrown), String(thrown));
        return undefined;
      });
    }
    await Promise.all([held.stop(), next.stop()]);
  }
});

test("who finds a node busy takes the layer from the next one, or from the registry", within, async () => {
  const [busy, idle, taker, sleeper] = await Promise.all([
    ground.startNode({ maxUploads: 1 }),
    ground.startNode(),
    ground.startNode(),
    ground.startNode(),
  ]);
  await Promise.all([put(busy, content), put(idle, content)]);
  const held = await begin(await sourceOf(busy, sleeper));
  const opened: string[] = [];
  const registry: BlobSource = {
    name: "the registry",
    open: async (offset) => {
      opened.push("the registry");
      return { offset, chunks: one(content.subarray(offset)) };
    },
  };
  const fetchBy = async (offers: readonly PeerOffer[]): Promise<void> => {
    const layer = { digest, diffId: digest, size: content.length, mediaType: "" };
    await taker.blobs.remove(digest);
    const options = {
      ...{ blobs: taker.blobs, peers: peersOf(taker, offers).peers, origin: { sources: () => [registry] } },
      ...{ image: reference, record: { layers: [layer] }, object: "an image", layersAtOnce: 1 },
      ...{ clock: systemClock, random: systemRandom, logger: silentLogger },
    } as unknown as LayerDownloadOptions;
    await new LayerDownload(options).fetch(layer, never);
    assert.equal(await taker.blobs.sizeBytes(digest), content.length);
  };
  await fetchBy([ground.offerOf(busy, taker, digest), ground.offerOf(idle, taker, digest)]);
  assert.deepEqual(opened, [], "the idle node had it");
  await fetchBy([ground.offerOf(busy, taker, digest)]);
  assert.deepEqual(opened, ["the registry"]);
  await held.stop();
});

async function* one(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
