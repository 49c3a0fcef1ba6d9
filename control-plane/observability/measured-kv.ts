/** A store that tells how long etcd takes. */
import type { Clock } from "#proto/kit/clock.ts";
import type { Metrics } from "#proto/kit/observability/metrics.ts";
import type { Kv } from "../store/kv.ts";

export function measuredKv(kv: Kv, metrics: Metrics, clock: Clock): Kv {
  const seconds = metrics.histogram("etcd_request_duration_seconds", "Time etcd takes to answer.", ["operation"]);
  const total = metrics.counter("etcd_requests_total", "Requests to etcd.", ["operation"]);
  const failed = metrics.counter("etcd_request_errors_total", "Requests to etcd that failed.", ["operation"]);
  const measure = async <T>(operation: string, request: Promise<T>): Promise<T> => {
    const startedAtMs = clock.monotonicMs();
    total.add(1, operation);
    try {
      return await request;
    } catch (thrown) {
      failed.add(1, operation);
      throw thrown;
    } finally {
      seconds.observe((clock.monotonicMs() - startedAtMs) / 1000, operation);
    }
  };
  return {
    get: (key, signal) => measure("get", kv.get(key, signal)),
    list: (options, signal) => measure("list", kv.list(options, signal)),
    transact: (writes, fence, signal) => measure("txn", kv.transact(writes, fence, signal)),
    watch: (prefix, afterRevision, signal) => kv.watch(prefix, afterRevision, signal),
    grantLease: (ttlMs, signal) => measure("lease_grant", kv.grantLease(ttlMs, signal)),
    keepLeaseAlive: (lease, signal) => measure("lease_keepalive", kv.keepLeaseAlive(lease, signal)),
    revokeLease: (lease, signal) => measure("lease_revoke", kv.revokeLease(lease, signal)),
    compact: (revision, signal) => measure("compact", kv.compact(revision, signal)),
    close: () => kv.close(),
  };
}
