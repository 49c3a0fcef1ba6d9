/** Images spread from node to node: each blob leaves the registry once; tags are pinned; what one node was given all can run. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { closeSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { after, before, test } from "node:test";
import { hostAddress, nodePaths } from "#deploy/local-cluster/names.ts";
import { chooseSubnet } from "#deploy/local-cluster/network.ts";
import type { Pod } from "#proto/resources/pod.ts";
import { Docker } from "../../bench/docker.ts";
import { busyboxArchive } from "../../support/busybox-image.ts";
import { type Registry, startRegistry } from "../../support/registry.ts";
import { auditHost } from "../support/audit.ts";
import { TestCluster } from "../support/cluster.ts";
import { eventually, must } from "../support/programs.ts";
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
  return busyboxArchive([name], {
    layers: files,
    config: { Cmd: ["sleep", "1000000"], Labels: { "test.image": name } },
  });
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

interface Listed {
  readonly node: string;
  readonly names: readonly string[];
  readonly usedBy: readonly string[];
}

const imagesNamed = async (name: string): Promise<readonly Listed[]> => {
  const all = JSON.parse(await cluster.orchctl(["image", "ls", "-o", "json"])) as readonly Listed[];
  return all.filter(({ names }) => names.includes(name));
};

test("an image is pushed, pulled onto all nodes, tagged, shown and removed; what a pod runs stays", {
  timeout: 180_000,
}, async () => {
  const reference = `${host}/test/commands:1`;
  await cluster.orchctl(["image", "load", cluster.file("c.tar", image("commands:1", 1))], { timeoutMs: 60_000 });
  assert.match(
    await cluster.orchctl(["push", "commands:1", reference], { timeoutMs: 60_000 }),
    /@sha256:[0-9a-f]{64} pushed from/,
  );
  assert.match(await cluster.orchctl(["pull", reference], { timeoutMs: 60_000 }), /is on node-1, node-2, node-3/);
  assert.equal((await imagesNamed(reference)).length, 3);
  await cluster.orchctl(["image", "tag", reference, "other:2"]);
  assert.equal((await imagesNamed("docker.io/library/other:2")).length, 3);
  assert.match(await cluster.orchctl(["images"]), new RegExp(`${reference} +[0-9a-f]{12} .* 3 +0`));
  const [short = ""] = (await cluster.orchctl(["images", "-q", `${host}/test/comm*`])).split("\n");
  const filters = [`reference=${host}/test/comm*`, "label=test.image=commands:1", "dangling=false"];
  const filtered = ["images", "-q", ...filters.flatMap((filter) => ["--filter", filter])];
  assert.equal(await cluster.orchctl(filtered), `${short}\n`);
  assert.equal(await cluster.orchctl([...filtered, "--filter", "label=test.image=other"]), "");
  await cluster.orchctl(["image", "tag", reference, `${host}/test/commands:2`]);
  const all = await cluster.orchctl(["push", "--all-tags", `${host}/test/commands`], { timeoutMs: 60_000 });
  assert.deepEqual(
    all.match(/commands:\d@sha256:[0-9a-f]{64} pushed from/g)?.map((line) => line.slice(0, 10)),
    ["commands:1", "commands:2"],
  );
  await cluster.orchctl(["image", "rm", `${host}/test/commands:2`]);
  const tagged = await cluster.run(["push", "--all-tags", reference]);
  assert.equal(tagged.code, 2);
  assert.match(tagged.err, /names one tag, and --all-tags pushes all/);
  const details = JSON.parse(await cluster.orchctl(["image", "inspect", short])) as {
    readonly names: readonly string[];
  };
  assert.ok(details.names.includes(reference), `${short} is ${details.names}`);
  assert.match(await cluster.orchctl(["history", short]), /LAYER +CREATED +SIZE/);
  assert.match(await cluster.orchctl(["image", "df"]), /node-1 +\d+ \(\d+ in use\)/);
  await cluster.apply(deployment("commands", reference, 1), "--wait");
  const [pod] = await podsOf("commands");
  await cluster.orchctl(["image", "tag", reference, "partly:1"]);
  const partly = await cluster.run(["image", "rm", "nothing/here:1", "partly:1"]);
  assert.equal(partly.code, 3);
  assert.match(partly.err, /no ready node has the image nothing\/here:1[\s\S]*1 of 2 could not be removed/);
  assert.match(partly.out, /node-2: partly:1 removed\n/, "what could be removed is, and is said");
  // All its names: on the node it was loaded onto it has one more.
  const names = [reference, "other:2", "commands:1", "--ignore-not-found"];
  const kept = await cluster.run(["image", "rm", ...names]);
  assert.equal(kept.code, 4, kept.err);
  assert.match(kept.err, new RegExp(`pod default/${pod?.metadata.name}.* runs it`));
  await cluster.orchctl(["delete", "deployment", "commands", "--timeout", "60s"], { timeoutMs: 70_000 });
  await eventually("nobody running it", async () => {
    return (await cluster.run(["image", "rm", ...names])).code === 0 ? true : undefined;
  });
  assert.deepEqual(await imagesNamed(reference), []);
  await cluster.orchctl(["image", "load", cluster.file("p.tar", image("unused:1", 1)), "--node", "node-2"], {
    timeoutMs: 60_000,
  });
  assert.doesNotMatch(await cluster.orchctl(["image", "prune"]), /unused:1/, "it has a tag");
  const pruned = await cluster.orchctl(["image", "prune", "-a", "--node", "node-2"]);
  assert.match(pruned, /node-2: .*unused:1/);
  assert.doesNotMatch(pruned, /test\/once/, "pods run it");
  assert.deepEqual(await imagesNamed("docker.io/library/unused:1"), []);
});

test("archives go to and come from podman and skopeo", { timeout: 180_000 }, async () => {
  await cluster.orchctl(["image", "load", cluster.file("i.tar", image("interop:1", 1)), "--node", "node-1"], {
    timeoutMs: 60_000,
  });
  const saved = cluster.file("saved.tar", "");
  await cluster.orchctl(["image", "save", "interop:1", "-f", saved, "--node", "node-1"], { timeoutMs: 60_000 });
  const places = ["--root", cluster.file("root", "").concat("-d"), "--runroot", "/run/orch-spread-podman"];
  const podman = (...args: string[]): Promise<string> =>
    must("podman", [...places, "--storage-driver", "vfs", ...args], { timeoutMs: 90_000 });
  try {
    const inspect = async (transport: string): Promise<{ readonly Layers: readonly string[] }> =>
      JSON.parse(await must("skopeo", ["inspect", `${transport}:${saved}`])) as { readonly Layers: readonly string[] };
    assert.equal((await inspect("docker-archive")).Layers.length, 2);
    assert.equal((await inspect("oci-archive")).Layers.length, 2);
    await podman("load", "-q", "-i", saved);
    assert.match(await podman("images", "--format", "{{.Repository}}:{{.Tag}}"), /interop:1/);
    const formats = ["docker-archive", "oci-archive"];
    for (const format of formats) {
      const path = cluster.file(`${format}.tar`, "");
      await must("rm", [path]);
      await podman("save", "-q", "--format", format, "-o", path, "interop:1");
      const loaded = await cluster.orchctl(["image", "load", path, "--node", "node-2"], { timeoutMs: 60_000 });
      assert.match(loaded, /interop:1 .* loaded onto node node-2/, format);
    }
    const layout = cluster.file("skopeo.tar", "");
    await must("rm", [layout]);
    await must("skopeo", ["--insecure-policy", "copy", `docker-archive:${saved}`, `oci-archive:${layout}:again:3`]);
    assert.match(
      await cluster.orchctl(["image", "load", layout, "--node", "node-3"], { timeoutMs: 60_000 }),
      /again:3 .* loaded onto node node-3/,
    );
  } finally {
    await podman("rmi", "-a", "-f").catch(() => "");
    await must("rm", ["-rf", places[1] ?? "", places[3] ?? ""]);
  }
});

test("archives go to and come from docker", { timeout: 180_000 }, async () => {
  const docker = new Docker("spread");
  await docker.start();
  try {
    await cluster.orchctl(["image", "load", cluster.file("d.tar", image("dock:1", 1)), "--node", "node-1"], {
      timeoutMs: 60_000,
    });
    const saved = cluster.file("to-docker.tar", "");
    await cluster.orchctl(["image", "save", "dock:1", "-f", saved], { timeoutMs: 60_000 });
    assert.match(await docker.docker("load", "-i", saved), /dock:1/);
    assert.match(await docker.docker("inspect", "-f", "{{len .RootFS.Layers}}", "dock:1"), /^2\n$/);
    await docker.docker("tag", "dock:1", "back:2");
    const back = cluster.file("from-docker.tar", "");
    await docker.docker("save", "-o", back, "back:2");
    const loaded = await cluster.orchctl(["image", "load", back, "--node", "node-2"], { timeoutMs: 60_000 });
    assert.match(loaded, /back:2 .* loaded onto node node-2/);
  } finally {
    await docker.stop();
  }
});

test("a damaged download is found, and repaired from another node while its containers run", {
  timeout: 180_000,
}, async () => {
  const reference = "registry.invalid/mend:1";
  await cluster.orchctl(["image", "load", cluster.file("m.tar", image(reference, 1)), "--all-nodes"], {
    timeoutMs: 90_000,
  });
  await cluster.apply(deployment("mend", reference, 3), "--wait");
  const details = JSON.parse(await cluster.orchctl(["image", "inspect", reference, "--node", "node-1"])) as {
    readonly layers: readonly { readonly digest: string }[];
  };
  const digest = details.layers.at(-1)?.digest.slice("sha256:".length) ?? "";
  const path = `${nodePaths(cluster.name, "node-1").data}/images/blobs/sha256/${digest}`;
  const bytes = readFileSync(path);
  bytes.writeUInt8(bytes.readUInt8(1000) ^ 0xff, 1000);
  writeFileSync(path, bytes);
  const before = (await podsOf("mend")).map((pod) => pod.status?.containerStatuses?.[0]?.containerID);
  const found = await cluster.run(["image", "verify", reference, "--node", "node-1"], { timeoutMs: 60_000 });
  assert.equal(found.code, 1, found.err);
  assert.match(found.out, /is damaged\n {2}download sha256:[0-9a-f]{64}: .*NOT repaired/);
  const mended = await cluster.orchctl(["image", "verify", reference, "--repair"], { timeoutMs: 90_000 });
  assert.match(mended, /node-1: .* is damaged\n {2}download .*; repaired/);
  assert.match(await cluster.orchctl(["image", "verify", reference], { timeoutMs: 60_000 }), /node-1: .* is whole/);
  assert.deepEqual(
    (await podsOf("mend")).map((pod) => pod.status?.containerStatuses?.[0]?.containerID),
    before,
  );
});

for (const [source, replicas] of [["another node", 3] as const, ["the registry", 1] as const]) {
  test(`flipped bits in a stored layer are found, and repaired from ${source} while its containers run`, {
    timeout: 120_000,
  }, async () => {
    const name = `flipped-${replicas}`;
    const reference = `${host}/test/${name}:1`;
    await push(`test/${name}:1`);
    await cluster.apply(deployment(name, reference, replicas), "--wait");
    const pods = await podsOf(name);
    const node = pods[0]?.spec.nodeName ?? "";
    const details = JSON.parse(await cluster.orchctl(["image", "inspect", reference, "--node", node])) as {
      readonly layers: readonly { readonly digest: string; readonly diffId: string }[];
    };
    const { digest = "", diffId = "" } = details.layers.at(-1) ?? {};
    const images = `${nodePaths(cluster.name, node).data}/images`;
    flipMiddle(`${images}/layers/erofs/${diffId.replace("sha256:", "")}.erofs`);
    rmSync(`${images}/blobs/${digest.replace(":", "/")}`); // as if it had been removed to save space
    const verify = (...flags: string[]): ReturnType<typeof cluster.run> =>
      cluster.run(["image", "verify", reference, "--node", node, ...flags], { timeoutMs: 90_000 });
    const found = await verify();
    assert.equal(found.code, 1, found.err);
    assert.match(found.out, /layer sha256:[0-9a-f]{64}: 1 of its parts .*NOT repaired/);
    const fetched = fetches(`test/${name}`).get(digest) ?? 0;
    assert.match((await verify("--repair")).out, /layer sha256:[0-9a-f]{64}: .*; repaired/);
    assert.equal(fetches(`test/${name}`).get(digest), source === "the registry" ? fetched + 1 : fetched);
    assert.match((await verify()).out, /is whole/);
    const containers = (of: readonly Pod[]): readonly unknown[] =>
      of.map((pod) => pod.status?.containerStatuses?.[0]?.containerID);
    assert.deepEqual(containers(await podsOf(name)), containers(pods));
  });
}

function flipMiddle(path: string): void {
  const bytes = readFileSync(path);
  const middle = Math.floor(bytes.length / 2);
  const file = openSync(path, "r+");
  writeSync(file, Buffer.of(bytes.readUInt8(middle) ^ 0xff), 0, 1, middle);
  closeSync(file);
}
