/** What pods keep on the disk, counted by the real program. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { StorageMeter } from "#node-agent/eviction/storage-meter.ts";
import { systemClock } from "#proto/kit/clock.ts";

const uid = "01234567-89ab-cdef-0123-456789abcdef";
const id = "0123456789abcdef0123456789abcdef_web_3";

test("writable layers, logs and volumes are counted by container and volume; what is not there is nothing", async (t) => {
  const root = mkdtempSync(join(tmpdir(), "orch-meter-"));
  t.after(() => rmSync(root, { recursive: true }));
  const put = (path: string, kib: number): void => {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), Buffer.alloc(kib * 1024, 1));
  };
  put(`rootfs/${id}/upper/var/data`, 300);
  put(`logs/${uid}/web/3.log`, 100);
  put(`volumes/${uid}/scratch/a\nb`, 200);
  put(`volumes/${uid}/memory/x`, 50);
  const directories = { rootfs: join(root, "rootfs"), logs: join(root, "logs"), volumes: join(root, "volumes") };
  const meter = new StorageMeter(directories, systemClock);
  const spec = {
    containers: [
      { name: "web", image: "i" },
      { name: "not-yet", image: "i" },
    ],
    volumes: [
      { name: "scratch", emptyDir: {} },
      { name: "memory", emptyDir: { medium: "Memory" } },
      { name: "gone", emptyDir: {} },
    ],
  };
  const pod = { uid, pod: { apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec }, rootfses: [id] } as const;
  const signal = new AbortController().signal;
  const bytes = await meter.measure(pod, "bytes", signal);
  assert.deepEqual([[...bytes.containers.keys()], [...bytes.volumes.keys()]], [["web"], ["scratch"]]);
  const [web = 0, scratch = 0] = [bytes.containers.get("web"), bytes.volumes.get("scratch")];
  assert.ok(web >= 400 * 1024 && web < 450 * 1024, `${web}`);
  assert.ok(scratch >= 200 * 1024 && scratch < 230 * 1024, `${scratch}`);
  const files = await meter.measure(pod, "files", signal);
  assert.deepEqual([files.containers.get("web"), files.volumes.get("scratch")], [5, 2]);
});
