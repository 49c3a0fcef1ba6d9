/** The three kinds of layer stores on a real disk. Needs root. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { removeTree } from "#node-agent/host/files.ts";
import { loopDevicesBelow } from "#node-agent/host/loop-devices.ts";
import { mountsBelow, unmountBelow } from "#node-agent/host/mounts.ts";
import { mount, unmount } from "#node-agent/host/syscalls.ts";
import { type LayerStoreSubject, layerStoreContract } from "#node-agent/images/layers/layer-store.contract.ts";
import type { LayerStack } from "#node-agent/images/layers/layer-store.ts";
import { type LayerStoreKind, layerStoreKinds } from "#node-agent/images/layers/layer-store-kind.ts";
import type { LocalLayerStore } from "#node-agent/images/layers/local-layer-store.ts";
import { openLayerStore } from "#node-agent/images/layers/open-layer-store.ts";
import { UnpackPool } from "#node-agent/images/layers/unpack-pool.ts";
import { systemClock } from "#proto/kit/clock.ts";
import { silentLogger } from "#proto/kit/logger.ts";
import { systemRandom } from "#proto/kit/random.ts";
import { digestOf } from "#test/support/image-builder.ts";
import { tar } from "#test/support/tar-writer.ts";
import { unpackWorkerPath } from "./image-node.ts";

for (const kind of layerStoreKinds) layerStoreContract(kind, () => openSubject(kind));

async function openSubject(kind: LayerStoreKind): Promise<LayerStoreSubject> {
  const base = mkdtempSync("/var/tmp/orch-layers-");
  const directory = join(base, "layers");
  const pools: UnpackPool[] = [];
  const openStore = async (): Promise<LocalLayerStore> => {
    const pool = new UnpackPool({ workerPath: unpackWorkerPath, clock: systemClock, size: 2 });
    pools.push(pool);
    return (await openLayerStore({ directory, pool, random: systemRandom, logger: silentLogger, kind })).store;
  };
  let blobs = 0;
  return {
    store: await openStore(),
    blob(files) {
      const archive = tar(
        Object.entries(files).map(([name, content]) =>
          name.endsWith("/") ? { name, type: "directory", mode: 0o751 } : { name, content },
        ),
      );
      const blobPath = join(base, `blob-${blobs++}`);
      writeFileSync(blobPath, archive);
      return { diffId: digestOf(archive), blobPath };
    },
    look: async (stack, name) => {
      const merged = mountStack(base, stack);
      try {
        return readIn(merged, name);
      } finally {
        unmount(merged, { lazy: true });
      }
    },
    run: async (stack) => {
      const merged = mountStack(base, stack);
      return (name) => readIn(merged, name);
    },
    damage: (diffId) => damage(directory, diffId.slice("sha256:".length)),
    restart: openStore,
    leftovers: () =>
      settled(async () => [
        ...(await mountsBelow(base)).map((entry) => entry.mountPoint),
        ...(await loopDevicesBelow(base)).map((device) => device.backingFile),
        ...["tmp", "mounts", "corrections", "parents"].flatMap((name) => {
          const folder = join(directory, name);
          return existsSync(folder) ? readdirSync(folder) : [];
        }),
      ]),
    async close() {
      for (const pool of pools) await pool.close();
      await unmountBelow(base);
      await removeTree(base);
    },
  };
}

/** What is removed in the background has a while. */
async function settled(read: () => Promise<readonly string[]>): Promise<readonly string[]> {
  for (let turn = 0; turn < 1000 && (await read()).length > 0; turn++) await delay(10);
  return read();
}

/** As a container sees it. */
function mountStack(base: string, stack: LayerStack): string {
  const target = mkdtempSync(join(base, "look-"));
  const merged = join(target, "merged");
  const empty = join(target, "empty");
  for (const path of [merged, empty]) mkdirSync(path);
  const lower = [...stack.directories.toReversed(), empty].join(":");
  mount({ source: "overlay", target: merged, type: "overlay", flags: ["ro"], data: `lowerdir=${lower}` });
  return merged;
}

function readIn(root: string, name: string): string | undefined {
  const path = join(root, name);
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/** Flips a byte of what `d/f` holds. */
async function damage(directory: string, hex: string): Promise<void> {
  const image = join(directory, "erofs", `${hex}.erofs`);
  const path = existsSync(image) ? image : join(directory, "sha256", hex, "fs/d/f");
  const before = statSync(path);
  const at = existsSync(image) ? readFileSync(path).indexOf("xxxxxxxx") : 50;
  const file = await open(path, "r+");
  await file.write(Buffer.from("y"), 0, 1, at);
  await file.sync();
  await file.utimes(before.atime, before.mtime);
  await file.close();
}
