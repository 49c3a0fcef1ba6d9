/** One node's image side for a test: stores below a directory of its own, removed with all mounts at the end. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { removeTree } from "#node-agent/host/files.ts";
import { unmountBelow } from "#node-agent/host/mounts.ts";
import { mount } from "#node-agent/host/syscalls.ts";
import type { RegistrySettings } from "#node-agent/images/image-store.ts";
import type { LayerStoreKind } from "#node-agent/images/layers/layer-store-kind.ts";
import { LocalImageStore, type LocalImageStoreOptions } from "#node-agent/images/local-image-store.ts";
import { OverlayRootfsStore } from "#node-agent/images/rootfs.ts";
import { systemClock } from "#proto/kit/clock.ts";
import { silentLogger } from "#proto/kit/logger.ts";
import { systemRandom } from "#proto/kit/random.ts";

export const never: AbortSignal = new AbortController().signal;
export const unpackWorkerPath = fileURLToPath(import.meta.resolve("#node-agent/images/layers/unpack-worker.ts"));

export interface ImageNode {
  readonly directory: string;
  images: LocalImageStore;
  rootfs: OverlayRootfsStore;
  /** Opens everything anew, as an agent that starts again. */
  reopen(): Promise<void>;
  close(): Promise<void>;
}

/** In memory, unless a directory is given: syncs of a busy disk would make the tests slow. */
export async function openImageNode(
  registries: readonly RegistrySettings[] = [],
  directory: string = memoryDirectory(),
  layerStore?: LayerStoreKind,
  more: Pick<LocalImageStoreOptions, "garbage" | "impatience"> = {},
): Promise<ImageNode> {
  const opened = await openStores(directory, registries, layerStore, more);
  const node: ImageNode = {
    directory,
    ...opened,
    async reopen() {
      await node.images.close();
      Object.assign(node, await openStores(directory, registries, layerStore, more));
    },
    async close() {
      await node.images.close();
      await unmountBelow(directory);
      await removeTree(directory);
    },
  };
  return node;
}

function memoryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "orch-images-"));
  mount({ source: "tmpfs", target: directory, type: "tmpfs", data: "size=1g,mode=0700" });
  return directory;
}

async function openStores(
  directory: string,
  registries: readonly RegistrySettings[],
  layerStore: LayerStoreKind | undefined,
  more: Pick<LocalImageStoreOptions, "garbage" | "impatience">,
): Promise<Pick<ImageNode, "images" | "rootfs">> {
  const images = await LocalImageStore.open({
    directory: join(directory, "images"),
    unpackWorkerPath,
    clock: systemClock,
    random: systemRandom,
    logger: silentLogger,
    registries: () => registries,
    architecture: process.arch,
    layerStore,
    ...more,
  });
  const rootfs = await OverlayRootfsStore.open({
    directory: join(directory, "rootfs"),
    layers: images.layers,
    ...{ random: systemRandom, clock: systemClock, logger: silentLogger },
  });
  images.protectLayers(() => rootfs.layersInUse());
  return { images, rootfs };
}

/** An archive as it comes in from the network: in pieces. */
export async function* inPieces(archive: Buffer, size = 64 * 1024): AsyncGenerator<Buffer> {
  for (let at = 0; at < archive.length; at += size) yield archive.subarray(at, at + size);
}
