/**
 * Run by expired-certificate.test.ts in namespaces of its own: a real agent whose certificate lives for seconds is killed, and started again
 * when it has expired. Once its node is deleted there is no such way back, and it says what to do.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { identityDirectory, loadIdentity } from "#node-agent/session/node-identity.ts";
import { readCertificate } from "#proto/identity/certificate.ts";
import { createSigningRequest } from "#proto/identity/signing-request.ts";
import { sleep, systemClock } from "#proto/kit/clock.ts";
import type { ClusterStatus } from "#proto/resources/cluster-status.ts";
import type { Node } from "#proto/resources/node.ts";
import { apiService } from "#proto/wire/generated/services.ts";
import type { AgentPlace, AgentProcess } from "../agent/agent-process.ts";
import { OneNode, running } from "./one-node.ts";

const word = `${600_000 + (process.pid % 100_000)}`;
/** An agent that knows no more finds the enrollment port beside the one it dials. */
const agentPort = 6_999;
let node: OneNode;
let agent: AgentProcess;
let place: AgentPlace;

const expiresAtMs = async (): Promise<number> => {
  const identity = await loadIdentity(identityDirectory(join(place.directory, "data")));
  return readCertificate(identity?.certificateChainPem ?? "").notAfterMs;
};
const isReady = async (): Promise<boolean> => {
  const found = (await node.ask((api) => api.get("nodes", "", "n1"))) as Node;
  return found.status?.conditions?.find(({ type }) => type === "Ready")?.status === "True";
};
const becomesReady = (wanted: boolean): Promise<true> =>
  node.until(`the node is ${wanted ? "" : "not "}ready`, async () => (await isReady()) === wanted || undefined);

/** Killed, and off until its last certificate is good no more. */
async function offUntilExpired(): Promise<void> {
  await agent.end("SIGKILL");
  const untilMs = await expiresAtMs();
  await node.until("the certificate expires", async () => systemClock.nowMs() > untilMs + 1_000 || undefined);
}

const personLivesMs = 12_000;
let warned: Promise<string>;

/** What the cluster's status says of a person whose certificate ends soon; from the last fifth of its life on. */
async function warningOf(person: string): Promise<string> {
  const { signingRequestPem } = await createSigningRequest(person);
  const client = await node.plane.client();
  try {
    await client.unary(apiService.issueUserCertificate, {
      ...{ user: person, groups: ["orch:viewers"], lifetimeMs: personLivesMs },
      signingRequest: Buffer.from(signingRequestPem),
    });
    return await node.until(`the status warns of ${person}'s certificate`, async () => {
      await sleep(systemClock, 200);
      const reply = await client.unary(apiService.clusterStatus, {});
      const { warnings } = JSON.parse(Buffer.from(reply.status).toString("utf8")) as ClusterStatus;
      return warnings.find((warning) => warning.includes(`certificate of ${person} `));
    });
  } finally {
    client.close();
  }
}

before(async () => {
  node = await OneNode.create(`expired-${process.pid}`);
  const ports = `tcp dport ${agentPort} redirect to :${node.plane.port}\ntcp dport ${agentPort + 1} redirect to :${node.plane.enrollmentPort}`;
  const rules = `table ip redirected { chain output { type nat hook output priority -100;\n${ports}\n}\n}\n`;
  execFileSync("nft", ["-f", "-"], { input: rules });
  await node.plane.start(...node.flags, "--node-certificate-lifetime", "6s");
  warned = warningOf("ana");
  ({ agent, place } = await node.addNode(agentPort));
  await node.insist("kept", (api) => api.create("deployments.apps", node.deployment("kept", word, 1)));
  await node.rolledOut("kept");
});

after(async () => {
  await agent.end("SIGTERM");
  await node.remove();
});

test("it comes back with its old key; its container never noticed", async () => {
  const kept = running(word);
  assert.equal(kept.length, 1);
  await offUntilExpired();
  await becomesReady(false);
  agent.start(`127.0.0.1:${agentPort}`);
  await becomesReady(true);
  assert.match(agent.log, /certificate has expired; coming back with its key/);
  assert.ok((await expiresAtMs()) > systemClock.nowMs());
  assert.deepEqual(running(word), kept);
  await node.rolledOut("kept");
});

test("the cluster's status has warned of a person's certificate that ends soon, with what to do", async () => {
  assert.match(
    await warned,
    /^The certificate of ana expires on 20.*: `orchctl config renew` there, or `orchctl user add` here\.$/,
  );
});

test("a machine whose node was deleted meanwhile stops what it runs, says so and ends for good", async () => {
  assert.equal(running(word).length, 1);
  await offUntilExpired();
  await node.insist("n1", (api) => api.delete("nodes", "", "n1"));
  agent.start(`127.0.0.1:${agentPort}`);
  await node.until("it ends", async () => agent.hasEnded || undefined);
  assert.equal(agent.exitCode, 3, agent.log);
  assert.match(agent.log, /n1 was deleted from the cluster/);
  assert.deepEqual(running(word), [], "it ran for nobody");
});
