/** A built control plane with its own etcd, alone: what the benchmarks of store, cache and API put under load. */
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { etcdTlsName } from "#control-plane/identity/etcd-certificates.ts";
import { EtcdKv } from "#control-plane/store/etcd-kv.ts";
import { systemClock } from "#proto/kit/clock.ts";
import { silentLogger } from "#proto/kit/logger.ts";
import { systemRandom } from "#proto/kit/random.ts";
import { must, programs, type Running, root, start } from "../e2e/support/programs.ts";
import { ControlPlaneProcess } from "../integration/sessions/control-plane-process.ts";
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

/** How to reach the control plane's etcd, with the control plane's own certificate. */
export async function etcdTarget({ process: controlPlane }: BareControlPlane): Promise<Target> {
  const pki = join(controlPlane.folder, "data/pki/etcd");
  const read = (file: string): Promise<string> => readFile(join(pki, file), "utf8");
  return {
    address: `127.0.0.1:${controlPlane.etcdPort}`,
    serverName: etcdTlsName,
    certificateAuthority: await read("ca.pem"),
    clientCertificate: await read("etcd.pem"),
    clientKey: await read("etcd-key.pem"),
  };
}

/** Writes beside the control plane, below its own prefix. */
export async function etcdClient(bare: BareControlPlane): Promise<EtcdKv> {
  const { address, serverName, ...pem } = await etcdTarget(bare);
  return new EtcdKv({
    endpoints: [`https://${address}`],
    tls: {
      authorityPem: Buffer.from(pem.certificateAuthority),
      certificatePem: Buffer.from(pem.clientCertificate),
      keyPem: Buffer.from(pem.clientKey),
      serverName,
    },
    prefix: `/orch/${bare.process.cluster}/`,
    ...{ clock: systemClock, random: systemRandom, logger: silentLogger },
  });
}

/**
 * Runs a file of `load/` as a process of its own. Its job lies in a file: there is a private key in it.
 * `out` grows while it runs; `stop` ends it.
 */
export function startLoader(name: string, job: object): Running & { readonly report: Promise<unknown> } {
  const folder = mkdtempSync(join(tmpdir(), "orch-load-"));
  const jobFile = join(folder, "job.json");
  writeFileSync(jobFile, JSON.stringify(job), { mode: 0o600 });
  const running = start(process.execPath, [join(root, "test/bench/load", name), jobFile]);
  const report = once(running.child, "close").then(([code]) => {
    rmSync(folder, { recursive: true, force: true });
    const last = running.text().trim().split("\n").at(-1) ?? "";
    if (code !== 0) throw new Error(`${name} exited with ${code}: ${running.text().slice(-2000)}`);
    return JSON.parse(last) as unknown;
  });
  return { ...running, report };
}
