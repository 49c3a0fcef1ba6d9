/** What the agent counts of its own work, by names in the manner of Kubernetes' kubelet. */
import { type Counter, type Histogram, Metrics } from "#proto/kit/observability/metrics.ts";
import type { StepObserver } from "./reconciler/ports.ts";
import type { NodeConditions } from "./status/node-conditions.ts";

export interface AgentFacts {
  readonly pods: () => number;
  readonly isConnected: () => boolean;
  readonly conditions: () => ReturnType<NodeConditions["judge"]>;
}

const secondsOfWork = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

export class AgentMetrics implements StepObserver {
  readonly metrics = new Metrics();
  readonly #steps: Histogram;
  readonly #failures: Counter;
  readonly #reconciles: Histogram;
  readonly #sessions: Counter;

  constructor() {
    const { metrics } = this;
    this.#steps = metrics.histogram(
      "node_agent_runtime_operations_duration_seconds",
      "Time of each step of a pod's start and stop; pull-image lasts until the image is there.",
      ["operation_type"],
      secondsOfWork,
    );
    this.#failures = metrics.counter("node_agent_runtime_operations_errors_total", "Steps that failed.", [
      "operation_type",
    ]);
    this.#reconciles = metrics.histogram(
      "node_agent_pod_worker_duration_seconds",
      "Time of one look at a pod, with all that it did.",
      [],
      secondsOfWork,
    );
    this.#sessions = metrics.counter("node_agent_sessions_total", "Sessions with a control plane that were begun.");
  }

  step(kind: string, result: "done" | "failed", tookMs: number): void {
    this.#steps.observe(tookMs / 1000, kind);
    if (result === "failed") this.#failures.add(1, kind);
  }

  reconciled(tookMs: number): void {
    this.#reconciles.observe(tookMs / 1000);
  }

  sessionBegun(): void {
    this.#sessions.add(1);
  }

  observe({ pods, isConnected, conditions }: AgentFacts): void {
    const { metrics } = this;
    metrics.observed("gauge", "node_agent_running_pods", "Pods this node holds anything of.", () => [[pods()]]);
    metrics.observed("gauge", "node_agent_connected", "Whether a control plane is connected.", () => [
      [isConnected() ? 1 : 0],
    ]);
    metrics.observed(
      "gauge",
      "node_agent_condition",
      "Conditions the node tells of itself.",
      () => conditions().map(({ type, status }) => [status === "True" ? 1 : 0, type] as const),
      ["condition"],
    );
  }
}
