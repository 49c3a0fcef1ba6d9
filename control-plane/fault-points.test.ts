import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { noFaults } from "#proto/kit/fault-points.ts";
import { silentLogger } from "#proto/kit/logger.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { seededRandom, systemRandom } from "#proto/kit/random.ts";
import { defaultClusterSettings } from "#proto/resources/cluster-settings.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { resourceKeyOf } from "./controllers/engine/apply.ts";
import {
  type ControlPlaneFaultPoint,
  type ControlPlaneFaults,
  controlPlaneFaultPoints,
  withFaultPoints,
} from "./fault-points.ts";
import { JoinTokens } from "./identity/join-tokens.ts";
import { NodeIdentities } from "./identity/node-identities.ts";
import { LeaderElection } from "./leadership/leader-election.ts";
import { Members } from "./leadership/members.ts";
import { KeyFile } from "./sealing/key-file.ts";
import { openKeyring } from "./sealing/open-keyring.ts";
import { SessionDirectory } from "./sessions/session-directory.ts";
import { BatchingObjectStore } from "./store/batching-object-store.ts";
import { EventStore } from "./store/event-store.ts";
import { MemoryKv } from "./store/memory-kv.ts";
import { createObjectCodec } from "./store/object-codec.ts";
import { createSealer } from "./store/sealer.ts";
import { newSealingKey } from "./store/sealing-key-file.ts";
import { createSecretSealing } from "./store/secret-sealing.ts";
import { settleSettings } from "./stored-settings.ts";

const clock = new ManualClock();
const random = seededRandom(7);
const logger = silentLogger;

function recorded() {
  const visited = new Set<ControlPlaneFaultPoint>();
  const faults: ControlPlaneFaults = { at: (point) => void visited.add(point) };
  return { kv: withFaultPoints(new MemoryKv({ clock }), faults), visited, faults };
}

const objects: readonly (readonly [string, KubeObject])[] = [
  ["configmaps", object("v1", "ConfigMap", "default")],
  ["secrets", object("v1", "Secret", "default")],
  ["pods", object("v1", "Pod", "default")],
  ["nodes", object("v1", "Node")],
  ["namespaces", object("v1", "Namespace")],
  ["deployments.apps", object("apps/v1", "Deployment", "default")],
  ["replicasets.apps", object("apps/v1", "ReplicaSet", "default")],
  ["cronjobs.batch", object("batch/v1", "CronJob", "default")],
];

function object(apiVersion: string, kind: string, namespace?: string): KubeObject {
  return { apiVersion, kind, metadata: { name: "one", ...(namespace !== undefined && { namespace }) } };
}

test("every kind of write, by the part of the control plane that makes it, passes its two fault points", async () => {
  const { kv, visited, faults } = recorded();
  await settleSettings(kv, defaultClusterSettings, {});
  await new NodeIdentities(kv, async () => false).bind("n1", "key");
  const tokens = new JoinTokens({ kv, clock, random, authorityDigests: () => ["digest"] });
  await tokens.create({ lifetimeMs: 0, uses: 1, description: "", createdBy: "test" });
  await new EventStore({ kv, codec: createObjectCodec(), clock }).put([object("v1", "Event", "default")]);
  const onChange = (): void => undefined;
  const place = { controlPlane: "cp", address: "", leaseMs: 1_000 };
  const directory = new SessionDirectory({
    ...{ kv, clock, logger, ...place },
    ...{ onStoreHealth: onChange, onHeldElsewhere: onChange, onTaken: onChange },
  });
  await directory.claim("n1", "instance");
  const over = new AbortController();
  const lead = async (): Promise<void> => over.abort();
  await new LeaderElection({ kv, clock, random, logger, identity: "cp", lead }).run(over.signal);
  const self = () => ({ name: "cp", address: "", version: "", startedAt: "", keys: [] });
  await new Members({ kv, clock, logger, id: "cp", self }).join(new AbortController().signal);
  const folder = await mkdtemp(join(tmpdir(), "orch-points-"));
  const file = new KeyFile(join(folder, "keys"), faults);
  await openKeyring({ kv, file, clock, random: systemRandom, logger }, new AbortController().signal);
  await file.keep([newSealingKey(systemRandom)], new Set());
  await rm(folder, { recursive: true });
  const sealer = createSealer([{ id: "k", secret: Buffer.alloc(32, 1) }], random);
  const store = new BatchingObjectStore({ kv, codec: createObjectCodec(createSecretSealing(sealer)) });
  for (const [resource, made] of objects) {
    const result = await store.write({ kind: "create", key: resourceKeyOf(resource, made), object: made });
    assert.ok(result.ok, resource);
  }
  assert.deepEqual(
    controlPlaneFaultPoints.filter((point) => !visited.has(point)),
    [],
    "points that nothing passes",
  );
});

test("switched off there is nothing between the control plane and its store", () => {
  const kv = new MemoryKv({ clock });
  assert.equal(withFaultPoints(kv, noFaults), kv);
});

test("a fault before sending writes nothing; one after it has written and its caller does not know", async () => {
  for (const at of ["configmaps:sending", "configmaps:written"] as const) {
    const memory = new MemoryKv({ clock });
    const fault = new Problem("unavailable", "cut");
    const kv = withFaultPoints(memory, { at: (point) => (point === at ? Promise.reject(fault) : undefined) });
    const store = new BatchingObjectStore({ kv, codec: createObjectCodec() });
    const [resource, made] = objects[0] ?? assert.fail("no object");
    const key = resourceKeyOf(resource, made);
    await assert.rejects(store.write({ kind: "create", key, object: made }), fault);
    const isThere = (await new BatchingObjectStore({ kv: memory, codec: createObjectCodec() }).get(key)) !== undefined;
    assert.equal(isThere, at === "configmaps:written");
  }
});
