/** What goes wrong on a node's machine, made there by hand: the Node says so and what to do, scheduling heeds it, and it ends with its cause. */
import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { isUnified } from "#deploy/local-cluster/cgroups.ts";
import { nodePaths } from "#deploy/local-cluster/names.ts";
import type { Event } from "#proto/resources/event.ts";
import type { Node, NodeCondition } from "#proto/resources/node.ts";
import { auditHost } from "../support/audit.ts";
import { TestCluster } from "../support/cluster.ts";
import { pidsWith } from "../support/containers.ts";
import { deployment } from "../support/manifests.ts";
import { eventually, must } from "../support/programs.ts";
import { difference } from "../support/shared-cluster.ts";

const cluster = new TestCluster("troubled");
const folder = mkdtempSync(join(tmpdir(), "orch-troubled-"));
/** One runs out of processes while the other has the rest of the troubles. */
const [crowded, node] = ["node-1", "node-2"];
const paths = nodePaths(cluster.name, node);
const word = `4${process.pid}`;
let clean: readonly string[] = [];

before(
  async () => {
    clean = auditHost(cluster.name);
    await cluster.up(2, ["--pressure-hold", "2s"]);
    await cluster.loadExampleImage();
  },
  { timeout: 180_000 },
);

after(
  async () => {
    await cluster.down();
    rmSync(folder, { recursive: true, force: true });
    assert.deepEqual(difference(clean, auditHost(cluster.name)), [], "the cluster left something behind");
  },
  { timeout: 120_000 },
);

/** As root of the node's machine would. */
const onNode = (...command: readonly string[]): Promise<string> =>
  must("nsenter", [`--net=${paths.networkPin}`, `--mount=${paths.mountPin}`, ...command]);

const taintKeys = async (of: string): Promise<readonly string[]> =>
  ((await cluster.get<Node>(`node/${of}`)).spec?.taints ?? []).map(({ key }) => key);

async function holding(type: string, of: string): Promise<NodeCondition | undefined> {
  const { status } = await cluster.get<Node>(`node/${of}`);
  return status?.conditions?.find((one) => one.type === type && one.status === "True");
}

/** Until the condition holds, and every place that shows it does; what it says. */
async function untilTold(type: string, of: string): Promise<string> {
  const { reason, message = "" } = await eventually(type, () => holding(type, of), 40_000);
  const status = await cluster.run(["cluster", "status"]);
  assert.equal(status.code, 1);
  assert.match(status.out, new RegExp(`^${of} +Ready,${type}[ ,]`, "m"));
  const [beforeNumbers = ""] = message.split(/\d/); // which may have changed meanwhile
  assert.ok(status.out.includes(`! Node ${of}: ${type}: ${beforeNumbers}`), status.out);
  assert.match(await cluster.orchctl(["describe", "node", of]), new RegExp(`${type}=True for `));
  await untilToldOnce(of, (event) => event.type === "Warning" && event.reason === reason);
  return message;
}

/** One event of the node, said once. */
async function untilToldOnce(of: string, isMeant: (event: Event) => boolean): Promise<void> {
  await eventually(`one event of ${of}`, async () => {
    const events = (await cluster.list<Event>("events")).filter(({ involvedObject }) => involvedObject.name === of);
    const counts = events.filter(isMeant).map(({ count = 1 }) => count);
    return isDeepStrictEqual(counts, [1]) ? true : undefined;
  });
}

async function untilOver(type: string, of: string): Promise<void> {
  await eventually(`${type} to end`, async () => ((await holding(type, of)) ? undefined : true), 40_000);
  assert.doesNotMatch((await cluster.run(["cluster", "status"])).out, new RegExp(type));
  await untilToldOnce(of, (event) => event.type === "Normal" && event.message?.endsWith(`${type} is over`) === true);
}

/** Names of tables that have rules, each as often as it has. */
async function nodeTables(): Promise<readonly string[]> {
  interface Listed {
    readonly nftables: readonly { readonly rule?: { readonly table: string } }[];
  }
  const { nftables } = JSON.parse(await onNode("nft", "-j", "list", "ruleset")) as Listed;
  return nftables.flatMap(({ rule }) => rule?.table ?? []);
}

async function restartAgent(): Promise<void> {
  const pid = cluster.agentPid(node);
  process.kill(pid, "SIGKILL");
  await eventually("another agent", () => (cluster.agentPid(node) === pid ? undefined : true));
  const answers = async () => (await cluster.run(["node", "metrics", node])).code === 0;
  await eventually("its session", async () => ((await answers()) ? true : undefined));
}

suite("troubles of two nodes", { concurrency: true }, () => {
  suite("of one", { concurrency: 1 }, () => {
    test("ForeignFirewall: rules that drop pods' packets are named with what helps, which does; flushed rules of ours come back", {
      timeout: 90_000,
    }, async () => {
      const ours = await nodeTables();
      await onNode(
        "nft",
        "add table ip guard; add chain ip guard block { type filter hook forward priority 0; }; add rule ip guard block ip saddr 10.128.0.0/12 drop",
      );
      const message = await untilTold("ForeignFirewall", node);
      assert.match(
        message,
        /^chain ip guard block drops packets from pods \(a rule of block that drops\); this lets them pass: /,
      );
      assert.deepEqual(await taintKeys(node), [], "pods that need no network still come");
      await restartAgent();
      assert.equal((await holding("ForeignFirewall", node))?.message, message, "another agent says the same at once");
      await onNode("sh", "-c", message.slice(message.indexOf(": nft ") + 2));
      await untilOver("ForeignFirewall", node);
      await onNode("nft", "flush", "ruleset");
      await eventually("rules of ours", async () => (isDeepStrictEqual(await nodeTables(), ours) ? true : undefined));
    });

    test("RuntimeVulnerable: a runtime with known holes is named while it is installed; pods run on", {
      timeout: 90_000,
    }, async () => {
      const pod = `      nodeName: ${node}`;
      await cluster.apply(deployment({ name: "calm", replicas: 1, command: `exec sleep ${word}`, pod }), "--wait");
      const pids = pidsWith(word);
      const runtime = (await onNode("which", "crun")).trim();
      const [kept, old] = [join(folder, "kept"), join(folder, "old")];
      await must("cp", [runtime, kept]);
      writeFileSync(old, `#!/bin/sh\n[ "$1" = --version ] && echo crun version 1.26.1 || exec ${kept} "$@"\n`);
      chmodSync(old, 0o755);
      await onNode("mount", "--bind", old, runtime);
      try {
        await restartAgent();
        const message = await untilTold("RuntimeVulnerable", node);
        assert.match(
          message,
          /^crun 1\.26\.1 has.*CVE-2026-30892\); install a newer package and restart orch-node-agent/,
        );
        assert.deepEqual(await taintKeys(node), []);
      } finally {
        await onNode("umount", runtime);
      }
      await restartAgent();
      await untilOver("RuntimeVulnerable", node);
      assert.deepEqual(pidsWith(word), pids);
      await cluster.orchctl(["delete", "deployment", "calm"]);
    });
  });

  test("PIDPressure: the pod with the most processes goes, new ones wait and say why until there are ids again", {
    timeout: 120_000,
  }, async () => {
    const pids = join("/sys/fs/cgroup", isUnified() ? "" : "pids", nodePaths(cluster.name, crowded).cgroup);
    const leave = (free: number): void => {
      const current = Number(readFileSync(join(pids, "pids.current"), "utf8"));
      writeFileSync(join(pids, "pids.max"), String(current + free));
    };
    const many = "i=0; while [ $i -lt 200 ]; do sleep 3600 & i=$((i+1)); done; touch /tmp/ready; wait";
    const ready = `          readinessProbe: { exec: { command: ["test", "-f", "/tmp/ready"] }, periodSeconds: 1 }`;
    const pod = `      nodeSelector: { kubernetes.io/hostname: ${crowded} }`;
    await cluster.apply(deployment({ name: "many", replicas: 1, command: many, container: ready, pod }), "--wait");
    try {
      leave(8);
      const message = await untilTold("PIDPressure", crowded);
      assert.match(message, /^the node's cgroup \(pids\.max\) has \d+ of 2\d\d process ids left; 2\d are kept free/);
      assert.deepEqual(await taintKeys(crowded), ["node.kubernetes.io/pid-pressure"]);
      const evicted = await eventually("an evicted pod", async () =>
        (await cluster.pods("-l", "app=many")).find(({ status }) => status?.reason === "Evicted"),
      );
      assert.match(evicted.status?.message ?? "", /^The node was low on resource: pids\. .*The pod had 20\d processes/);
      leave(0);
      await eventually("a reason to wait", async () => {
        const waiting = (await cluster.pods("-l", "app=many")).find(({ status }) => status?.phase === "Pending");
        const reason = waiting?.status?.conditions?.find(({ type }) => type === "PodScheduled")?.message;
        return /pid-pressure/.test(reason ?? "") ? true : undefined;
      });
    } finally {
      writeFileSync(join(pids, "pids.max"), "max");
    }
    await untilOver("PIDPressure", crowded);
    await cluster.orchctl(["rollout", "status", "deployment/many", "--timeout", "60s"], { timeoutMs: 70_000 });
  });
});
