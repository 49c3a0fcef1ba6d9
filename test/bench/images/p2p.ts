/** Three nodes pull the same new image at once over a slow link of the registry; its access log counts what left it. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { hostLink, nodePaths } from "#deploy/local-cluster/names.ts";
import type { TestCluster } from "../../e2e/support/cluster.ts";
import { eventually, must, run } from "../../e2e/support/programs.ts";
import { type Benchmark, type Measured, median, seconds, timed } from "../benchmark.ts";
import { type BenchRegistry, bigImage } from "./bench-registry.ts";
import { withRegistry } from "./pull.ts";

const runs = 3;
const patience = { timeoutMs: 600_000 };
const linkBytesPerSecond = 20e6;

/** What the registry sends to the nodes passes a token bucket of its own; all else stays as it is. */
async function limitLink(cluster: TestCluster, registry: BenchRegistry): Promise<() => Promise<void>> {
  const link = hostLink(cluster.name);
  const port = registry.address.split(":").at(-1) ?? "";
  const tc = (...args: string[]): Promise<string> => must("tc", args);
  await tc("qdisc", "add", "dev", link, "root", "handle", "1:", "htb", "default", "10");
  for (const id of ["1:10", "1:20"])
    await tc("class", "add", "dev", link, "parent", "1:", "classid", id, "htb", "rate", "10gbit");
  const rate = `${(linkBytesPerSecond * 8) / 1e6}mbit`;
  await tc(
    "qdisc",
    "add",
    "dev",
    link,
    "parent",
    "1:20",
    "handle",
    "20:",
    "tbf",
    "rate",
    rate,
    "burst",
    "256kb",
    "latency",
    "300ms",
  );
  const filter = ["filter", "add", "dev", link, "parent", "1:", "protocol", "ip", "prio", "1"];
  await tc(...filter, "u32", "match", "ip", "sport", port, "0xffff", "flowid", "1:20");
  return async () => void (await run("tc", ["qdisc", "del", "dev", link, "root"]));
}

const nodes = 3;

/** The blobs of all nodes. */
function blobsOf(cluster: TestCluster): readonly string[] {
  const folders = Array.from({ length: nodes }, (_, at) => nodePaths(cluster.name, `node-${at + 1}`).data);
  return folders.flatMap((folder) => readdirSync(join(folder, "images/blobs/sha256")));
}

export const p2p: Benchmark = {
  name: "p2p",
  what: "3 nodes pull the same new image at once, the registry's link limited to 20 MB/s",
  run: (say) =>
    withRegistry(nodes, say, async (cluster, registry): Promise<Measured> => {
      const reference = `${registry.address}/${bigImage}`;
      const before = blobsOf(cluster).length;
      const remove = async (): Promise<void> => {
        await cluster.orchctl(["image", "rm", reference], patience);
        // Other nodes shall have nothing left to give: it is tidied up in the background.
        await eventually("the image's blobs to be gone", () => (blobsOf(cluster).length <= before ? true : undefined));
      };
      const unlimit = await limitLink(cluster, registry);
      const [alone, together, bytes]: [number[], number[], number[]] = [[], [], []];
      try {
        for (let round = 0; round < runs; round++) {
          const args = ["pull", "-q", reference];
          registry.sentBytes();
          alone.push(await timed(async () => void (await cluster.orchctl([...args, "--node", "node-1"], patience))));
          if (registry.sentBytes() < registry.sizeBytes(bigImage)) throw new Error("the one node had help");
          await remove();
          together.push(await timed(async () => void (await cluster.orchctl(args, patience))));
          bytes.push(registry.sentBytes());
          await remove();
          const share = ((bytes.at(-1) ?? 0) / registry.sizeBytes(bigImage)).toFixed(3);
          say(
            `  one node ${seconds(alone.at(-1) ?? 0)}, three ${seconds(together.at(-1) ?? 0)}; registry sent ${share} × image`,
          );
        }
      } finally {
        await unlimit();
      }
      const sent = Number((median(bytes) / registry.sizeBytes(bigImage)).toFixed(3));
      const [three, one] = [median(together), median(alone)];
      return {
        ours: three,
        peer: one,
        peerName: "the same by one node alone",
        unit: "s",
        target: "time ≤ 1.3 × one node's; registry bytes ≤ 1.05 × image",
        met: three <= 1.3 * one && sent <= 1.05,
        registryBytesPerImage: sent,
        conditions: [
          `median of ${runs}`,
          `${(registry.sizeBytes(bigImage) / 1e6).toFixed(0)} MB compressed, 20 MB/s by tbf on what the registry sends`,
          "bytes of blobs from the registry's access log",
        ],
      };
    }),
};
