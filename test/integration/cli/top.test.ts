/** orchctl top against the real API, with nodes that answer, and one that does not. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import type { NodeUsage } from "#proto/resources/usage.ts";
import { OrchctlUnderTest } from "../../support/orchctl.ts";

const mebibyte = 1024 * 1024;
let cli: OrchctlUnderTest;
const answers = new Map<string, NodeUsage | Problem>();
const asked: string[] = [];

before(async () => {
  cli = await OrchctlUnderTest.start({
    extensions: {
      usage: async (nodes) => {
        asked.push(...nodes);
        return new Map(nodes.flatMap((node) => (answers.has(node) ? [[node, answers.get(node) as NodeUsage]] : [])));
      },
    },
  });
  await cli.calls.create("namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
  const resources = { cpu: "2", memory: "1000Mi", pods: "110" };
  for (const name of ["n1", "n2"]) {
    await cli.calls.create("nodes", { apiVersion: "v1", kind: "Node", metadata: { name, labels: { zone: name } } });
    const node = await cli.calls.get("nodes", "", name);
    await cli.calls.update(
      "nodes",
      { ...node, status: { capacity: resources, allocatable: { ...resources, cpu: "1" } } },
      { subresource: "status" },
    );
  }
  const uids = new Map<string, string>();
  for (const [name, nodeName] of [
    ["web", "n1"],
    ["db", "n1"],
    ["lost", "n2"],
  ] as const) {
    const spec = {
      nodeName,
      containers: [
        { name: "main", image: "x" },
        { name: "side", image: "y" },
      ],
    };
    const { object } = await cli.calls.create("pods", {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace: "shop", labels: { app: name } },
      spec,
    });
    uids.set(name, object.metadata.uid ?? "");
  }
  const container = (name: string, milliCpu: number, mebibytes: number) => ({
    name,
    milliCpu,
    memoryBytes: mebibytes * mebibyte,
  });
  answers.set("n1", {
    windowMs: 500,
    node: { milliCpu: 750, memoryBytes: 250 * mebibyte },
    pods: [
      { uid: uids.get("web") ?? "", containers: [container("main", 300, 10), container("side", 5, 20)] },
      { uid: uids.get("db") ?? "", containers: [container("main", 40, 200)] },
      { uid: "not-one-of-ours", containers: [container("x", 1, 1)] },
    ],
  });
  answers.set("n2", new Problem("unavailable", "node n2 is not connected"));
});
after(() => cli.stop());

const top = (...words: readonly string[]) => cli.run(["top", ...words, "-n", "shop"]);

test("pods: sums of containers, sorted, by label; a silent node is told once", async () => {
  const all = await top("pods");
  assert.equal(all.out, "POD   CPU    MEMORY\ndb    40m    200Mi\nweb   305m   30Mi\n");
  assert.equal(all.err, "warning: node n2 is not connected\n");
  assert.equal(all.code, 0);
  assert.equal(
    (await top("pods", "--sort-by", "cpu", "--no-headers", "--sum")).out,
    "web   305m   30Mi\ndb    40m    200Mi\nSUM   345m   230Mi\n",
  );
  asked.length = 0;
  assert.equal((await top("pods", "-l", "app=web", "--no-headers")).out, "web   305m   30Mi\n");
  assert.deepEqual(asked, ["n1"]);
  assert.equal(
    (await top("pod", "web", "--containers", "--no-headers")).out,
    "web   main   300m   10Mi\nweb   side   5m     20Mi\n",
  );
  assert.equal((await top("containers", "db", "--no-headers")).out, "db   main   40m   200Mi\n");
  assert.match((await cli.run(["top", "pods", "-A"])).out, /^NAMESPACE +POD +CPU +MEMORY\nshop +db /);
  assert.equal((await top("pods", "--field-selector", "spec.nodeName=n2")).code, 7);
});

test("nodes: shares of what pods may have, or of all", async () => {
  const all = await top("nodes");
  assert.equal(
    all.out,
    "NAME   CPU         CPU %       MEMORY      MEMORY %\nn1     750m        75%         250Mi       25%\nn2     <unknown>   <unknown>   <unknown>   <unknown>\n",
  );
  assert.match((await top("node", "n1", "--show-capacity")).out, /n1 +750m +38% /);
  assert.match((await top("nodes", "-l", "zone=n1")).out, /^NAME.*\nn1 .*\n$/);
});

test("for programs: Kubernetes' objects; what does not exist, or may not be seen, is said", async () => {
  const { items } = JSON.parse((await top("pods", "-o", "json")).out);
  assert.equal(items[0].kind, "PodMetrics");
  assert.deepEqual(items[0].containers, [{ name: "main", usage: { cpu: "40m", memory: "200Mi" } }]);
  assert.equal(items[0].window, "0.500s");
  assert.match(
    JSON.stringify(items.find((item: { metadata: { name: string } }) => item.metadata.name === "lost")),
    /orch\/usage-problem/,
  );
  assert.equal((await top("pod", "nobody")).code, 3);
  assert.equal((await top("pods", "web", "-l", "a=b")).code, 2);
  assert.equal((await top("pods", "--sort-by", "size")).code, 2);
  await cli.writeContext("nobody", "CN=nobody, O=none");
  assert.equal((await top("pods")).code, 6);
});
