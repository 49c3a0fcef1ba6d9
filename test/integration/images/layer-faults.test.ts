/** Archives that are bombs, cut or wrong, a disk that fills up, a worker that is killed: nothing stays behind. Needs root. */
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { type LayerStoreKind, layerStoreKinds } from "#node-agent/images/layers/layer-store-kind.ts";
import type { LocalLayerStore } from "#node-agent/images/layers/local-layer-store.ts";
import { openLayerStore } from "#node-agent/images/layers/open-layer-store.ts";
import { unpackLayer } from "#node-agent/images/layers/unpack-layer.ts";
import { UnpackPool } from "#node-agent/images/layers/unpack-pool.ts";
import { systemClock } from "#proto/kit/clock.ts";
import { silentLogger } from "#proto/kit/logger.ts";
import { systemRandom } from "#proto/kit/random.ts";
import { digestOf } from "#test/support/image-builder.ts";
import { type TarEntry, tar } from "#test/support/tar-writer.ts";
import { CutDisk } from "./cut-disk.ts";
import { never, unpackWorkerPath } from "./image-node.ts";
import { layerFormats } from "./unpacking.ts";

const mebibyte = 2 ** 20;
const files = (count: number): readonly TarEntry[] =>
  Array.from({ length: count }, (_, n) => ({ name: `f${n}`, content: "1" }));
const noise = (size: number): Buffer => tar([{ name: "d/noise", content: systemRandom.bytes(size) }]);

for (const kind of layerStoreKinds) {
  describe(kind, () => {
    let disk: CutDisk;
    let pool: UnpackPool;
    let store: LocalLayerStore;
    let freeBytes = 0;
    before(async () => {
      disk = new CutDisk(24 * mebibyte);
      ({ pool, store } = await openStore(disk.path, kind));
      freeBytes = free(disk.path);
    });
    after(async () => {
      await store.close();
      await disk.close();
    });

    /** As if nothing had been: also for the next layer. */
    const untouched = async (): Promise<void> => {
      const leftovers = await until(
        () => readdirSync(join(disk.path, "layers/tmp")).length,
        (count) => count === 0,
      );
      assert.equal(leftovers, 0);
      assert.deepEqual(store.list(), []);
      const lost = await until(
        () => freeBytes - free(disk.path),
        (bytes) => bytes < mebibyte / 4,
      );
      assert.ok(lost < mebibyte / 4, `${lost} bytes did not come back`);
      const good = source(tar([{ name: "f", content: "1" }]));
      await store.add(good, never);
      await store.remove(good.diffId);
    };

    test("a layer that fills the disk in its middle is refused, and the space comes back", async () => {
      await assert.rejects(store.add(source(noise(40 * mebibyte)), never), {
        code: "too-large",
        message: /disk is full/,
      });
      await untouched();
    });

    test("so is one that meets a disk that others fill meanwhile", async () => {
      const filler = join(disk.path, "filler");
      const adding = store.add(source(noise(12 * mebibyte)), never);
      writeFileSync(filler, Buffer.alloc(free(disk.path) - 2 * mebibyte));
      await assert.rejects(adding, { code: "too-large" });
      writeFileSync(filler, "");
      await untouched();
    });

    test("archives that are cut, damaged or not what was announced are refused", async () => {
      const archive = noise(mebibyte);
      const diffId = digestOf(archive);
      const [gzip, zstd] = [gzipSync(archive, { level: 1 }), zstdCompressSync(archive)];
      const damaged = Buffer.from(gzip);
      damaged.fill(0xff, 500_000, 500_100);
      const blobs = {
        "cut tar": archive.subarray(0, 700_000),
        "cut gzip": gzip.subarray(0, 700_000),
        "cut zstd": zstd.subarray(0, 700_000),
        "damaged gzip": damaged,
        "another archive": tar([{ name: "f" }]),
        nothing: Buffer.alloc(0),
      };
      for (const [name, blob] of Object.entries(blobs)) {
        await assert.rejects(store.add({ ...source(blob), diffId }, never), { code: "invalid" }, name);
      }
      await untouched();
    });

    test("a worker that is killed while it writes leaves nothing", async () => {
      const adding = store.add(source(tar(files(20_000))), never);
      const failed = assert.rejects(adding, { code: "unavailable", message: /ended with SIGKILL/ });
      await until(
        () => readdirSync(join(disk.path, "layers/tmp")).length,
        (count) => count > 0,
      );
      for (const pid of pool.processIds()) process.kill(pid, "SIGKILL");
      await failed;
      await untouched();
    });

    let sources = 0;
    /** The blob lies beside the disk: its size is not what is looked at. */
    function source(blob: Buffer): { readonly diffId: string; readonly blobPath: string } {
      const blobPath = join(disk.path, `../blob-${sources++}`);
      writeFileSync(blobPath, blob);
      return { diffId: digestOf(blob), blobPath };
    }
  });
}

for (const format of layerFormats) {
  test(`${format}: bombs are refused long before they are unpacked`, async () => {
    const disk = new CutDisk(24 * mebibyte);
    const bomb = { bytes: mebibyte, ratio: 50 };
    const zeros = tar([{ name: "zeros", content: Buffer.alloc(16 * mebibyte) }]);
    const names = tar(files(20_000));
    const blobs = { gzip: gzipSync(zeros), zstd: zstdCompressSync(zeros), names: zstdCompressSync(names) };
    try {
      for (const [name, blob] of Object.entries(blobs)) {
        const [blobPath, path] = [join(disk.path, `../${name}`), join(disk.path, name)];
        writeFileSync(blobPath, blob);
        const job = { blobPath, diffId: digestOf(zeros), format, path, maxBytes: 1e9, bomb };
        await assert.rejects(unpackLayer(job), { code: "invalid", message: /unpacks to more than/ }, name);
      }
    } finally {
      await disk.close();
    }
  });
}

async function openStore(
  path: string,
  kind: LayerStoreKind,
): Promise<{ readonly pool: UnpackPool; readonly store: LocalLayerStore }> {
  const directory = join(path, "layers");
  mkdirSync(directory);
  const pool = new UnpackPool({ workerPath: unpackWorkerPath, clock: systemClock, size: 1 });
  const { store } = await openLayerStore({ directory, pool, random: systemRandom, logger: silentLogger, kind });
  return { pool, store };
}

function free(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

async function until(read: () => number, isGood: (value: number) => boolean): Promise<number> {
  for (let turn = 0; turn < 2000 && !isGood(read()); turn++) await delay(5);
  return read();
}
