/** A stand-in for an agent: starts one container on the machine named by its arguments, says so, and waits to be killed. */

import type { ContainerSpec } from "#node-agent/runtime/container-runtime.ts";
import { CrunRuntime } from "#node-agent/runtime/crun-runtime.ts";
import { NamespaceSandboxes } from "#node-agent/runtime/sandbox.ts";
import { systemClock } from "#proto/kit/clock.ts";
import { silentLogger } from "#proto/kit/logger.ts";

setInterval(() => undefined, 1_000); // the clock's timers alone keep no process alive
const [runDirectory = "", cgroupRoot = "", specText = ""] = process.argv.slice(2);
const options = { runDirectory, cgroupRoot, clock: systemClock, logger: silentLogger };
const runtime = await CrunRuntime.open(options);
const sandboxes = await NamespaceSandboxes.open(options);
const spec = JSON.parse(specText) as ContainerSpec;
const sandbox = await sandboxes.create({
  podUid: spec.podUid,
  podNamespace: "default",
  podName: "web",
  hostname: "web",
  hostNetwork: false,
  hostPid: false,
  hostIpc: false,
  sysctls: {},
});
await runtime.create({ ...spec, sandbox }, new AbortController().signal);
const { pid } = await runtime.start(spec.id);
process.stdout.write(`${pid}\n`);
