/** 100 containers that obey SIGTERM: from the request to stop them until nothing of them is left on the machine, beside docker stop, docker rm. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { nodePaths } from "#deploy/local-cluster/names.ts";
import { image } from "../e2e/support/manifests.ts";
import { type Benchmark, type Measured, median, type Say, seconds } from "./benchmark.ts";
import { Docker } from "./docker.ts";
import { cgroupsIn } from "./left-over.ts";
import { commandLines } from "./processes.ts";
import { type Bench, withCluster } from "./with-cluster.ts";

const count = 100;
const runs = 3;
const word = "86397";
/** A first process obeys SIGTERM only with a handler: so it does on both sides, with and without an init process. */
const command = `trap 'exit 0' TERM; sleep ${word} & wait`;

interface Side {
  readonly name: string;
  begin(): Promise<void>;
  /** Resolves when the commands that stop and remove have ended. */
  end(): Promise<void>;
  /** What is left of the containers, from outside, by kind: what costs least to look at comes first. */
  readonly looks: Readonly<Record<string, () => readonly string[]>>;
}

const pods = Array.from(
  { length: count },
  (_, at) => `apiVersion: v1
kind: Pod
metadata: { name: many-${at}, labels: { app: many } }
spec:
  terminationGracePeriodSeconds: 10
  containers:
    - { name: main, image: "${image}", command: [sh, -c, "${command}"] }
`,
).join("---\n");

function ours({ cluster }: Bench): Side {
  const paths = nodePaths(cluster.name, "node-1");
  return {
    name: "ours",
    begin: async () => {
      await cluster.apply(pods);
      await cluster.orchctl(["wait", "pods", "-l", "app=many", "--for", "condition=Ready", "--timeout", "120s"]);
    },
    end: async () => void (await cluster.orchctl(["delete", "pods", "-l", "app=many"], { timeoutMs: 120_000 })),
    looks: {
      cgroups: () => cgroupsIn(join(paths.cgroup, "pods")),
      mounts: () =>
        mountsSeenBy(cluster.agentPid("node-1")).filter((line) => /\/(sandboxes|rootfs|volumes)\/[^ ]/.test(line)),
      processes: () =>
        commandLines((line) => line.includes(word) || (line.startsWith("/usr/bin/conmon") && line.includes(paths.run))),
    },
  };
}

function peer(docker: Docker): Side {
  let ids: readonly string[] = [];
  return {
    name: "docker",
    begin: async () => {
      const started: string[] = [];
      for (let at = 0; at < count; at++)
        started.push((await docker.docker("run", "--detach", image, "sh", "-c", command)).trim());
      ids = started;
    },
    end: async () => {
      await docker.docker("stop", ...ids);
      await docker.docker("rm", ...ids);
    },
    looks: {
      cgroups: () => cgroupsIn("/docker"),
      mounts: () =>
        mountsSeenBy(process.pid).filter((line) => line.includes(docker.directory) || line.includes("/docker/netns/")),
      processes: () =>
        commandLines(
          (line) => line.includes(word) || (line.includes("containerd-shim") && line.includes("orch-bench")),
        ),
    },
  };
}

function mountsSeenBy(pid: number): readonly string[] {
  return readFileSync(`/proc/${pid}/mountinfo`, "utf8").split("\n").filter(Boolean);
}

const leftOf = ({ looks }: Side): readonly string[] => Object.values(looks).flatMap((look) => look());

async function once(side: Side, say: Say): Promise<number> {
  const before = leftOf(side).length;
  await side.begin();
  if (leftOf(side).length < before + count) throw new Error(`${side.name} did not start ${count} containers`);
  const startedAtMs = performance.now();
  await side.end();
  const commandsTook = (performance.now() - startedAtMs) / 1000;
  const last = await untilLeft(side, before);
  const took = (performance.now() - startedAtMs) / 1000;
  say(
    `  ${side.name}: ${seconds(took)} (commands ${seconds(commandsTook)}; ${last ? `then ${last}` : "nothing left"})`,
  );
  return took;
}

/** Names the kind that was waited for last. Kinds behind one that is still there are not looked at: looking costs the processors that both sides need. */
async function untilLeft(side: Side, atMost: number): Promise<string | undefined> {
  const untilMs = performance.now() + 120_000;
  let last: string | undefined;
  while (performance.now() < untilMs) {
    const kind = firstLeft(side, atMost);
    if (kind === undefined) return last;
    last = kind;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`${side.name} left behind:\n${leftOf(side).slice(0, 20).join("\n")}`);
}

function firstLeft({ looks }: Side, atMost: number): string | undefined {
  let left = 0;
  for (const [kind, look] of Object.entries(looks)) {
    left += look().length;
    if (left > atMost) return kind;
  }
  return undefined;
}

export const stop: Benchmark = {
  name: "stop",
  what: "100 pods deleted until nothing of them is left, beside docker stop and docker rm of 100",
  run: (say) =>
    withCluster(1, say, async (bench): Promise<Measured> => {
      const docker = new Docker();
      await docker.start();
      try {
        await docker.docker("load", "-i", bench.archive);
        const sides = [ours(bench), peer(docker)];
        const figures = sides.map((): number[] => []);
        for (let i = 0; i < runs; i++)
          for (const [at, side] of sides.entries()) figures[at]?.push(await once(side, say));
        const [our, their] = [median(figures[0] ?? []), median(figures[1] ?? [])];
        return {
          ours: our,
          peer: their,
          peerName: `docker stop, then docker rm, of ${count} at once`,
          unit: "s",
          target: "ratio ≤ 0.3",
          met: our / their <= 0.3,
          conditions: [
            `median of ${runs} in turn; one node`,
            "whole commands; ends when no process, supervisor, mount, namespace or cgroup is left",
          ],
        };
      } finally {
        await docker.stop();
      }
    }),
};
