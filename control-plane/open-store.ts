/** Opens the store that the configuration names: an etcd that it is given, or our own, started or adopted. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { kill } from "node:process";
import { readCertificate } from "#proto/identity/certificate.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { ControlPlaneConfig, EmbeddedEtcdConfig } from "./config.ts";
import { EmbeddedEtcd } from "./etcd/embedded-etcd.ts";
import { defaultQuotaBytes } from "./etcd/etcd-command.ts";
import { findEtcdBinary } from "./etcd/find-binary.ts";
import { findRunningEtcd } from "./etcd/running-etcd.ts";
import { type EtcdCertificateFiles, ensureEtcdCertificates, etcdTlsName } from "./identity/etcd-certificates.ts";
import { readIfThere, writePrivateFile } from "./identity/private-files.ts";
import { EtcdEndpoints } from "./store/etcd-endpoints.ts";
import { EtcdKv } from "./store/etcd-kv.ts";
import {
  connectExternalEtcd,
  type StoreConnection,
  type StoreConnectionOptions,
  storeStatus,
} from "./store-connection.ts";

type Dependencies = Omit<StoreConnectionOptions, "prefix">;

export async function openStore(
  config: ControlPlaneConfig,
  dependencies: Dependencies,
  signal: AbortSignal,
): Promise<StoreConnection> {
  const { clock, random } = dependencies;
  const options = { prefix: config.etcdPrefix, clock, random, logger: dependencies.logger.child({ part: "store" }) };
  if (config.etcd.kind === "external") return await connectExternalEtcd(config.etcd, options, signal);
  return await openEmbeddedEtcd(config, config.etcd, options, signal);
}

const loopback = "127.0.0.1";

async function openEmbeddedEtcd(
  config: ControlPlaneConfig,
  etcd: EmbeddedEtcdConfig,
  options: StoreConnectionOptions,
  signal: AbortSignal,
): Promise<StoreConnection> {
  const { clock, random, logger } = options;
  const cluster = config.settings.clusterName;
  const certificateOptions = {
    folder: join(config.dataDir, "pki", "etcd"),
    cluster,
    ipAddresses: [...new Set([loopback, config.advertiseAddress])],
    lifetimeMs: config.certificateLifetimes.serverMs,
    clock,
    random,
  };
  const certificates = await ensureEtcdCertificates(certificateOptions);
  const portsFile = join(config.dataDir, "etcd-ports.json");
  const ports = await choosePorts(etcd, portsFile, join(config.dataDir, "etcd"));
  let tls = await readMaterial(certificates);
  const urls = [`https://${loopback}:${ports.clientPort}`];
  const connection = { endpoints: urls, tls, clock };
  const endpoints = new EtcdEndpoints(connection);
  const embedded = new EmbeddedEtcd({
    binary: await findEtcdBinary(etcd.searchPath),
    member: {
      name: config.name,
      cluster,
      dataDir: join(config.dataDir, "etcd"),
      advertiseAddress: config.advertiseAddress,
      listenAddresses: [loopback],
      certificates,
      ...ports,
    },
    logFile: join(config.dataDir, "etcd.log"),
    endpoints,
    kill: (pid, name) => void kill(pid, name),
    ...{ clock, random, logger },
  });
  await embedded.start(signal);
  await writePrivateFile(portsFile, `${JSON.stringify(ports)}\n`);
  const kv = new EtcdKv({ ...options, ...connection, onFull: () => embedded.wasFull() });
  return {
    kv,
    certificate: {
      life: () => readCertificate(tls.certificatePem.toString("utf8")),
      pem: () => tls.certificatePem.toString("utf8"),
      renew: async () => {
        tls = await readMaterial(await ensureEtcdCertificates(certificateOptions));
        for (const client of [kv, endpoints]) client.replaceTls(tls);
      },
    },
    status: async () => ({ ...(await storeStatus("embedded", urls, endpoints)), quotaBytes: defaultQuotaBytes }),
    stop: async () => {
      await kv.close();
      await embedded.stop();
    },
  };
}

async function readMaterial(files: EtcdCertificateFiles) {
  const read = [files.authority, files.certificate, files.key].map((path) => readFile(path));
  const [authorityPem, certificatePem, keyPem] = await Promise.all(read);
  if (!authorityPem || !certificatePem || !keyPem) throw new Problem("internal", "etcd's certificates are missing");
  return { authorityPem, certificatePem, keyPem, serverName: etcdTlsName };
}

interface Ports {
  readonly clientPort: number;
  readonly peerPort: number;
}

const firstPort = 2379;
const lastPort = 2579;

/**
 * As given, else as at the last start, else the first free pair: several clusters may live on one machine. The last ones only
 * while our own etcd still has them or nobody has: a stopped cluster reserves nothing.
 */
async function choosePorts(etcd: EmbeddedEtcdConfig, file: string, dataDir: string): Promise<Ports> {
  const text = await readIfThere(file);
  const last = text === undefined ? undefined : (JSON.parse(text) as Ports);
  const isOurs = (await findRunningEtcd(dataDir)) !== undefined;
  const keeps = last !== undefined && (isOurs || ((await isFree(last.clientPort)) && (await isFree(last.peerPort))));
  const clientPort = etcd.clientPort ?? (keeps ? last.clientPort : undefined);
  const peerPort = etcd.peerPort ?? (keeps ? last.peerPort : undefined);
  if (clientPort !== undefined && peerPort !== undefined) return { clientPort, peerPort };
  for (let port = firstPort; port < lastPort; port += 2) {
    const pair = { clientPort: clientPort ?? port, peerPort: peerPort ?? port + 1 };
    if ((await isFree(pair.clientPort)) && (await isFree(pair.peerPort))) return pair;
  }
  throw new Problem("unavailable", `no free pair of ports from ${firstPort} to ${lastPort} for etcd`, {
    hint: "Give two with --etcd-client-port and --etcd-peer-port.",
  });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ host: loopback, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
