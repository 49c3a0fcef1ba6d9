/**
 * What monitoring asks: this program's metrics and health, those of every agent through its session (an agent opens no port for them),
 * and the list of agents for Prometheus' http_sd. Over loopback HTTP without a certificate, and over the API with one.
 */
import { askHealth, type HealthCheck } from "#proto/kit/observability/health.ts";
import type { HttpAnswer } from "#proto/kit/observability/http-endpoint.ts";
import type { Metrics } from "#proto/kit/observability/metrics.ts";

export interface MonitoringOptions {
  readonly metrics: Metrics;
  readonly checks: readonly HealthCheck[];
  /** Names of all nodes. */
  readonly nodes: () => readonly string[];
  /** An agent's metrics as text; rejects with a Problem that says why not. */
  readonly agentMetrics: (node: string) => Promise<string>;
}

const metricsType = "text/plain; version=0.0.4; charset=utf-8";

export class Monitoring {
  readonly #options: MonitoringOptions;

  constructor(options: MonitoringOptions) {
    this.#options = options;
  }

  /** `address`: `HOST:PORT` at which the asker finds us, for http_sd. Undefined: nothing is at that path. */
  async answer(path: string, query: URLSearchParams, address = ""): Promise<HttpAnswer | undefined> {
    const { metrics, agentMetrics } = this.#options;
    switch (path) {
      case "/metrics":
        return { status: 200, contentType: metricsType, body: await metrics.text() };
      case "/livez":
      case "/healthz":
        return await this.#health("live", query);
      case "/readyz":
        return await this.#health("ready", query);
      case "/nodes":
        return { status: 200, contentType: "application/json", body: JSON.stringify(this.#targets(address)) };
    }
    const node = /^\/nodes\/([^/]+)\/metrics$/.exec(path)?.[1];
    if (node === undefined) return undefined;
    return { status: 200, contentType: metricsType, body: await agentMetrics(decodeURIComponent(node)) };
  }

  async #health(kind: "live" | "ready", query: URLSearchParams): Promise<HttpAnswer> {
    const question = { kind, verbose: query.has("verbose"), exclude: query.getAll("exclude") } as const;
    const { isWell, text } = await askHealth(this.#options.checks, question);
    return { status: isWell ? 200 : 500, body: text };
  }

  /** As Prometheus' http_sd_configs reads it. */
  #targets(address: string): readonly unknown[] {
    return this.#options.nodes().map((node) => ({
      targets: [address],
      labels: { __metrics_path__: `/nodes/${encodeURIComponent(node)}/metrics`, node },
    }));
  }
}
