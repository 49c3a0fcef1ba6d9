/** 1 → 100 pods beside `docker service scale` on Swarm; also one node against one. */
import { join } from "node:path";
import { image } from "../e2e/support/manifests.ts";
import { programs, start } from "../e2e/support/programs.ts";
import { type Benchmark, type Measured, median, type Say, seconds } from "./benchmark.ts";
import { Docker } from "./docker.ts";
import { countProcesses, untilCount } from "./processes.ts";
import { type Bench, withCluster } from "./with-cluster.ts";

const word = "86399";
const runs = 3;

const manifest = `apiVersion: apps/v1
kind: Deployment
metadata: { name: many }
spec:
  replicas: 1
  selector: { matchLabels: { app: many } }
  template:
    metadata: { labels: { app: many } }
    spec:
      terminationGracePeriodSeconds: 0
      containers:
        - { name: main, image: "${image}", command: ["sleep", "${word}"] }
`;

/** Request sent → the 100th process exists. The client's own waiting is not counted. */
async function measureOurs({ cluster }: Bench, say: Say): Promise<readonly number[]> {
  await cluster.apply(manifest, "--wait");
  const figures: number[] = [];
  for (let i = 0; i < runs; i++) {
    const startedAtMs = performance.now();
    const client = start(
      join(programs, "bin/orchctl"),
      ["scale", "deployment/many", "--replicas", "100"],
      cluster.variables,
    );
    const endedAtMs = await untilCount(word, (count) => count >= 100, 120_000);
    await client.waitFor(/scaled/);
    figures.push((endedAtMs - startedAtMs) / 1000);
    say(`  ours: ${seconds(figures[i] ?? 0)}`);
    await cluster.orchctl(["scale", "deployment/many", "--replicas", "1"]);
    await untilCount(word, (count) => count <= 1, 120_000);
    await cluster.orchctl(["rollout", "status", "deployment/many"]);
  }
  await cluster.orchctl(["delete", "deployment", "many"]);
  await untilCount(word, (count) => count === 0, 60_000);
  return figures;
}

async function measureSwarm(docker: Docker, archive: string, say: Say): Promise<readonly number[]> {
  await docker.docker("load", "-i", archive);
  await docker.docker("swarm", "init", "--advertise-addr", "127.0.0.1");
  await docker.docker(
    "service",
    "create",
    "--detach",
    "--no-resolve-image",
    "--name",
    "many",
    "--stop-grace-period",
    "0s",
    image,
    "sleep",
    word,
  );
  await untilCount(word, (count) => count >= 1, 60_000);
  const figures: number[] = [];
  for (let i = 0; i < runs; i++) {
    const startedAtMs = performance.now();
    await docker.docker("service", "scale", "--detach", "many=100");
    const endedAtMs = await untilCount(word, (count) => count >= 100, 240_000);
    figures.push((endedAtMs - startedAtMs) / 1000);
    say(`  Swarm: ${seconds(figures[i] ?? 0)}`);
    await docker.docker("service", "scale", "--detach", "many=1");
    await untilCount(word, (count) => count <= 1, 240_000);
  }
  await docker.docker("service", "rm", "many");
  await untilCount(word, (count) => count === 0, 120_000);
  return figures;
}

export const scale: Benchmark = {
  name: "scale",
  what: "1 → 100 pods on 3 local nodes, beside docker service scale",
  async run(say): Promise<Measured> {
    if (countProcesses(word) > 0) throw new Error(`processes with ${word} run already`);
    const ours = await withCluster(3, say, (bench) => measureOurs(bench, say));
    const docker = new Docker();
    say("one node of ours, then Swarm on one node");
    const { oneNode, swarm } = await withCluster(1, say, async (bench) => {
      const alone = await measureOurs(bench, say);
      await docker.start();
      try {
        return { oneNode: alone, swarm: await measureSwarm(docker, bench.archive, say) };
      } finally {
        await docker.stop();
      }
    });
    const [our, peer, one] = [median(ours), median(swarm), median(oneNode)];
    return {
      ours: our,
      peer,
      peerName: "docker service scale (Swarm, one node, docker.io of Debian)",
      unit: "s",
      target: "ratio ≤ 0.15",
      met: our / peer <= 0.15,
      oneNode: one,
      oneNodeRatio: Number((one / peer).toFixed(3)),
      conditions: [
        `median of ${runs}`,
        "busybox image present on all nodes",
        "sampled every 25 ms from /proc for both",
      ],
    };
  },
};
