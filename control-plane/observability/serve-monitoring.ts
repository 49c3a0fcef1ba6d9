/** Puts monitoring on its loopback address, and names what is asked of this control plane's health. */
import type { Logger } from "#proto/kit/logger.ts";
import type { HealthCheck } from "#proto/kit/observability/health.ts";
import { HttpEndpoint } from "#proto/kit/observability/http-endpoint.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { StoreStatus } from "#proto/resources/cluster-status.ts";
import type { MetricsAddress } from "../config.ts";
import type { Monitoring } from "./monitoring.ts";

export interface HealthFacts {
  readonly store: () => Promise<StoreStatus>;
  readonly cacheResourceVersion: () => string;
  /** Name of who leads. */
  readonly leader: () => Promise<string | undefined>;
  readonly signal: AbortSignal;
}

export function healthChecks({ store, cacheResourceVersion, leader, signal }: HealthFacts): readonly HealthCheck[] {
  return [
    { name: "ping", isVital: true, check: () => undefined },
    {
      name: "etcd",
      isVital: false,
      check: async () => {
        const { healthy, message } = await store();
        return healthy ? undefined : (message ?? "it does not answer");
      },
    },
    {
      name: "cache",
      isVital: false,
      check: () => (Number(cacheResourceVersion()) > 0 ? undefined : "it has not been filled yet"),
    },
    {
      name: "leader",
      isVital: false,
      check: async () => ((await leader()) === undefined ? "no control plane leads" : undefined),
    },
    { name: "shutdown", isVital: false, check: () => (signal.aborted ? "this control plane stops" : undefined) },
  ];
}

export interface ServedMonitoring {
  readonly address: string | undefined;
  stop(): Promise<void>;
}

/** A default address that another program has is no reason not to start. */
export async function serveMonitoring(
  asked: MetricsAddress | undefined,
  monitoring: Monitoring,
  logger: Logger,
): Promise<ServedMonitoring> {
  const nowhere = { address: undefined, stop: () => Promise.resolve() };
  if (!asked) return nowhere;
  const { host, port, isAsked } = asked;
  const handle = monitoring.answer.bind(monitoring);
  try {
    const endpoint = await HttpEndpoint.listen({ host, port, flag: "--metrics-address", handle, logger });
    const address = `${host.includes(":") ? `[${host}]` : host}:${endpoint.port}`;
    return { address, stop: () => endpoint.stop() };
  } catch (thrown) {
    if (isAsked) throw thrown;
    const { message, hint } = Problem.from(thrown);
    logger.warn({ error: message, hint }, "metrics are not served over HTTP");
    return nowhere;
  }
}
