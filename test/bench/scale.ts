/** 1 → 100 pods with a readiness probe beside `docker service scale` on Swarm; also one node against one. */
import { loadavg } from "node:os";
import { join } from "node:path";
import { image } from "../e2e/support/manifests.ts";
import { programs, start } from "../e2e/support/programs.ts";
import { type Benchmark, type Measured, median, type Say, seconds } from "./benchmark.ts";
import { Docker } from "./docker.ts";
import { countProcesses, untilCount } from "./processes.ts";
import { type Bench, withCluster } from "./with-cluster.ts";

const word = "86399";
/** Something to probe, and the process that is counted. Docker runs the same. */
const program = `echo ok >/index.html; httpd -p 8080 -h /; exec sleep ${word}`;
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
        - name: main
          image: "${image}"
          command: [sh, -c, "${program}"]
          readinessProbe: { httpGet: { port: 8080 }, periodSeconds: 5 }
`;

interface Side {
  readonly name: string;
  /** Makes the service with one container. */
  prepare(): Promise<void>;
  /** Resolves when the request to run `count` is sent. */
  request(count: number): Promise<void>;
  /** After a run, until everything is calm again. */
  settle(): Promise<void>;
  remove(): Promise<void>;
}

function ours({ cluster }: Bench): Side {
  return {
    name: "ours",
    prepare: async () => void (await cluster.apply(manifest, "--wait")),
    // The client's own waiting is not counted.
    request: async (count) => {
      const args = ["scale", "deployment/many", "--replicas", String(count)];
      start(join(programs, "bin/orchctl"), args, cluster.variables);
    },
    settle: async () => void (await cluster.orchctl(["rollout", "status", "deployment/many"])),
    remove: async () => void (await cluster.orchctl(["delete", "deployment", "many"])),
  };
}

function swarm(docker: Docker, archive: string): Side {
  const service = ["--name", "many", "--stop-grace-period", "0s", image, "sh", "-c", program];
  return {
    name: "Swarm",
    prepare: async () => {
      await docker.docker("load", "-i", archive);
      await docker.docker("swarm", "init", "--advertise-addr", "127.0.0.1");
      await docker.docker("service", "create", "--detach", "--no-resolve-image", ...service);
      await docker.docker("service", "scale", "--detach", "many=0");
    },
    request: async (count) => {
      await docker.docker("service", "scale", "--detach", `many=${count}`);
      if (count > 0) return;
      // Under load Swarm forgets some of them.
      const left = (await docker.docker("ps", "-q")).split("\n").filter(Boolean);
      if (left.length > 0) await docker.tryDocker("rm", "-f", ...left);
    },
    settle: async () => undefined,
    remove: async () => void (await docker.docker("service", "rm", "many")),
  };
}

/** Request sent → the 100th process exists. Only one side has containers at a time. */
async function once(side: Side, say: Say): Promise<number> {
  await side.request(1);
  await untilCount(word, (count) => count === 1, 120_000);
  await side.settle();
  const startedAtMs = performance.now();
  await side.request(100);
  const figure = ((await untilCount(word, (count) => count >= 100, 240_000)) - startedAtMs) / 1000;
  say(`  ${side.name}: ${seconds(figure)} (load ${(loadavg()[0] ?? 0).toFixed(1)})`);
  await side.settle();
  await side.request(0);
  await untilCount(word, (count) => count === 0, 240_000);
  return figure;
}

/** In turn, so that what else the machine does meets both. */
async function inTurn(sides: readonly Side[], say: Say): Promise<readonly (readonly number[])[]> {
  for (const side of sides) {
    await side.prepare();
    await side.request(0);
    await untilCount(word, (count) => count === 0, 60_000);
  }
  const figures = sides.map((): number[] => []);
  for (let i = 0; i < runs; i++) for (const [at, side] of sides.entries()) figures[at]?.push(await once(side, say));
  for (const side of sides) await side.remove();
  return figures;
}

export const scale: Benchmark = {
  name: "scale",
  what: "1 → 100 pods on 3 local nodes, beside docker service scale",
  async run(say): Promise<Measured> {
    if (countProcesses(word) > 0) throw new Error(`processes with ${word} run already`);
    const docker = new Docker();
    const [three = [], peers = []] = await withCluster(3, say, async (bench) => {
      await docker.start();
      try {
        return await inTurn([ours(bench), swarm(docker, bench.archive)], say);
      } finally {
        await docker.stop();
      }
    });
    const [alone = []] = await withCluster(1, say, (bench) => inTurn([ours(bench)], say));
    const [our, peer, one] = [median(three), median(peers), median(alone)];
    return {
      ours: our,
      peer,
      peerName: "docker service scale (Swarm, one node, docker.io of Debian)",
      unit: "s",
      target: "ratio ≤ 0.12",
      met: our / peer <= 0.12,
      oneNode: one,
      oneNodeRatio: Number((one / peer).toFixed(3)),
      conditions: [
        `median of ${runs} in turn`,
        "busybox image present on all nodes; default isolation, init process and an HTTP readiness probe on our side",
        "sampled every 25 ms from /proc for both",
      ],
    };
  },
};
