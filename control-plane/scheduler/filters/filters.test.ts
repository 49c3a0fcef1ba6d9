import assert from "node:assert/strict";
import { test } from "node:test";
import { schedule } from "../schedule.ts";
import { aNodeFacts, aPodFacts, aSnapshot, placeOne, spreadOf } from "../scheduler.fixture.ts";

const host = "kubernetes.io/hostname";
const zone = "topology.kubernetes.io/zone";
const required = (labels: Record<string, string>, topologyKey: string, more: object = {}) => ({
  requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: { matchLabels: labels }, topologyKey, ...more }],
});

test("node selector and affinity", async (t) => {
  const nodes = [
    aNodeFacts("n1", { labels: { disk: "hdd", cores: "4" } }),
    aNodeFacts("n2", { labels: { disk: "ssd", cores: "16" } }),
  ];
  const affine = (
    operator: "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt",
    key: string,
    values?: string[],
  ) => {
    const term = { matchExpressions: [{ key, operator, ...(values ? { values } : {}) }] };
    const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } };
    return aPodFacts("web", { spec: { affinity: { nodeAffinity } } });
  };
  const cases = [
    ["nodeSelector", aPodFacts("web", { spec: { nodeSelector: { disk: "ssd" } } }), "n2"],
    ["In", affine("In", "disk", ["ssd"]), "n2"],
    ["NotIn", affine("NotIn", "disk", ["hdd"]), "n2"],
    ["Gt", affine("Gt", "cores", ["8"]), "n2"],
    ["Lt", affine("Lt", "cores", ["8"]), "n1"],
  ] as const;
  for (const [name, pod, expected] of cases) {
    await t.test(name, () => assert.equal(placeOne(aSnapshot(nodes), pod), expected));
  }
  await t.test("a pod pinned to a node by name goes there and nowhere else", () => {
    const term = { matchFields: [{ key: "metadata.name", operator: "In" as const, values: ["n2"] }] };
    const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } };
    assert.equal(placeOne(aSnapshot(nodes), aPodFacts("web", { spec: { affinity: { nodeAffinity } } })), "n2");
  });
  await t.test("an empty term matches no node", () => {
    const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{}] } };
    assert.equal(
      placeOne(aSnapshot(nodes), aPodFacts("web", { spec: { affinity: { nodeAffinity } } })),
      "0/2 nodes are available: 2 nodes do not match the pod's node selector or affinity.",
    );
  });
});

test("taints and tolerations", async (t) => {
  const tainted = aSnapshot([aNodeFacts("n1", { taints: [{ key: "dedicated", value: "db", effect: "NoExecute" }] })]);
  const cases = [
    ["by key and value", { key: "dedicated", operator: "Equal" as const, value: "db" }, true],
    ["by another value", { key: "dedicated", operator: "Equal" as const, value: "web" }, false],
    ["by existence", { key: "dedicated", operator: "Exists" as const }, true],
    ["for another effect", { key: "dedicated", operator: "Exists" as const, effect: "NoSchedule" as const }, false],
    ["of everything", { operator: "Exists" as const }, true],
  ] as const;
  for (const [name, toleration, fits] of cases) {
    await t.test(name, () => {
      const answer = placeOne(tainted, aPodFacts(name, { spec: { tolerations: [toleration] } }));
      assert.equal(answer === "n1", fits, answer);
    });
  }
});

test("host ports", async (t) => {
  const holding = (hostPort: number, hostIP?: string) => ({
    spec: {
      containers: [
        { name: "main", image: "example", ports: [{ containerPort: 80, hostPort, ...(hostIP ? { hostIP } : {}) }] },
      ],
    },
  });
  await t.test("a port is held once per node", () => {
    const snapshot = aSnapshot([aNodeFacts("n1")], [[aPodFacts("first", holding(8080)), "n1"]]);
    assert.equal(
      placeOne(snapshot, aPodFacts("second", holding(8080))),
      "0/1 nodes are available: 1 node has host port 8080/TCP in use.",
    );
    assert.equal(placeOne(snapshot, aPodFacts("third", holding(8081))), "n1");
  });
  await t.test("all addresses clash with any one, two single addresses do not", () => {
    const snapshot = aSnapshot([aNodeFacts("n1")], [[aPodFacts("first", holding(80, "127.0.0.1")), "n1"]]);
    assert.match(placeOne(snapshot, aPodFacts("second", holding(80))), /in use/);
    assert.equal(placeOne(snapshot, aPodFacts("third", holding(80, "127.0.0.2"))), "n1");
  });
});

test("pod affinity", async (t) => {
  const zones = [
    aNodeFacts("n1", { labels: { [zone]: "a" } }),
    aNodeFacts("n2", { labels: { [zone]: "a" } }),
    aNodeFacts("n3", { labels: { [zone]: "b" } }),
  ];
  await t.test("goes where its friend's domain is", () => {
    const snapshot = aSnapshot(zones, [[aPodFacts("db", { labels: { app: "db" } }), "n3"]]);
    const pod = aPodFacts("web", { spec: { affinity: { podAffinity: required({ app: "db" }, zone) } } });
    assert.equal(placeOne(snapshot, pod), "n3");
  });
  await t.test("waits while the friend is nowhere", () => {
    const pod = aPodFacts("web", { spec: { affinity: { podAffinity: required({ app: "db" }, zone) } } });
    assert.match(placeOne(aSnapshot(zones), pod), /3 nodes without a pod that the pod's affinity asks for/);
  });
  await t.test("the first of a group that wants to be together may go anywhere, the others follow", () => {
    const wish = {
      labels: { app: "web" },
      owner: "set",
      spec: { affinity: { podAffinity: required({ app: "web" }, zone) } },
    };
    const result = schedule(aSnapshot(zones), [aPodFacts("w1", wish), aPodFacts("w2", wish), aPodFacts("w3", wish)]);
    const places = new Set(result.placements.map(({ nodeName }) => (nodeName === "n3" ? "b" : "a")));
    assert.equal(result.placements.length, 3);
    assert.equal(places.size, 1);
  });
  await t.test("only pods of its own namespace count, unless others are named", () => {
    const snapshot = aSnapshot(zones, [[aPodFacts("db", { labels: { app: "db" }, namespace: "data" }), "n3"]]);
    const own = aPodFacts("own", { spec: { affinity: { podAffinity: required({ app: "db" }, zone) } } });
    assert.match(placeOne(snapshot, own), /0\/3/);
    const named = aPodFacts("named", {
      spec: { affinity: { podAffinity: required({ app: "db" }, zone, { namespaces: ["data"] }) } },
    });
    assert.equal(placeOne(snapshot, named), "n3");
  });
  await t.test("a namespace selector goes by the labels namespaces have now", () => {
    const snapshot = aSnapshot(zones, [[aPodFacts("db", { labels: { app: "db" }, namespace: "data" }), "n3"]]);
    const more = { namespaceSelector: { matchLabels: { team: "storage" } } };
    const pod = aPodFacts("web", { spec: { affinity: { podAffinity: required({ app: "db" }, zone, more) } } });
    assert.match(placeOne(snapshot, pod), /0\/3/);
    snapshot.setNamespace("data", { team: "storage" });
    assert.equal(placeOne(snapshot, pod), "n3");
  });
});

test("pod anti-affinity", async (t) => {
  const nodes = [aNodeFacts("n1"), aNodeFacts("n2")];
  const alone = {
    labels: { app: "web" },
    owner: "set",
    spec: { affinity: { podAntiAffinity: required({ app: "web" }, host) } },
  };
  await t.test("one per node, the third waits", () => {
    const result = schedule(aSnapshot(nodes), [aPodFacts("w1", alone), aPodFacts("w2", alone), aPodFacts("w3", alone)]);
    assert.deepEqual(spreadOf(result), { n1: 1, n2: 1 });
    assert.equal(
      result.unplaced[0]?.sentence,
      "0/2 nodes are available: 2 nodes with a pod that the pod's anti-affinity keeps away from.",
    );
  });
  await t.test("is symmetric: a running pod's anti-affinity keeps newcomers away", () => {
    const snapshot = aSnapshot([aNodeFacts("n1")], [[aPodFacts("w1", alone), "n1"]]);
    assert.match(
      placeOne(snapshot, aPodFacts("plain", { labels: { app: "web" } })),
      /anti-affinity keeps this pod away/,
    );
    assert.equal(placeOne(snapshot, aPodFacts("other", { labels: { app: "other" } })), "n1");
  });
  await t.test("a copy on a lost node keeps nobody away", () => {
    const lost = { ...aPodFacts("w1", alone), isLost: true };
    assert.equal(placeOne(aSnapshot([aNodeFacts("n1")], [[lost, "n1"]]), aPodFacts("w2", alone)), "n1");
  });
});

test("topology spread", async (t) => {
  const zones = [
    aNodeFacts("n1", { labels: { [zone]: "a" } }),
    aNodeFacts("n2", { labels: { [zone]: "a" } }),
    aNodeFacts("n3", { labels: { [zone]: "b" } }),
    aNodeFacts("n4"),
  ];
  const constraint = { maxSkew: 1, topologyKey: zone, labelSelector: { matchLabels: { app: "web" } } };
  const hard = {
    labels: { app: "web" },
    spec: { topologySpreadConstraints: [{ ...constraint, whenUnsatisfiable: "DoNotSchedule" as const }] },
  };
  await t.test("domains stay within the skew, nodes without the label are out", () => {
    const result = schedule(
      aSnapshot(zones),
      Array.from({ length: 4 }, (_, index) => aPodFacts(`w${index}`, hard)),
    );
    const perNode = spreadOf(result);
    assert.equal(perNode.n4, undefined);
    assert.equal((perNode.n1 ?? 0) + (perNode.n2 ?? 0), 2);
    assert.equal(perNode.n3, 2);
  });
  await t.test("a domain that cannot take more holds the others back", () => {
    const full = zones.map((node) => (node.name === "n3" ? { ...node, isUnschedulable: true } : node));
    const result = schedule(
      aSnapshot(full),
      Array.from({ length: 3 }, (_, index) => aPodFacts(`w${index}`, hard)),
    );
    assert.equal(result.placements.length, 1);
    assert.match(result.unplaced[0]?.sentence ?? "", /2 nodes would make the spread over .*zone exceed 1/);
  });
  await t.test("terminating pods are not counted", () => {
    const leaving = { ...aPodFacts("old", hard), isTerminating: true };
    const snapshot = aSnapshot(
      [zones[0], zones[2]].flatMap((node) => node ?? []),
      [[leaving, "n1"]],
    );
    const result = schedule(snapshot, [aPodFacts("w1", hard), aPodFacts("w2", hard)]);
    assert.deepEqual(spreadOf(result), { n1: 1, n3: 1 });
  });
  await t.test("ScheduleAnyway prefers the emptier domain and refuses nobody", () => {
    const soft = {
      labels: { app: "web" },
      spec: { topologySpreadConstraints: [{ ...constraint, whenUnsatisfiable: "ScheduleAnyway" as const }] },
    };
    const snapshot = aSnapshot(zones.slice(0, 3), [[aPodFacts("w0", soft), "n1"]]);
    assert.equal(placeOne(snapshot, aPodFacts("w1", soft)), "n3");
  });
});

test("where memory runs out only pods that ask for nothing are kept away", () => {
  const key = "node.kubernetes.io/memory-pressure";
  const pressed = aSnapshot([aNodeFacts("n1", { taints: [{ key, effect: "NoSchedule" }] })]);
  const asking = { containers: [{ name: "c", image: "i", resources: { requests: { memory: "1Mi" } } }] };
  assert.equal(placeOne(pressed, aPodFacts("burstable", { spec: asking })), "n1");
  assert.match(
    placeOne(pressed, aPodFacts("best-effort", { spec: {} })),
    /taint \{node\.kubernetes\.io\/memory-pressure\}/,
  );
});

test("a pod that needs something of the kernel goes where it is, and waits with a reason where it is nowhere", () => {
  const localhost = { appArmorProfile: { type: "Localhost" as const, localhostProfile: "tight" } };
  const wishes = [
    ["UserNamespaces", aPodFacts("own", { spec: { hostUsers: false } })],
    ["AppArmor", aPodFacts("tight", { spec: { securityContext: localhost } })],
  ] as const;
  for (const [feature, pod] of wishes) {
    const able = aNodeFacts("n2", { features: [feature] });
    assert.equal(placeOne(aSnapshot([aNodeFacts("n1"), able]), pod), "n2");
    const none = aSnapshot([aNodeFacts("n1"), aNodeFacts("n2")]);
    assert.equal(placeOne(none, pod), `0/2 nodes are available: 2 nodes do not have ${feature}.`);
  }
  const unconfined = { appArmorProfile: { type: "Unconfined" as const } };
  for (const spec of [{ securityContext: unconfined }, { hostUsers: true }])
    assert.equal(placeOne(aSnapshot([aNodeFacts("n1")]), aPodFacts("any", { spec })), "n1");
});
