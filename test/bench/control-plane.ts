/** A built control plane with its own etcd, alone: what the benchmarks of store, cache and API put under load. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ControlPlaneProcess } from "../integration/sessions/control-plane-process.ts";
import { must, programs, root } from "../e2e/support/programs.ts";
import type { Say } from "./benchmark.ts";
import type { Target } from "./load/target.ts";

export interface BareControlPlane {
  readonly process: ControlPlaneProcess;
  readonly target: Target;
}

export async function withControlPlane<T>(say: Say, body: (bare: BareControlPlane) => Promise<T>): Promise<T> {
  await must("sh", [join(root, "deploy/setup/packages.sh"), "run"], { timeoutMs: 600_000 });
  await must(process.execPath, [join(root, "deploy/build.ts")]);
  const program = join(programs, "bin/orch-control-plane");
  const controlPlane = await ControlPlaneProcess.create("bench-api", { program });
  say(`starting a control plane with its own etcd in ${controlPlane.folder}`);
  try {
    await controlPlane.start();
    return await body({ process: controlPlane, target: await targetOf(controlPlane) });
  } finally {
    await controlPlane.remove();
  }
}

async function targetOf(controlPlane: ControlPlaneProcess): Promise<Target> {
  const { certificateAuthority, clientCertificate, clientKey } = await controlPlane.context();
  return {
    address: `127.0.0.1:${controlPlane.port}`,
    serverName: controlPlane.serverName,
    certificateAuthority,
    clientCertificate,
    clientKey,
  };
}

/** The file a benchmark runs as a process of its own. */
export function loader(name: string): string {
  const file = join(root, "test/bench/load", name);
  if (!existsSync(file)) throw new Error(`${file} is missing`);
  return file;
}
