/**
 * Run by disturbed.test.ts in namespaces of its own: real control plane, etcd, agent and containers. Each part in turn stands still (SIGSTOP)
 * for less and for more than the others' patience, and the network between them is cut by nftables: both ways, one way, on and off, and
 * around a death, which leaves half a connection. No container may notice any of it.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { findRunningEtcd } from "#control-plane/etcd/running-etcd.ts";
import { identityDirectory, loadIdentity } from "#node-agent/session/node-identity.ts";
import { sleep, systemClock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Node } from "#proto/resources/node.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Pod } from "#proto/resources/pod.ts";
import { type AgentPlace, AgentProcess, emptyPlace, removePlace } from "../agent/agent-process.ts";
import { OneNode, running } from "./one-node.ts";

const word = `${700_000 + (process.pid % 100_000)}`;
const flags = ["--heartbeat-interval", "1s", "--node-timeout", "5s"];
/** Below and above what the others wait for. */
const [shortMs, longMs] = [1_500, 6_500];
/** Where the agent dials: redirected, so that its connection alone can be cut. */
const agentPort = 6_999;
let node: OneNode;
let agent: AgentProcess;
let place: AgentPlace;
let kept: readonly string[] = [];

const nft = (rules: string): void => void execFileSync("nft", ["-f", "-"], { input: `${rules}\n` });

type Direction = "original" | "reply";

/** Drops what the agent's connections carry: `original` is towards the control plane. */
function cut(...directions: readonly Direction[]): void {
  const drops = directions.map(
    (way) => `meta l4proto tcp ct original proto-dst ${agentPort} ct direction ${way} drop;`,
  );
  nft(`table ip cut { chain output { type filter hook output priority 0; ${drops.join("\n")}\n}\n}`);
}

const mend = (): void => nft("delete table ip cut");

const readyOf = async (): Promise<{ readonly status: string; readonly since: string }> => {
  const found = (await node.ask((api) => api.get("nodes", "", "n1"))) as Node;
  const ready = found.status?.conditions?.find(({ type }) => type === "Ready");
  return { status: ready?.status ?? "", since: ready?.lastTransitionTime ?? "" };
};

async function becomes(wanted: "ready" | "lost"): Promise<void> {
  await node.until(`the node is ${wanted}`, async () => {
    const isReady = (await readyOf()).status === "True";
    return isReady === (wanted === "ready") || undefined;
  });
}

async function etcdPid(): Promise<number> {
  const etcd = await findRunningEtcd(join(node.plane.folder, "data/etcd"));
  assert.ok(etcd, "etcd runs");
  return etcd.pid;
}

async function frozenFor(pid: number | undefined, forMs: number, meanwhile?: () => Promise<void>): Promise<void> {
  assert.ok(pid !== undefined);
  process.kill(pid, "SIGSTOP");
  try {
    await meanwhile?.();
    await sleep(systemClock, forMs);
  } finally {
    process.kill(pid, "SIGCONT");
  }
}

/** Nobody was judged: the node is as ready as before, since the same moment. */
async function withoutJudgement(body: () => Promise<void>): Promise<void> {
  await becomes("ready");
  const before = await readyOf();
  await body();
  await node.insist("it serves", (api) => api.list("nodes"));
  // One full period after which a wrong judgement would have been made.
  await sleep(systemClock, 5_500);
  assert.deepEqual(await readyOf(), before);
}

async function nothingHappened(): Promise<void> {
  assert.deepEqual(running(word), kept);
  const pods = await node.list<Pod>("pods");
  assert.equal(pods.length, 2);
  for (const pod of pods) assert.equal(pod.status?.containerStatuses?.[0]?.restartCount, 0);
  await node.rolledOut("kept");
}

/** The node is given up while the trouble lasts, and is well by itself after it. */
async function givenUpDuring(trouble: () => void, end: () => void): Promise<void> {
  await becomes("ready");
  trouble();
  await becomes("lost");
  assert.deepEqual(running(word), kept);
  end();
  await becomes("ready");
  await nothingHappened();
}

before(async () => {
  nft("table ip redirected { chain output { type nat hook output priority -100;\n}\n}");
  node = await OneNode.create(`disturbed-${process.pid}`);
  nft(`add rule ip redirected output tcp dport ${agentPort} redirect to :${node.plane.port}`);
  await node.plane.start(...node.flags, ...flags);
  ({ agent, place } = await node.addNode(agentPort));
  await node.insist("kept", (api) => api.create("deployments.apps", node.deployment("kept", word, 2)));
  await node.rolledOut("kept");
  await node.until("both run", async () => (running(word).length === 2 ? true : undefined));
  kept = running(word);
});

after(async () => {
  await node.insist("it goes", (api) =>
    api.delete("deployments.apps", "default", "kept", { propagation: "Foreground" }),
  );
  await node.until("its pods are gone", async () => (running(word).length === 0 ? true : undefined));
  await agent.end("SIGTERM");
  await node.remove();
});

test("an agent that stands still for a moment is not given up; one that does for long is, and goes on where it was", async () => {
  await withoutJudgement(() => frozenFor(agent.pid, shortMs));
  await givenUpDuring(
    () => process.kill(agent.pid, "SIGSTOP"),
    () => process.kill(agent.pid, "SIGCONT"),
  );
});

test("a control plane that stood still, for a moment or for long, judges nobody for it", async () => {
  await withoutJudgement(async () => {
    for (const forMs of [shortMs, longMs]) await frozenFor(node.plane.pid, forMs);
  });
  await nothingHappened();
});

test("while etcd stands still callers are answered in time, what was acknowledged stays, and nobody is judged", async () => {
  const made: string[] = [];
  const make = async (name: string): Promise<void> => {
    const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "default" } } as KubeObject;
    const startedAtMs = systemClock.monotonicMs();
    const isMade = await node
      .ask((api) => api.create("configmaps", object))
      .then(
        () => true,
        (thrown: unknown) => {
          assert.ok(Problem.is(thrown, "unavailable") || Problem.is(thrown, "timeout"), String(thrown));
          return false;
        },
      );
    assert.ok(systemClock.monotonicMs() - startedAtMs < 40_000, "a call that is not answered");
    if (isMade) made.push(name);
  };
  await withoutJudgement(async () => {
    for (const forMs of [shortMs, longMs]) {
      const writes: Promise<void>[] = [];
      await frozenFor(await etcdPid(), forMs, async () => {
        writes.push(make(`during-${forMs}`));
      });
      await Promise.all(writes);
      await make(`after-${forMs}`);
    }
  });
  const names = (await node.list("configmaps")).map(({ metadata }) => metadata.name);
  for (const name of made) assert.ok(names.includes(name), `ConfigMap ${name} was acknowledged`);
  assert.ok(made.includes(`after-${longMs}`));
  await nothingHappened();
});

const partitions: Readonly<Record<string, readonly Direction[]>> = {
  "towards the control plane": ["original"],
  "towards the agent": ["reply"],
  "both ways": ["original", "reply"],
};

for (const [name, directions] of Object.entries(partitions)) {
  test(`a network that drops everything ${name} costs the node its readiness, until it is mended`, async () => {
    await givenUpDuring(() => cut(...directions), mend);
  });
}

test("a link that flaps, each time for less than anybody's patience, costs nothing", async () => {
  await withoutJudgement(async () => {
    for (let turn = 0; turn < 5; turn++) {
      cut("original", "reply");
      await sleep(systemClock, 400);
      mend();
      await sleep(systemClock, 800);
    }
  });
  await nothingHappened();
});

test("a control plane that dies behind a cut link leaves the agent half a connection, which it finds out by itself", async () => {
  cut("original", "reply");
  await node.plane.stop("SIGKILL");
  await node.plane.start(...node.flags, ...flags);
  mend();
  await becomes("ready");
  await nothingHappened();
});

/** Runs etcdctl with the control plane's own certificate. */
function etcdctl(...args: readonly string[]): void {
  const pki = join(node.plane.folder, "data/pki/etcd");
  const access = ["--endpoints", `https://127.0.0.1:${node.plane.ports[2]}`, "--cacert", `${pki}/ca.pem`];
  const keys = ["--cert", `${pki}/etcd.pem`, "--key", `${pki}/etcd-key.pem`];
  execFileSync("etcdctl", [...access, ...keys, ...args], {
    stdio: "ignore",
    env: { ...process.env, ETCDCTL_API: "3" },
  });
}

const count = async (suffix: string, wanted: number): Promise<void> => {
  await node.until(`${wanted} of ${suffix}`, async () => running(`${word}${suffix}`).length === wanted || undefined);
};

test("after a restore from an older snapshot agents follow what is true now: the new goes, the old comes back, the rest runs on", async () => {
  await node.insist("gone", (api) => api.create("deployments.apps", node.deployment("gone", `${word}1`, 1)));
  await count("1", 1);
  await node.rolledOut("gone");
  const snapshot = join(node.plane.folder, "snapshot");
  etcdctl("snapshot", "save", snapshot);
  await node.insist("gone", (api) => api.delete("deployments.apps", "default", "gone"));
  await count("1", 0);
  await node.insist("new", (api) => api.create("deployments.apps", node.deployment("new", `${word}2`, 1)));
  await count("2", 1);
  await node.plane.stop();
  const member = `cp=https://127.0.0.1:${node.plane.ports[3]}`;
  const data = join(node.plane.folder, "data/etcd");
  rmSync(data, { recursive: true });
  const peer = ["--initial-cluster", member, "--initial-advertise-peer-urls", member.slice("cp=".length)];
  etcdctl("snapshot", "restore", snapshot, "--name", "cp", "--data-dir", data, ...peer);
  await node.plane.start(...node.flags, ...flags);
  await count("2", 0);
  await count("1", 1);
  await node.insist("gone", (api) => api.delete("deployments.apps", "default", "gone"));
  await count("1", 0);
  await becomes("ready");
  const isAlone = async (): Promise<true | undefined> =>
    (await node.list<Pod>("pods")).length === 2 ? true : undefined;
  await node.until("its pods have left", isAlone);
  await nothingHappened();
});

test("of two agents with one identity the newer goes on; the older is told why, ends for good and touches nothing", async () => {
  const second = { ...(await emptyPlace(`${node.plane.cluster}`)), cgroupRoot: `/orch/${node.plane.cluster}/twin` };
  mkdirSync(join(second.directory, "data"));
  execFileSync("cp", ["-a", identityDirectory(join(place.directory, "data")), join(second.directory, "data/identity")]);
  const twin = new AgentProcess(second);
  try {
    // A copy of the disk that starts on the same host: its own run directory, the same key.
    assert.ok(await loadIdentity(identityDirectory(join(second.directory, "data"))));
    twin.start(`127.0.0.1:${node.plane.port}`);
    await node.until("the older ends", async () => agent.hasEnded || undefined);
    assert.equal(agent.exitCode, 3, agent.log);
    assert.match(agent.log, /newer|replaced/);
    assert.deepEqual(
      running(word).filter((one) => kept.includes(one)),
      kept,
    );
  } finally {
    await twin.end("SIGTERM");
  }
  agent.start(`127.0.0.1:${agentPort}`);
  await becomes("ready");
  await removePlace(second);
});
