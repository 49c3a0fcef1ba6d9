import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { joinCluster } from "#proto/identity/join.ts";
import { systemClock } from "#proto/kit/clock.ts";
import type { ClusterStatus } from "#proto/resources/cluster-status.ts";
import { agentGatewayService, apiService } from "#proto/wire/generated/services.ts";
import { ControlPlaneProcess } from "./control-plane-process.ts";

const slow = { timeout: 90_000 };

describe("two control planes on one store", () => {
  let first: ControlPlaneProcess;
  let second: ControlPlaneProcess;
  before(async () => {
    first = await ControlPlaneProcess.create("sessions-two");
    await first.start();
    second = await ControlPlaneProcess.create("sessions-two");
    await second.start("--name", "cp2", ...first.storeFlags);
  });
  after(async () => {
    await second.remove();
    await first.remove();
  });

  async function statusOf(plane: ControlPlaneProcess): Promise<ClusterStatus> {
    const client = await plane.client();
    try {
      const reply = await client.unary(apiService.clusterStatus, {});
      return JSON.parse(Buffer.from(reply.status ?? []).toString()) as ClusterStatus;
    } finally {
      client.close();
    }
  }
  const leaderOf = (status: ClusterStatus): string | undefined =>
    status.controlPlanes.find(({ leader }) => leader)?.name;

  async function untilLeads(plane: ControlPlaneProcess, name: string, withinMs: number): Promise<void> {
    const untilMs = performance.now() + withinMs;
    while (leaderOf(await statusOf(plane)) !== name) {
      assert.ok(performance.now() < untilMs, `${name} does not lead after ${withinMs} ms`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  it("share authority and objects; one leads", slow, async () => {
    const [one, two] = [await statusOf(first), await statusOf(second)];
    assert.equal(one.authority?.fingerprint, two.authority?.fingerprint);
    assert.deepEqual([leaderOf(one), leaderOf(two)], ["cp", "cp"]);
    assert.equal(two.store.kind, "external");
  });

  it("a node's session moves to the other one, with a larger epoch; the first one ends its own", slow, async () => {
    const admin = await first.client();
    const { token } = await admin.unary(apiService.createJoinToken, { description: "test" });
    admin.close();
    const identity = await joinCluster({
      host: "127.0.0.1",
      enrollmentPort: second.enrollmentPort,
      token: token ?? "",
      nodeName: "n1",
      version: "0.1.0",
      timeoutMs: 10_000,
      clock: systemClock,
    });
    const certificate = { certificateChain: identity.certificateChainPem, privateKey: identity.privateKeyPem };
    const hello = { hello: { version: "0.1.0", instance: "a", node: Buffer.from("{}") } };
    const open = async (plane: ControlPlaneProcess) => {
      const client = await plane.client(certificate);
      const call = client.bidi(agentGatewayService.session);
      await call.send(hello);
      const replies = call.replies[Symbol.asyncIterator]();
      const message = await replies.next();
      assert.ok(!message.done && message.value.welcome, "expected a welcome");
      return { client, replies, epoch: Number(message.value.welcome.epoch) };
    };
    const before = await open(first);
    const now = await open(second);
    assert.ok(now.epoch > before.epoch);
    let farewell: string | undefined;
    for (let next = await before.replies.next(); !next.done; next = await before.replies.next()) {
      if (next.value.goodbye) farewell = next.value.goodbye.reason ?? "";
    }
    assert.match(farewell ?? "", /newer session/);
    before.client.close();
    now.client.close();
  });

  it(
    "a leader that stands still for a moment goes on; one that does for long is followed, and writes nothing more",
    slow,
    async () => {
      const isWritten = async (name: string): Promise<boolean> => {
        const client = await second.client();
        const key = { resource: "nodes", name };
        const { object } = await client.unary(apiService.get, key).finally(() => client.close());
        const node = JSON.parse(Buffer.from(object ?? []).toString()) as { spec?: { podCIDR?: string } };
        return node.spec?.podCIDR !== undefined;
      };
      /** What only a leader does: give a node its range. */
      const leaderWorks = async (name: string): Promise<void> => {
        const client = await second.client();
        const node = { apiVersion: "v1", kind: "Node", metadata: { name } };
        await client.unary(apiService.create, { resource: "nodes", object: Buffer.from(JSON.stringify(node)) });
        client.close();
        const untilMs = performance.now() + 30_000;
        while (!(await isWritten(name))) {
          assert.ok(performance.now() < untilMs, `nobody leads: ${name} has no range`);
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      };
      const names = async (): Promise<readonly string[]> =>
        (await statusOf(second)).controlPlanes.map(({ name, leader }) => `${name}${leader ? " leads" : ""}`);
      assert.deepEqual(await names(), ["cp leads", "cp2"]);
      const pid = first.pid ?? assert.fail("it does not run");
      process.kill(pid, "SIGSTOP");
      await new Promise((resolve) => setTimeout(resolve, 1500)); // less than a lease
      process.kill(pid, "SIGCONT");
      await leaderWorks("after-a-moment");
      assert.equal(leaderOf(await statusOf(second)), "cp");
      process.kill(pid, "SIGSTOP");
      try {
        await untilLeads(second, "cp2", 30_000);
        await leaderWorks("meanwhile");
      } finally {
        process.kill(pid, "SIGCONT");
      }
      await untilLeads(first, "cp2", 30_000);
      await leaderWorks("afterwards");
      const log = `${first.output}${first.errors}`;
      assert.equal(log.match(/"msg":"leading"/g)?.length, 1, "one term in all");
      assert.match(log, /"msg":"no longer leading"/);
      await second.stop();
      await untilLeads(first, "cp", 15_000);
      await second.start("--name", "cp2", ...first.storeFlags);
    },
  );

  it("when the leader is killed the other one leads within seconds, and nothing is lost", slow, async () => {
    const client = await first.client();
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "kept" } };
    await client.unary(apiService.create, { resource: "namespaces", object: Buffer.from(JSON.stringify(namespace)) });
    client.close();
    await first.stop("SIGKILL");
    await untilLeads(second, "cp2", 15_000);
    const other = await second.client();
    await other.unary(apiService.get, { resource: "namespaces", name: "kept" });
    other.close();
  });

  it("a control plane that comes back under its own name leads at once when nobody else does", slow, async () => {
    await second.stop();
    await first.start();
    await untilLeads(first, "cp", 5000);
    await first.stop("SIGKILL");
    await first.start();
    await untilLeads(first, "cp", 2500); // less than a lease: the dead predecessor's claim is not waited for
  });
});
