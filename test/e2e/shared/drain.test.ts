/** A node emptied while its services run on: seen from outside, by processes in cgroups. */
import assert from "node:assert/strict";
import type { Pod } from "#proto/resources/pod.ts";
import { processesWith } from "../support/containers.ts";
import { inNamespace, type Scene } from "../support/in-namespace.ts";
import { deployment, pod } from "../support/manifests.ts";
import { eventually } from "../support/programs.ts";

const replicas = 4;
let lastWord = 0;
const nextWord = (): string => `9${process.pid}${lastWord++}`;

const ready = `          readinessProbe: { exec: { command: ["test", "-f", "/tmp/ready"] }, periodSeconds: 1 }`;
const service = (name: string, word: string, more: { spec?: string } = {}): string => {
  // A pod runs this sleep from the moment it is ready until it stops.
  const command = `trap 'exit 0' TERM; sleep 1; touch /tmp/ready; while :; do sleep ${word} & wait; done`;
  return deployment({ name, replicas, command, container: ready, ...more });
};
const serving = (word: string): number => new Set(processesWith(word).map((one) => one.cgroup)).size;

async function podsOn(scene: Scene, node: string): Promise<readonly Pod[]> {
  return (await scene.cluster.pods("-n", scene.namespace)).filter((one) => one.spec.nodeName === node);
}

/** A node that runs pods of the namespace. */
async function busyNode(scene: Scene): Promise<string> {
  const [one] = await scene.cluster.pods("-n", scene.namespace);
  assert.ok(one?.spec.nodeName);
  return one.spec.nodeName;
}

inNamespace(
  "drain: pods run elsewhere before they leave, so as many serve as before; a bare pod and emptyDir data need a word",
  async (scene) => {
    const { cluster, namespace } = scene;
    const word = nextWord();
    await cluster.apply(service("held", word), "-n", namespace, "--wait");
    const node = await busyNode(scene);
    const place = `  nodeName: ${node}\n  volumes: [{ name: scratch, emptyDir: {} }]`;
    await cluster.apply(pod("alone", "exec sleep 3600", place), "-n", namespace);
    try {
      const refused = await cluster.run(["drain", node]);
      assert.equal(refused.code, 4, refused.err);
      assert.match(refused.err, /alone has no controller .*--force/);
      assert.match(refused.err, /alone keeps data in emptyDir .*--delete-emptydir-data/);
      assert.ok((await podsOn(scene, node)).length > 1, "nothing was moved");

      const samples: number[] = [];
      const sampler = setInterval(() => samples.push(serving(word)), 50);
      const out = await cluster
        .orchctl(["drain", node, "--force", "--delete-emptydir-data", "--timeout", "90s"], { timeoutMs: 100_000 })
        .finally(() => clearInterval(sampler));
      assert.match(out, /has left \(1 of \d\)[\s\S]*node\/node-\d drained/);
      assert.deepEqual(await podsOn(scene, node), []);
      assert.ok(Math.min(...samples) >= replicas, `never fewer than ${replicas} served, seen ${Math.min(...samples)}`);
      assert.equal((await cluster.pods("-n", namespace)).length, replicas, "the bare pod is gone for good");
    } finally {
      await cluster.orchctl(["uncordon", node]);
    }
  },
  180_000,
);

inNamespace(
  "drain: what has no place to go is said in time, and the same command goes on when there is one",
  async (scene) => {
    const { cluster, namespace } = scene;
    const nodes = ["node-1", "node-2", "node-3"];
    await cluster.apply(service("stuck", nextWord()), "-n", namespace, "--wait");
    const node = await busyNode(scene);
    const others = nodes.filter((one) => one !== node);
    try {
      await cluster.orchctl(["cordon", ...others]);
      const late = await cluster.run(["drain", node, "--timeout", "3s"]);
      assert.equal(late.code, 8, late.err);
      assert.match(late.err, new RegExp(`\\d of \\d pods? (is|are) still on ${node} after 3 s`));
      assert.match(late.err, /waits for t-\S+\/stuck-\S+, which is not ready: .*nodes are available/);
      assert.match(late.err, /stays cordoned .*the same command waits on/);
      const kept = (await podsOn(scene, node)).filter((one) => one.metadata.deletionTimestamp === undefined);
      assert.ok(kept.length > 0, "nothing was taken away");

      await cluster.orchctl(["uncordon", ...others]);
      await cluster.orchctl(["drain", node, "--timeout", "90s"], { timeoutMs: 100_000 });
      assert.deepEqual(await podsOn(scene, node), []);
    } finally {
      await cluster.orchctl(["uncordon", ...nodes]);
    }
  },
  180_000,
);

inNamespace("drain: a Deployment that recreates never has two copies of a pod", async (scene) => {
  const { cluster, namespace } = scene;
  const word = nextWord();
  const recreate = service("one", word, { spec: "  strategy: { type: Recreate }" });
  await cluster.apply(recreate.replace(`replicas: ${replicas}`, "replicas: 1"), "-n", namespace, "--wait");
  const node = await busyNode(scene);
  try {
    await cluster.orchctl(["drain", node, "--grace-period", "1", "--timeout", "60s"], { timeoutMs: 70_000 });
    assert.deepEqual(await podsOn(scene, node), []);
    await eventually("a copy elsewhere", () => (serving(word) === 1 ? true : undefined), 30_000);
  } finally {
    await cluster.orchctl(["uncordon", node]);
  }
});
