import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import { defaultClusterSettings } from "#proto/resources/cluster-settings.ts";
import { LateNetwork, type NodeNetwork } from "./late-network.ts";

const pod = { uid: "u", namespacePath: "/ns" };

function bench(): { readonly network: LateNetwork; readonly calls: string[] } {
  const calls: string[] = [];
  const create = (settings: { readonly podCidr: string }): NodeNetwork => ({
    setUp: async (podCidr) => void calls.push(`set up ${podCidr} of ${settings.podCidr}`),
    tearDown: async () => undefined,
    foreignDrops: async () => [],
    attach: async ({ uid }) => ({ podUid: uid, addresses: ["10.128.1.2/24"], gateway: "10.128.1.1", dns: [] }),
    detach: async () => undefined,
    list: async () => [],
    dial: () => Promise.reject(new Error("not here")),
  });
  return { network: new LateNetwork(create, defaultClusterSettings), calls };
}

test("until the node has its addresses pods wait, and what is left over is still found", async () => {
  const { network } = bench();
  await assert.rejects(network.attach(pod), (thrown) => Problem.is(thrown, "unavailable"));
  assert.deepEqual(await network.list(), []);
  assert.equal(await network.configure(defaultClusterSettings, "10.128.1.0/24"), true);
  assert.deepEqual((await network.attach(pod)).addresses, ["10.128.1.2/24"]);
});

test("being told the same again changes nothing; other settings make it anew", async () => {
  const { network, calls } = bench();
  await network.configure(defaultClusterSettings, "10.128.1.0/24");
  assert.equal(await network.configure(defaultClusterSettings, "10.128.1.0/24"), false);
  await network.configure({ ...defaultClusterSettings, podCidr: "10.0.0.0/12" }, "10.128.1.0/24");
  assert.deepEqual(calls, ["set up 10.128.1.0/24 of 10.128.0.0/12", "set up 10.128.1.0/24 of 10.0.0.0/12"]);
});
