/** A connection to where the control plane keeps its state, and the one to an etcd that it is given. */
import { readFile } from "node:fs/promises";
import type { Clock } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import type { StoreStatus } from "#proto/resources/cluster-status.ts";
import type { ExternalEtcd } from "./config.ts";
import { EtcdEndpoints, type EtcdTls } from "./store/etcd-endpoints.ts";
import { EtcdKv } from "./store/etcd-kv.ts";
import { clusterKey } from "./store/keyspace.ts";
import type { Kv } from "./store/kv.ts";

export interface StoreConnection {
  readonly kv: Kv;
  status(): Promise<StoreStatus>;
  stop(): Promise<void>;
}

export interface StoreConnectionOptions {
  readonly prefix: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

const healthTimeoutMs = 2000;

/** Your own etcd. Throws Problem when its files cannot be read or it does not answer. */
export async function connectExternalEtcd(
  etcd: ExternalEtcd,
  options: StoreConnectionOptions,
  signal: AbortSignal,
): Promise<StoreConnection> {
  const tls = await readTls(etcd);
  const connection = { endpoints: etcd.endpoints, clock: options.clock, ...(tls && { tls }) };
  const kv = new EtcdKv({ ...options, ...connection });
  try {
    await kv.get(clusterKey("settings"), signal);
  } catch (thrown) {
    await kv.close();
    const hint = "Check --etcd-endpoints, that etcd runs, and that --etcd-ca, --etcd-cert and --etcd-key are its own.";
    const message = `etcd at ${etcd.endpoints.join(", ")} cannot be used: ${Problem.from(thrown).message}`;
    throw new Problem("unavailable", message, { hint, cause: thrown });
  }
  const endpoints = new EtcdEndpoints(connection);
  return {
    kv,
    status: () => storeStatus("external", etcd.endpoints, endpoints),
    stop: async () => {
      endpoints.close();
      await kv.close();
    },
  };
}

/** Asks one member how it is; never throws. */
export async function storeStatus(
  kind: "embedded" | "external",
  urls: readonly string[],
  endpoints: EtcdEndpoints,
): Promise<StoreStatus> {
  try {
    const late = AbortSignal.timeout(healthTimeoutMs);
    const { version, dbSize, header } = await endpoints.call(
      "its status",
      (member) => member.maintenance.status(),
      late,
    );
    return { kind, endpoints: urls, healthy: true, version, revision: header.revision, sizeBytes: Number(dbSize) };
  } catch (thrown) {
    return { kind, endpoints: urls, healthy: false, message: Problem.from(thrown).message };
  }
}

async function readTls(etcd: ExternalEtcd): Promise<EtcdTls | undefined> {
  if (etcd.authorityFile === undefined) return undefined;
  const [authorityPem, certificatePem, keyPem] = await Promise.all([
    readPem(etcd.authorityFile, "--etcd-ca"),
    etcd.certificateFile === undefined ? undefined : readPem(etcd.certificateFile, "--etcd-cert"),
    etcd.keyFile === undefined ? undefined : readPem(etcd.keyFile, "--etcd-key"),
  ]);
  return {
    authorityPem,
    ...(certificatePem && { certificatePem }),
    ...(keyPem && { keyPem }),
    ...(etcd.tlsName !== undefined && { serverName: etcd.tlsName }),
  };
}

async function readPem(path: string, flag: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (thrown) {
    throw new Problem("invalid", `the file ${path} of ${flag} cannot be read (${errnoOf(thrown) ?? "unknown"})`, {
      cause: thrown,
    });
  }
}
