/** Chooses how layers are kept: what the kernel and the disk can do is tried, not guessed. */
import { mkdir, rmdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "#proto/kit/logger.ts";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import { makeDirectory } from "../../host/files.ts";
import { unmount } from "../../host/syscalls.ts";
import { DirectoryStorage } from "./directory-storage.ts";
import { type ErofsMount, mountFromFile, mountFromLoop } from "./erofs/erofs-mount.ts";
import { ErofsStorage } from "./erofs/erofs-storage.ts";
import { checkProbe, writeProbe } from "./erofs/probe.ts";
import type { LayerStorage } from "./layer-storage.ts";
import type { LayerStoreChoice, LayerStoreKind } from "./layer-store-kind.ts";
import { LocalLayerStore } from "./local-layer-store.ts";
import type { UnpackPool } from "./unpack-pool.ts";

export interface OpenLayerStoreOptions {
  readonly directory: string;
  readonly pool: UnpackPool;
  readonly random: Random;
  readonly logger: Logger;
  /** Undefined: the first that works here. */
  readonly kind?: LayerStoreKind | undefined;
}

export interface OpenedLayerStore {
  readonly store: LocalLayerStore;
  readonly choice: LayerStoreChoice;
}

const mounts: Readonly<Record<"erofs" | "erofs-loop", ErofsMount>> = {
  erofs: mountFromFile,
  "erofs-loop": mountFromLoop,
};

/** Problem `unsupported` when the kind that was asked for does not work here. */
export async function openLayerStore(options: OpenLayerStoreOptions): Promise<OpenedLayerStore> {
  const { directory, random, logger, pool } = options;
  await makeDirectory(directory);
  const choice = await chooseKind(options);
  const { kind, reason } = choice;
  const directories = await DirectoryStorage.open({ directory, random, logger });
  const images = kind === "extracted" ? await anyErofs(options) : mounts[kind];
  const erofs = images && (await ErofsStorage.open({ directory, mount: images, logger }));
  const storages: [LayerStorage, ...LayerStorage[]] =
    kind === "extracted" || !erofs ? [directories, ...(erofs ? [erofs] : [])] : [erofs, directories];
  const store = await LocalLayerStore.open({ directory, storages, pool, random, logger });
  logger.info({ layerStore: kind, ...(reason === undefined ? {} : { reason }) }, "layers of images are kept here");
  return { store, choice };
}

async function chooseKind(options: OpenLayerStoreOptions): Promise<LayerStoreChoice> {
  const { kind } = options;
  if (kind === "extracted") return { kind };
  if (kind !== undefined) {
    const failure = await tryMount(options, mounts[kind]);
    if (failure === undefined) return { kind };
    throw new Problem("unsupported", `layers cannot be kept as ${kind} here: ${failure}`, {
      hint: "leave --layer-store out: the agent then takes the first kind that works",
    });
  }
  const reasons: string[] = [];
  for (const candidate of ["erofs", "erofs-loop"] as const) {
    const failure = await tryMount(options, mounts[candidate]);
    if (failure === undefined)
      return { kind: candidate, ...(reasons.length > 0 ? { reason: reasons.join("; ") } : {}) };
    reasons.push(`${candidate}: ${failure}`);
  }
  return { kind: "extracted", reason: reasons.join("; ") };
}

/** Images that are here already are used, if they can be mounted at all. */
async function anyErofs(options: OpenLayerStoreOptions): Promise<ErofsMount | undefined> {
  for (const mount of Object.values(mounts)) if ((await tryMount(options, mount)) === undefined) return mount;
  return undefined;
}

/** Why it does not work; undefined when it does. */
async function tryMount({ directory, random }: OpenLayerStoreOptions, mount: ErofsMount): Promise<string | undefined> {
  const image = join(directory, `probe-${random.uuid()}`);
  const target = `${image}-mount`;
  try {
    writeProbe(image);
    await mkdir(target);
    mount(image, target);
    try {
      checkProbe(target);
    } finally {
      unmount(target, { lazy: true });
    }
    return undefined;
  } catch (thrown) {
    const code = errnoOf(thrown);
    return code === undefined ? Problem.from(thrown).message : `mounting an image fails with ${code}`;
  } finally {
    await rmdir(target).catch(() => undefined); // it may not have been made
    await unlink(image).catch(() => undefined);
  }
}
