/** Images spread from node to node: each blob leaves the registry once; tags are pinned; what one node was given all can run. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { hostAddress } from "#deploy/local-cluster/names.ts";
import { chooseSubnet } from "#deploy/local-cluster/network.ts";
import type { Pod } from "#proto/resources/pod.ts";
import { busyboxArchive } from "../../support/busybox-image.ts";
import { type Registry, startRegistry } from "../../support/registry.ts";
import { auditHost } from "../support/audit.ts";
import { TestCluster } from "../support/cluster.ts";
import { eventually } from "../support/programs.ts";
import { difference } from "../support/shared-cluster.ts";

const cluster = new TestCluster("spread");
const host = `${hostAddress(chooseSubnet("spread"))}:5000`;
let registry: Registry;
let clean: readonly string[] = [];

before(
  async () => {
    clean = auditHost(cluster.name);
    await cluster.up(3, ["--plain-http-registry", host]);
    registry = await startRegistry({ address: host });
  },
  { timeout: 200_000 },
);

after(
  async () => {
    await registry?.stop();
    await cluster.down();
    assert.deepEqual(difference(clean, auditHost(cluster.name)), [], "the cluster left something behind");
  },
  { timeout: 120_000 },
);

/** A busybox image with some layers of its own, so that nobody has seen it. */
function image(name: string, layers = 3): Buffer {
  const files = Array.from({ length: layers }, (_, index) => [
    { name: `data-${index}`, mode: 0o644, content: randomBytes(3_000_000) },
  ]);
  return busyboxArchive([name], { layers: files, config: { Cmd: ["sleep", "1000000"] } });
}

async function push(reference: string): Promise<void> {
  await registry.push(cluster.file("image.tar", image("test:1")), reference);
}

function deployment(name: string, reference: string, replicas: number, more = ""): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      terminationGracePeriodSeconds: 0
      containers:
        - { name: main, image: "${reference}", imagePullPolicy: IfNotPresent${more} }
`;
}

const podsOf = (name: string): Promise<readonly Pod[]> => cluster.pods("-l", `app=${name}`);
const digests = (pods: readonly Pod[]): ReadonlySet<string> =>
  new Set(pods.map((pod) => pod.status?.containerStatuses?.[0]?.imageID ?? ""));

/** How often each blob was asked for in full or in part, from the registry's own log. */
function fetches(repository: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of registry.log().split("\n")) {
    const match = new RegExp(`"GET /v2/${repository}/blobs/(sha256:[0-9a-f]{64})`).exec(line);
    if (match?.[1]) counts.set(match[1], (counts.get(match[1]) ?? 0) + 1);
  }
  return counts;
}

test("three nodes start 30 pods of an image nobody has: each blob leaves the registry once", {
  timeout: 180_000,
}, async () => {
  await push("test/once:1");
  await cluster.apply(deployment("once", `${host}/test/once:1`, 30), "--wait");
  const pods = await podsOf("once");
  assert.equal(new Set(pods.map((pod) => pod.spec.nodeName)).size, 3);
  const counts = fetches("test/once");
  assert.equal(counts.size, 5, "config, busybox and three layers");
  assert.deepEqual([...counts.values()], [1, 1, 1, 1, 1]);
});

test("a tag that moves changes nothing for its revision, also where it starts later; a restart takes the new one", {
  timeout: 180_000,
}, async () => {
  const reference = `${host}/test/moves:1`;
  await push("test/moves:1");
  await cluster.apply(deployment("moves", reference, 1), "--wait");
  const [first] = digests(await podsOf("moves"));
  await push("test/moves:1");
  await cluster.orchctl(["scale", "deployment/moves", "--replicas", "6", "--timeout", "60s"], { timeoutMs: 70_000 });
  await cluster.orchctl(["rollout", "status", "deployment/moves", "--timeout", "60s"], { timeoutMs: 70_000 });
  const grown = await podsOf("moves");
  assert.equal(new Set(grown.map((pod) => pod.spec.nodeName)).size, 3);
  assert.deepEqual([...digests(grown)], [first]);
  const wide = await cluster.orchctl(["get", "rs", "-l", "app=moves", "-o", "wide"]);
  assert.ok(wide.includes(`${reference}@${first?.split("@")[1]?.slice(0, 19)}`), wide);
  assert.match(
    await cluster.orchctl(["describe", "pod", grown[0]?.metadata.name ?? ""]),
    new RegExp(`Content: +${first}`),
  );
  await cluster.apply(
    deployment("moves", reference, 6, ", env: [{ name: A, value: b }]").replace("IfNotPresent", "Always"),
    "--wait",
  );
  const after = await eventually("six new pods only", async () => {
    const pods = await podsOf("moves");
    return pods.length === 6 && !digests(pods).has(first ?? "") ? pods : undefined;
  });
  assert.equal(digests(after).size, 1);
});

test("an image loaded on one node runs on all, with no registry", { timeout: 120_000 }, async () => {
  const archive = cluster.file("local.tar", image("registry.invalid/local:1", 1));
  const loaded = await cluster.orchctl(["image", "load", archive], { timeoutMs: 60_000 });
  assert.match(loaded, /registry\.invalid\/local:1 .* loaded onto node /);
  await cluster.apply(deployment("local", "registry.invalid/local:1", 6), "--wait", "--timeout", "60s");
  const pods = await podsOf("local");
  assert.equal(new Set(pods.map((pod) => pod.spec.nodeName)).size, 3);
  assert.equal(digests(pods).size, 1);
});
