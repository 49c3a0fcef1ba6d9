import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { seededRandom } from "#proto/kit/random.ts";
import { dayMs, validity } from "./identity/certificate-authority.ts";
import { makeAuthority } from "./identity/certificate-maker.ts";
import { firstKeyState } from "./sealing/key-state.ts";
import { readClusterStatus, type StatusParts } from "./status-source.ts";

const never = (): Promise<never> => new Promise(() => undefined);
const refuses = (): Promise<never> => Promise.reject(new Problem("unavailable", "etcd did not answer"));

for (const [what, ask] of [
  ["is silent", never],
  ["refuses", refuses],
] as const) {
  test(`while the store ${what}, the status comes in time, says so, and tells what the cache knows`, async () => {
    const clock = new ManualClock();
    const authority = await makeAuthority("t", "orch", validity(clock, seededRandom(1), dayMs));
    const node = { apiVersion: "v1", kind: "Node", metadata: { name: "n1" } };
    const self = { name: "cp", address: "a:1", version: "1", startedAt: "", keys: ["one"] };
    const parts = {
      ...{ name: "cp", version: "1", settings: { clusterName: "c" }, clock },
      cache: { list: (resource: string) => (resource === "nodes" ? [node] : []), byIndex: () => [] },
      connection: {
        status: async () => ({ kind: "embedded", endpoints: [], healthy: false, message: "it is silent" }),
      },
      identity: {
        authority: { authoritiesPem: authority.certificatePem },
        keeper: { state: undefined },
        records: { list: ask },
        revocations: { get: () => undefined },
      },
      sealing: { keyring: { state: firstKeyState("one") }, members: { self, list: ask } },
      election: { leadership: undefined, leader: ask },
      isConnected: () => true,
      monitoringAddress: () => undefined,
    } as unknown as StatusParts;
    const reading = readClusterStatus(parts);
    clock.advance(10_000);
    const { store, controlPlanes, nodes, warnings } = await reading;
    assert.equal(store.healthy, false);
    assert.deepEqual([controlPlanes.map(({ name }) => name), nodes.map(({ name }) => name)], [["cp"], ["n1"]]);
    assert.match(warnings.join(), /etcd is not well: it is silent; .*nothing can be changed until it is\..*etcd\.log/);
  });
}
