import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { silentLogger } from "#proto/kit/logger.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import type { DiskRoom } from "./disk-room.ts";
import { ImageJanitor, type JanitorStore, type KeptImage } from "./image-janitor.ts";

const minAgeMs = 120_000;

/** A disk of 1000 bytes; each image has layers of 100 bytes, and a blob of 50. */
class Disk implements JanitorStore {
  used = 0;
  orphanBytes = 0;
  staleBytes = 0;
  readonly images = new Map<string, KeptImage>();
  readonly removed: string[] = [];
  fault: Error | undefined;

  add(digest: string, usedAtMs: number, more: Partial<KeptImage> = {}): void {
    const blobs = [{ digest: `blob-${digest}`, size: 50 }];
    this.images.set(digest, {
      digest,
      names: [`r/${digest}:1`],
      usedAtMs,
      isInUse: false,
      isLocal: false,
      blobs,
      ...more,
    });
    this.used += 150;
  }
  async kept(): Promise<readonly KeptImage[]> {
    return [...this.images.values()];
  }
  async removeBlob(digest: string): Promise<void> {
    if (this.fault) throw this.fault;
    for (const [key, image] of this.images) {
      if (!image.blobs.some((blob) => blob.digest === digest)) continue;
      this.images.set(key, { ...image, blobs: [] });
      this.used -= 50;
    }
    this.removed.push(digest);
  }
  async removeImage(digest: string): Promise<void> {
    this.images.delete(digest);
    this.used -= 100;
    this.removed.push(digest);
  }
  async sweep(): Promise<void> {
    this.used -= this.orphanBytes;
    this.orphanBytes = 0;
  }
  async sweepStale(): Promise<void> {
    this.used -= this.staleBytes;
    this.staleBytes = 0;
  }
  async disk(): Promise<DiskRoom> {
    return { totalBytes: 1000, availableBytes: 1000 - this.used };
  }
}

let disk: Disk;
let clock: ManualClock;
let warnings: string[];
let needed: ReadonlySet<string> | undefined;
beforeEach(() => {
  disk = new Disk();
  clock = new ManualClock(10_000_000);
  warnings = [];
  needed = new Set();
});

const janitor = (): ImageJanitor =>
  new ImageJanitor({
    store: disk,
    watermarks: { highPercent: 85, lowPercent: 70 },
    minAgeMs,
    neededNames: async () => needed,
    warn: (reason, message) => void warnings.push(`${reason}: ${message}`),
    clock,
    logger: silentLogger,
  });

test("below the high watermark nothing goes", async () => {
  for (const name of ["a", "b"]) disk.add(name, 0);
  disk.used = 849;
  await janitor().check();
  assert.deepEqual(disk.removed, []);
});

test("what nobody will go on with goes at each look, however much room there is", async () => {
  disk.used = 500;
  disk.staleBytes = 100;
  disk.orphanBytes = 50;
  await janitor().check();
  assert.equal(disk.used, 400);
});

test("above it what belongs to nobody goes first, then blobs, the image used longest ago first, down to the low one", async () => {
  disk.add("new", 3000);
  disk.add("old", 1000);
  disk.add("middle", 2000);
  disk.used = 900;
  disk.orphanBytes = 100;
  await janitor().check();
  assert.deepEqual(disk.removed, ["blob-old", "blob-middle"]);
  assert.equal(disk.used, 700);
});

test("when blobs are not enough, images go: none in use, none too young, none that a rollback needs, none that was loaded", async () => {
  disk.add("running", 0, { isInUse: true });
  disk.add("rollback", 0);
  disk.add("loaded", 0, { isLocal: true });
  disk.add("young", clock.nowMs() - minAgeMs + 1);
  disk.add("oldest", 1000);
  disk.add("older", 2000);
  needed = new Set(["r/rollback:1"]);
  disk.used = 1000;
  await janitor().check();
  assert.deepEqual(
    disk.removed.filter((name) => !name.startsWith("blob-")),
    ["oldest"],
  );
  assert.ok(!disk.removed.includes("blob-loaded"), "its blob can be had from nowhere else");
  assert.deepEqual(warnings, []);
});

test("when nobody can say what a rollback needs, only blobs go, and it is asked again soon", async () => {
  disk.add("a", 0);
  needed = undefined;
  disk.used = 1000;
  const own = janitor();
  own.start();
  await own.check();
  assert.deepEqual([disk.removed, warnings], [["blob-a"], []]);
  await new Promise(setImmediate);
  needed = new Set();
  clock.advance(5_000);
  await own.stop();
  assert.deepEqual(disk.removed, ["blob-a", "a"]);
});

test("what cannot be freed is told with the numbers", async () => {
  disk.add("a", 0, { isInUse: true });
  disk.used = 1000;
  await janitor().check();
  assert.match(warnings[0] ?? "", /^FreeDiskSpaceFailed: .* 95 % full; 300 bytes should be freed .*only 50 bytes/);
});

test("the same trouble is told once in a while", async () => {
  disk.used = 1000;
  const own = janitor();
  await own.check();
  await own.check();
  assert.equal(warnings.length, 1);
  clock.advance(5 * 60_000);
  await own.check();
  assert.equal(warnings.length, 2);
});

test("a failure is an event, and the next look tries again", async () => {
  disk.add("a", 0);
  disk.used = 900;
  disk.fault = new Error("input/output error");
  const own = janitor();
  await own.check();
  assert.match(warnings[0] ?? "", /^ImageGCFailed: .*input\/output error/);
  disk.fault = undefined;
  await own.check();
  assert.deepEqual(disk.removed, ["blob-a", "a"]);
});

test("room for a pull is made below the watermark too, and no more than is wanted", async () => {
  disk.add("a", 0);
  disk.add("b", 1000);
  disk.used = 700;
  const room = await janitor().makeRoom(270);
  assert.deepEqual(disk.removed, ["blob-a"]);
  assert.equal(room.availableBytes, 350);
});
