/** The kernel's cgroups, of whichever version this machine has. */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cgroupsContract } from "#node-agent/runtime/cgroups.contract.ts";
import { Cgroups } from "#node-agent/runtime/cgroups.ts";
import { systemClock } from "#proto/kit/clock.ts";

cgroupsContract("this machine", async () => {
  const cgroups = await Cgroups.open(systemClock);
  const root = `/orch/test-${randomUUID().slice(0, 8)}`;
  return {
    cgroups,
    root,
    prepare: (path) => cgroups.limit(path, { pids: 100 }),
    read: (controller, path, file) => readFileSync(join(cgroups.directory(controller, path) ?? "", file), "utf8"),
    close: async () => {
      await cgroups.remove(root);
      await cgroups.pruneParents(root);
    },
  };
});
