/** A connection to where the control plane keeps its state, and the one to an etcd that it is given. */
import type { CertificateLife } from "#proto/identity/certificate.ts";
import type { Clock } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import type { StoreStatus } from "#proto/resources/cluster-status.ts";
import type { ExternalEtcd } from "./config.ts";
import { endingFiles, followEtcdTls, readEtcdTls } from "./etcd/external-tls.ts";
import { probeEtcdTls, type TlsFailure } from "./etcd/tls-probe.ts";
import { EtcdEndpoints, type EtcdTls } from "./store/etcd-endpoints.ts";
import { EtcdKv } from "./store/etcd-kv.ts";
import { alarmAnswer, alarmPath, alarmRequest } from "./store/etcd-service-messages.ts";
import { clusterKey } from "./store/keyspace.ts";
import type { Kv } from "./store/kv.ts";

export interface StoreConnection {
  readonly kv: Kv;
  /** Of our own etcd: renewed while it runs. */
  readonly certificate?: { life(): CertificateLife; pem(): string; renew(): Promise<void> };
  status(): Promise<StoreStatus>;
  /** Certificates that it stands on and somebody has to renew soon, in sentences. */
  readonly endingFiles?: () => readonly string[];
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
  const tls = await readEtcdTls(etcd);
  const connection = { endpoints: etcd.endpoints, clock: options.clock, ...(tls && { tls }) };
  const kv = new EtcdKv({ ...options, ...connection });
  const failures = tls ? tlsFailures(etcd, tls, options.clock) : Promise.resolve([]);
  try {
    await Promise.race([kv.get(clusterKey("settings"), signal), rejectWhenAllFinal(failures, etcd.endpoints.length)]);
  } catch (thrown) {
    await kv.close();
    throw cannotBeUsed(etcd, tls, (await failures)[0]?.why, thrown);
  }
  const endpoints = new EtcdEndpoints(connection);
  const following = new AbortController();
  let current = tls;
  const onChange = (fresh: EtcdTls): void => {
    current = fresh;
    kv.replaceTls(fresh);
    endpoints.replaceTls(fresh);
  };
  if (tls) void followEtcdTls({ ...options, files: etcd, first: tls, onChange }, following.signal);
  return {
    kv,
    status: () => storeStatus("external", etcd.endpoints, endpoints),
    endingFiles: () => (current ? endingFiles(etcd, current, options.clock.nowMs()) : []),
    stop: async () => {
      following.abort();
      endpoints.close();
      await kv.close();
    },
  };
}

async function tlsFailures(etcd: ExternalEtcd, tls: EtcdTls, clock: Clock): Promise<readonly TlsFailure[]> {
  const probes = etcd.endpoints
    .filter((endpoint) => endpoint.startsWith("https:"))
    .map((endpoint) => probeEtcdTls(endpoint, tls, clock));
  return (await Promise.all(probes)).filter((failure) => failure !== undefined);
}

/** A wrong certificate is told at once; whoever may still be starting is waited for. */
async function rejectWhenAllFinal(failures: Promise<readonly TlsFailure[]>, members: number): Promise<never> {
  const final = (await failures).filter(({ isFinal }) => isFinal);
  if (final[0] && final.length === members) throw new Problem("unavailable", final[0].why);
  return await new Promise<never>(() => undefined);
}

function cannotBeUsed(etcd: ExternalEtcd, tls: EtcdTls | undefined, why: string | undefined, cause: unknown): Problem {
  const address = etcd.endpoints.join(", ");
  if (!tls && etcd.endpoints.some((endpoint) => endpoint.startsWith("https:"))) {
    const message = `etcd at ${address} speaks TLS, and --etcd-ca is not given`;
    return new Problem("invalid", message, { hint: "Give the authority of its certificate with --etcd-ca.", cause });
  }
  const hint = "Check --etcd-endpoints, that etcd runs, and that --etcd-ca, --etcd-cert and --etcd-key are its own.";
  return new Problem("unavailable", `etcd at ${address} cannot be used: ${why ?? Problem.from(cause).message}`, {
    hint,
    cause,
  });
}

/** Asks one member how it is; never throws. */
export async function storeStatus(
  kind: "embedded" | "external",
  urls: readonly string[],
  endpoints: EtcdEndpoints,
): Promise<StoreStatus> {
  const late = AbortSignal.timeout(healthTimeoutMs);
  try {
    const [{ version, dbSize, header }, alarms] = await Promise.all([
      endpoints.call("its status", async (member) => (await member.services()).maintenance.status(), late),
      endpoints.call("its alarms", endpoints.ask(alarmPath, alarmRequest()), late).then(alarmAnswer),
    ]);
    const isCorrupt = alarms.some(({ isSpace }) => !isSpace);
    return {
      ...{ kind, endpoints: urls, healthy: !isCorrupt, version },
      ...{ revision: header.revision, sizeBytes: Number(dbSize) },
      ...(alarms.some(({ isSpace }) => isSpace) && { isFull: true }),
      ...(isCorrupt && { message: "a member has raised the alarm that its data is corrupt" }),
    };
  } catch (thrown) {
    const silent = `it has not answered for ${healthTimeoutMs / 1000} s`;
    return { kind, endpoints: urls, healthy: false, message: late.aborted ? silent : Problem.from(thrown).message };
  }
}
