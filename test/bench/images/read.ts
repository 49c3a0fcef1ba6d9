/** read: all files of an image read once in a container, nothing of it in memory, beside docker on overlay2. */
import { writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import type { TestCluster } from "../../e2e/support/cluster.ts";
import { must } from "../../e2e/support/programs.ts";
import { type Benchmark, type Measured, median, seconds } from "../benchmark.ts";
import { Docker } from "../docker.ts";
import { bigImage } from "./bench-registry.ts";
import { ourNode } from "./our-puller.ts";
import { withRegistry } from "./pull.ts";

const runs = 5;

/** The container itself takes the time of the first, cold reading; the second one counts what there is to read. */
const script = `now() { cut -d' ' -f1 /proc/uptime; }; all() { find / -xdev -type f -print0 | xargs -0 cat; }
from=$(now); all > /dev/null; to=$(now); echo "read $from $to $(all | wc -c)"`;

interface Reading {
  readonly seconds: number;
  readonly bytes: number;
}

type Reader = (reference: string) => Promise<Reading>;

export const read: Benchmark = {
  name: "read",
  what: "all files of an image read in a container, cold, beside docker on overlay2",
  run: (say) =>
    withRegistry(1, say, async (cluster, registry): Promise<Measured> => {
      const docker = new Docker("read", ["--insecure-registry", registry.address]);
      const reference = `${registry.address}/${bigImage}`;
      await docker.start();
      try {
        say("pulling the image on both sides");
        await docker.docker("pull", "-q", reference);
        await cluster.orchctl(["pull", "-q", reference, "--node", ourNode], { timeoutMs: 300_000 });
        const [ours, theirs]: [Reading[], Reading[]] = [[], []];
        for (let run = 0; run < runs; run++) {
          ours.push(await cold(inPod(cluster), reference));
          theirs.push(await cold(inDocker(docker), reference));
          const [our, their] = [ours.at(-1), theirs.at(-1)];
          say(`  ours ${said(our)}, docker ${said(their)} (load ${(loadavg()[0] ?? 0).toFixed(1)})`);
        }
        return measured(ours, theirs);
      } finally {
        await docker.stop();
      }
    }),
};

function measured(ours: readonly Reading[], theirs: readonly Reading[]): Measured {
  const [our, their] = [median(ours.map((one) => one.seconds)), median(theirs.map((one) => one.seconds))];
  const [bytes = 0, theirBytes = 0] = [ours[0]?.bytes, theirs[0]?.bytes];
  if (Math.abs(bytes - theirBytes) > bytes / 100) throw new Error(`ours read ${bytes} bytes, docker ${theirBytes}`);
  return {
    ours: our,
    peer: their,
    peerName: "docker run (docker.io of Debian, overlay2)",
    unit: "s",
    target: "ratio ≤ 1.0",
    met: our / their <= 1,
    conditions: [
      `median of ${runs} in turn, page cache dropped before each`,
      `${(bytes / 1e6).toFixed(0)} MB of files, timed inside the container`,
    ],
  };
}

async function cold(reader: Reader, reference: string): Promise<Reading> {
  await must("sync", []);
  writeFileSync("/proc/sys/vm/drop_caches", "3");
  return reader(reference);
}

const inPod =
  (cluster: TestCluster): Reader =>
  async (reference) =>
    parse(
      await cluster.orchctl(["run", "--rm", "--command", reference, "--", "bash", "-c", script], {
        timeoutMs: 300_000,
      }),
    );

const inDocker =
  (docker: Docker): Reader =>
  async (reference) =>
    parse(await docker.docker("run", "--rm", "--network", "none", reference, "bash", "-c", script));

function parse(output: string): Reading {
  const match = /^read ([\d.]+) ([\d.]+) (\d+)$/m.exec(output);
  if (!match) throw new Error(`the container said: ${output}`);
  const [, from, to, bytes] = match;
  return { seconds: Number(to) - Number(from), bytes: Number(bytes) };
}

const said = (reading: Reading | undefined): string => seconds(reading?.seconds ?? Number.NaN);
