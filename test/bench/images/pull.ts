/** pull, pull-one-layer, pull-shared, rmi: beside docker, podman and containerd, with the same registry, in turn. */
import { statfsSync } from "node:fs";
import { loadavg } from "node:os";
import { hostAddress } from "#deploy/local-cluster/names.ts";
import { chooseSubnet } from "#deploy/local-cluster/network.ts";
import type { TestCluster } from "../../e2e/support/cluster.ts";
import { must } from "../../e2e/support/programs.ts";
import { type Benchmark, type Measured, median, type Say, seconds, timed } from "../benchmark.ts";
import { withCluster } from "../with-cluster.ts";
import { type BenchRegistry, bigAndMore, bigImage, oneLayer, startBenchRegistry } from "./bench-registry.ts";
import { containerd, docker, type Puller, podman } from "./image-peers.ts";
import { ours, peakMemory } from "./our-puller.ts";

const runs = 3;

interface World {
  readonly us: Puller;
  readonly peers: readonly Puller[];
  readonly cluster: TestCluster;
  readonly registry: BenchRegistry;
  readonly say: Say;
}

export async function withRegistry<T>(
  nodes: number,
  say: Say,
  body: (cluster: TestCluster, registry: BenchRegistry) => Promise<T>,
): Promise<T> {
  const address = `${hostAddress(chooseSubnet("bench"))}:5000`;
  const flags = ["--plain-http-registry", address];
  const inCluster = async ({ cluster }: { readonly cluster: TestCluster }): Promise<T> => {
    const registry = await startBenchRegistry(address, say);
    try {
      return await body(cluster, registry);
    } finally {
      await registry.stop();
    }
  };
  return withCluster(nodes, say, inCluster, flags);
}

async function beside<T>(say: Say, body: (world: World) => Promise<T>): Promise<T> {
  return withRegistry(1, say, async (cluster, registry) => {
    const peers = [docker(registry.address), podman(), containerd()];
    const started: Puller[] = [];
    try {
      for (const peer of peers) {
        started.push(peer);
        await peer.start();
      }
      return await body({ us: ours(cluster), peers, cluster, registry, say });
    } finally {
      for (const peer of started) await peer.stop();
    }
  });
}

/**
 * Until it is recorded and on the disk: whoever has not synced himself is synced here. Nobody waits for what the one before him has left to
 * be written.
 */
async function pulled(side: Puller, reference: string): Promise<number> {
  await must("sync", [], { timeoutMs: 120_000 });
  return timed(async () => {
    await side.pull(reference);
    await must("sync", ["-f", side.directory]);
  });
}

/** Each side in turn, `runs` times; the image is gone before and after. */
async function inTurn({ us, peers, say }: World, measure: (side: Puller) => Promise<number>): Promise<Figures> {
  const sides = [us, ...peers];
  const figures = new Map(sides.map((side): [Puller, number[]] => [side, []]));
  for (let run = 0; run < runs; run++) {
    for (const side of sides) {
      const figure = await measure(side);
      figures.get(side)?.push(figure);
      say(`  ${side.name}: ${seconds(figure)} (load ${(loadavg()[0] ?? 0).toFixed(1)})`);
    }
  }
  const medians = peers.map((peer) => ({ name: peer.name, value: median(figures.get(peer) ?? []) }));
  const best = medians.reduce((least, one) => (one.value < least.value ? one : least));
  return { ours: median(figures.get(us) ?? []), peer: best.value, peerName: best.name, peers: medians };
}

interface Figures {
  readonly ours: number;
  readonly peer: number;
  readonly peerName: string;
  readonly peers: readonly { readonly name: string; readonly value: number }[];
}

const conditions = (registry: BenchRegistry, image: string): readonly string[] => [
  `median of ${runs} in turn; the best of three peers is compared`,
  `registry on this machine, ${(registry.sizeBytes(image) / 1e6).toFixed(0)} MB compressed (gzip)`,
  "until the command has ended and the file system is synced",
];

export const pull: Benchmark = {
  name: "pull",
  what: "an image of 5 layers, 400 MB, 40,000 files, beside docker, podman and containerd",
  run: (say) =>
    beside(say, async (world): Promise<Measured> => {
      const reference = `${world.registry.address}/${bigImage}`;
      const figures = await inTurn(world, async (side) => {
        const figure = await pulled(side, reference);
        await side.remove(reference);
        return figure;
      });
      const peakBytes = await peakMemory(world.cluster, () => world.us.pull(reference));
      const limit = Math.max(0.15 * figures.peer, 2);
      return {
        ...figures,
        unit: "s",
        target: "≤ 0.15 × the best peer, or 2 s; agent and workers ≤ 350 MB PSS",
        met: figures.ours <= limit && peakBytes <= 350e6,
        peakMemoryMB: Math.round(peakBytes / 1e6),
        conditions: conditions(world.registry, bigImage),
      };
    }),
};

export const pullOneLayer: Benchmark = {
  name: "pull-one-layer",
  what: "one layer of 200 MB, beside docker, podman and containerd",
  run: (say) =>
    beside(say, async (world): Promise<Measured> => {
      const reference = `${world.registry.address}/${oneLayer}`;
      const figures = await inTurn(world, async (side) => {
        const figure = await pulled(side, reference);
        await side.remove(reference);
        return figure;
      });
      const met = figures.ours <= 0.3 * figures.peer;
      const target = "ratio ≤ 0.3 of the best peer";
      return { ...figures, unit: "s", target, met, conditions: conditions(world.registry, oneLayer) };
    }),
};

export const pullShared: Benchmark = {
  name: "pull-shared",
  what: "a second image that shares all but a layer of 1 MB",
  run: (say) =>
    withRegistry(1, say, async (cluster, registry): Promise<Measured> => {
      const us = ours(cluster);
      const [first, second] = [`${registry.address}/${bigImage}`, `${registry.address}/${bigAndMore}`];
      await us.pull(first);
      const figures: number[] = [];
      for (let run = 0; run < 5; run++) {
        const figure = await pulled(us, second);
        say(`  ours: ${seconds(figure)}`);
        figures.push(figure);
        await us.remove(second);
      }
      const figure = median(figures);
      return { ours: figure, unit: "s", target: "≤ 0.5 s", met: figure <= 0.5, conditions: ["median of 5"] };
    }),
};

export const rmi: Benchmark = {
  name: "rmi",
  what: "removing that image until its space is free, beside docker, podman and containerd",
  run: (say) =>
    beside(say, async (world): Promise<Measured> => {
      const reference = `${world.registry.address}/${bigImage}`;
      const figures = await inTurn(world, async (side) => {
        const empty = await usedBytes(side);
        await side.pull(reference);
        const taken = (await usedBytes(side)) - empty;
        const before = await freeBytes(side);
        return timed(async () => {
          await side.remove(reference);
          await untilFree(side, before + taken * 0.9);
        });
      });
      const met = figures.ours <= 0.2 * figures.peer;
      const done = "until the file system has 90 % of what the pull took again: others write to it too";
      return {
        ...figures,
        unit: "s",
        target: "ratio ≤ 0.2 of the best peer",
        met,
        conditions: [`median of ${runs} in turn`, done],
      };
    }),
};

/** What lies there, whatever else the file system holds. */
async function usedBytes({ directory }: Puller): Promise<number> {
  await must("sync", ["-f", directory]);
  return Number((await must("du", ["-sx", "-B1", directory], { timeoutMs: 60_000 })).split("\t")[0]);
}

async function freeBytes({ directory }: Puller): Promise<number> {
  await must("sync", ["-f", directory]);
  const { bfree, bsize } = statfsSync(directory);
  return bfree * bsize;
}

async function untilFree({ directory, name }: Puller, wanted: number): Promise<void> {
  const untilMs = performance.now() + 60_000;
  while (performance.now() < untilMs) {
    const { bfree, bsize } = statfsSync(directory);
    if (bfree * bsize >= wanted) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`${name} did not free the image's space within a minute`);
}
