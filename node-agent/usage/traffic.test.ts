import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { interfacesOf, readDiskTraffic, readMemoryLimit, readProcessCount } from "./traffic.ts";

test("disks and processes of a cgroup, of version 1 and 2", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "orch-traffic-"));
  t.after(() => rmSync(directory, { recursive: true }));
  assert.equal(await readDiskTraffic(directory), undefined);
  writeFileSync(join(directory, "io.stat"), "8:0 rbytes=10 wbytes=20 rios=1\n8:16 rbytes=1 wbytes=2\n");
  assert.deepEqual(await readDiskTraffic(directory), { inBytes: 11, outBytes: 22 });
  writeFileSync(
    join(directory, "blkio.throttle.io_service_bytes"),
    "8:0 Read 5\n8:0 Write 7\n8:0 Total 12\nTotal 12\n",
  );
  assert.deepEqual(await readDiskTraffic(directory), { inBytes: 5, outBytes: 7 });
  writeFileSync(join(directory, "pids.current"), "3\n");
  assert.equal(await readProcessCount(directory), 3);
  assert.equal(await readMemoryLimit(directory), undefined);
  writeFileSync(join(directory, "memory.max"), "max\n");
  assert.equal(await readMemoryLimit(directory), undefined);
  writeFileSync(join(directory, "memory.max"), "1048576\n");
  assert.equal(await readMemoryLimit(directory), 1_048_576);
});

test("network interfaces but the loopback", () => {
  const text = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 99 1 0 0 0 0 0 0 99 1 0 0 0 0 0 0
  eth0: 100 1 0 0 0 0 0 0 200 2 0 0 0 0 0 0`;
  assert.deepEqual(interfacesOf(text), { inBytes: 100, outBytes: 200 });
});
