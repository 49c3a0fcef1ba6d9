import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { silentLogger } from "#proto/kit/logger.ts";
import { PodLoads } from "./pod-loads.ts";
import type { MeasuredPod } from "./storage-meter.ts";

const uid = "01234567-89ab-cdef-0123-456789abcdef";
const id = "0123456789abcdef0123456789abcdef_web_3";
const signal = new AbortController().signal;
const resources = { requests: { memory: "1Ki" }, limits: { memory: "4Ki", "ephemeral-storage": "2Ki" } };
const debug = "0123456789abcdef0123456789abcdef_look_0";
const pod: MeasuredPod = {
  uid,
  pod: {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", namespace: "n" },
    spec: {
      containers: [{ name: "web", image: "i", resources }],
      ephemeralContainers: [{ name: "look", image: "i" }],
      priority: 7,
    },
  },
  rootfses: [id, debug],
};

test("only what the signal is about is looked at, in the pod's cgroup or on its disk", async (t) => {
  const root = mkdtempSync(join(tmpdir(), "orch-loads-"));
  t.after(() => rmSync(root, { recursive: true }));
  const units: string[] = [];
  const loads = new PodLoads({
    memoryDirectory: (cgroup) => join(root, "memory", cgroup),
    pidsDirectory: (cgroup) => join(root, "pids", cgroup),
    podCgroup: (of) => `/orch/pods/${of}`,
    meter: {
      measure: async (_, unit) => {
        units.push(unit);
        return { containers: new Map([["web", 30]]), volumes: new Map([["v", 12]]) };
      },
    },
    logger: silentLogger,
  });
  const put = (path: string, text: string): void => {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  put(`memory/orch/pods/${uid}/memory.current`, "5000\n");
  put(`memory/orch/pods/${uid}/memory.stat`, "inactive_file 1000\n");
  put(`memory/orch/pods/${uid}/${id}/memory.current`, "3000\n");
  put(`memory/orch/pods/${uid}/${debug}/memory.current`, "900\n");
  put(`pids/orch/pods/${uid}/pids.current`, "17\n");
  const read = async (of: Parameters<typeof loads.read>[1]) => (await loads.read([pod], of, signal))[0];
  const memory = await read("memory.available");
  assert.deepEqual([memory?.usage.memoryBytes, memory?.requests.memoryBytes, memory?.priority], [4000, 1024, 7]);
  const uses = memory?.containers.map(({ name, usage }) => [name, usage.memoryBytes]);
  assert.deepEqual(
    uses,
    [
      ["web", 3000],
      ["look", 900],
    ],
    "one added to look inside counts too",
  );
  assert.equal((await read("pid.available"))?.usage.processes, 17);
  assert.deepEqual(units, []);
  const disk = await read("nodefs.available");
  assert.deepEqual([disk?.usage.storageBytes, disk?.requests.storageBytes], [42, 2048]);
  assert.equal((await read("nodefs.inodesFree"))?.usage.files, 42);
  assert.deepEqual(units, ["bytes", "files"]);
});
