/** How etcd is started: one member that can grow to three later without being made anew. Pure. */

export interface EtcdMember {
  /** Unique in the cluster, as the control plane's name. */
  readonly name: string;
  /** The cluster's name: a member of another cluster that finds this address is refused. */
  readonly cluster: string;
  readonly dataDir: string;
  /** The machine's own address: told to future members. */
  readonly advertiseAddress: string;
  /** Where it listens; loopback alone until there are more members. */
  readonly listenAddresses: readonly string[];
  readonly clientPort: number;
  readonly peerPort: number;
  readonly certificates: {
    readonly authority: string;
    readonly certificate: string;
    readonly key: string;
  };
  /** etcd refuses writes when its file reaches this size. */
  readonly quotaBytes?: number;
}

export const defaultQuotaBytes = 2 * 1024 ** 3;

/**
 * Writes that may wait for etcd's file. For each read etcd 3.4 copies the whole buffer of what waits, which grows with a burst and
 * stays that large while anything is written now and then: after 6,000 writes a read of one key allocated 516 KiB instead of 73. The
 * buffer begins with 512 places, and a transaction of ours may go 100 beyond the limit.
 */
const unwrittenLimit = 400;

export function etcdArguments(member: EtcdMember): readonly string[] {
  const { authority, certificate, key } = member.certificates;
  const url = (address: string, port: number): string =>
    `https://${address.includes(":") ? `[${address}]` : address}:${port}`;
  const urls = (port: number): string => member.listenAddresses.map((address) => url(address, port)).join(",");
  const advertisedPeer = url(member.advertiseAddress, member.peerPort);
  const flags: Readonly<Record<string, string | number>> = {
    name: member.name,
    "data-dir": member.dataDir,
    "listen-client-urls": urls(member.clientPort),
    "advertise-client-urls": url(member.advertiseAddress, member.clientPort),
    "listen-peer-urls": urls(member.peerPort),
    "initial-advertise-peer-urls": advertisedPeer,
    "initial-cluster": `${member.name}=${advertisedPeer}`,
    "initial-cluster-token": `orch-${member.cluster}`,
    "initial-cluster-state": "new",
    "cert-file": certificate,
    "key-file": key,
    "trusted-ca-file": authority,
    "client-cert-auth": "true",
    "peer-cert-file": certificate,
    "peer-key-file": key,
    "peer-trusted-ca-file": authority,
    "peer-client-cert-auth": "true",
    "max-txn-ops": 1024,
    "quota-backend-bytes": member.quotaBytes ?? defaultQuotaBytes,
    // Generous: etcd 3.4 can drop a delete event at the edge of a compaction (etcd#18089), so watches stay far from it.
    "auto-compaction-mode": "revision",
    "auto-compaction-retention": 10_000,
    // Each entry of the log stays in memory until a snapshot; the default of 100,000 is a gigabyte of batches.
    "snapshot-count": 5000,
    // Half the idle wake-ups of the default; slower ones keep a restarted single member away for seconds.
    "heartbeat-interval": 200,
    "election-timeout": 1000,
    // What is not in the file yet is in the log, which is synced with every write.
    "backend-batch-interval": "1s",
    "backend-batch-limit": unwrittenLimit,
    // Moves the caches past foreign writes, well before those are compacted; who waits for a revision does not wait for this.
    "experimental-watch-progress-notify-interval": "15s",
    logger: "zap",
    "log-outputs": "stderr",
    "log-level": "warn",
  };
  return Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
}

/**
 * etcd's surroundings: nothing of ours, a small heap, and half of the machine's processors. The control plane beside it, one thread, is
 * nearly all that calls it: with a thread for each of two processors etcd takes a quarter more of their time for the same creates (its
 * threads wake each other), and a read's tail is longer.
 */
export function etcdEnvironment(processors: number): Readonly<Record<string, string>> {
  const threads = Math.max(1, Math.floor(processors / 2));
  return { GOGC: "50", GOMAXPROCS: String(threads), PATH: "/usr/sbin:/usr/bin:/sbin:/bin" };
}
