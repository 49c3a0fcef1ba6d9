/** All probes of this node: begun and ended as containers come and go, bounded in number at once, jittered after a restart. */
import type { Clock } from "#proto/kit/clock.ts";
import type { Random } from "#proto/kit/random.ts";
import type { Container, Pod, Probe } from "#proto/resources/pod.ts";
import type { EventSink, ProbeSource, RunningContainer } from "../reconciler/ports.ts";
import type { ProbeVerdicts } from "../reconciler/view.ts";
import { Limiter } from "./limiter.ts";
import { type ProbeType, probeTiming } from "./probe-timing.ts";
import { ProbeWorker } from "./probe-worker.ts";
import type { ProbeRunner } from "./runner.ts";

export interface ProberOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly runner: ProbeRunner;
  readonly events: EventSink;
  readonly concurrency: number;
  /** A verdict of the pod's changed. */
  readonly onVerdict: (podUid: string) => void;
}

type Workers = Map<ProbeType, ProbeWorker>;

export class Prober implements ProbeSource {
  readonly #options: ProberOptions;
  readonly #limiter: Limiter;
  /** Pod uid → container id → its probes. */
  readonly #pods = new Map<string, Map<string, Workers>>();
  readonly #verdicts = new Map<string, Workers>();

  constructor(options: ProberOptions) {
    this.#options = options;
    this.#limiter = new Limiter(options.concurrency);
  }

  sync(pod: Pod, addresses: readonly string[], running: readonly RunningContainer[]): void {
    const uid = pod.metadata.uid ?? "";
    const known = this.#pods.get(uid) ?? new Map<string, Workers>();
    const ids = new Set(running.map(({ id }) => id));
    for (const [id, workers] of known) {
      if (ids.has(id)) continue;
      for (const worker of workers.values()) worker.stop();
      known.delete(id);
      this.#verdicts.delete(id);
    }
    for (const one of running) this.#begin(pod, addresses, one, known);
    if (known.size > 0) this.#pods.set(uid, known);
    else this.#pods.delete(uid);
  }

  verdicts(containerId: string): ProbeVerdicts | undefined {
    const workers = this.#verdicts.get(containerId);
    if (!workers) return undefined;
    const verdicts: { -readonly [Key in keyof ProbeVerdicts]: ProbeVerdicts[Key] } = {};
    for (const [type, worker] of workers) if (worker.verdict !== undefined) verdicts[type] = worker.verdict;
    return verdicts;
  }

  forget(uid: string): void {
    for (const [id, workers] of this.#pods.get(uid) ?? []) {
      for (const worker of workers.values()) worker.stop();
      this.#verdicts.delete(id);
    }
    this.#pods.delete(uid);
  }

  stop(): void {
    for (const uid of [...this.#pods.keys()]) this.forget(uid);
  }

  #begin(pod: Pod, addresses: readonly string[], running: RunningContainer, known: Map<string, Workers>): void {
    const container = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].find(
      ({ name }) => name === running.name,
    );
    if (!container) return;
    const workers: Workers = known.get(running.id) ?? new Map();
    if (running.startupPassed) {
      workers.get("startup")?.stop();
      workers.delete("startup");
    }
    for (const [type, probe] of probesOf(container, running.startupPassed)) {
      if (!workers.has(type)) workers.set(type, this.#worker(pod, addresses, { running, container, type, probe }));
    }
    if (workers.size === 0) return;
    known.set(running.id, workers);
    this.#verdicts.set(running.id, workers);
  }

  #worker(
    pod: Pod,
    addresses: readonly string[],
    {
      running,
      container,
      type,
      probe,
    }: {
      readonly running: RunningContainer;
      readonly container: Container;
      readonly type: ProbeType;
      readonly probe: Probe;
    },
  ): ProbeWorker {
    const { clock, random, runner, events, onVerdict } = this.#options;
    const verdict = type === "readiness" && running.wasReady ? true : undefined;
    return new ProbeWorker({
      target: { containerId: running.id, container, addresses },
      probe,
      timing: probeTiming(probe, type),
      start: { runningForMs: Math.max(0, clock.nowMs() - running.startedAtMs), verdict, jitter: random.next() },
      clock,
      limiter: this.#limiter,
      runner,
      onVerdict: () => onVerdict(pod.metadata.uid ?? ""),
      onFailure: (message) => {
        const name = `${type[0]?.toUpperCase()}${type.slice(1)}`;
        events.emit(pod, {
          type: "Warning",
          reason: "Unhealthy",
          message: `${name} probe failed: ${message}`,
          container: container.name,
        });
      },
    });
  }
}

/** Liveness and readiness wait for the startup probe. */
function probesOf(container: Container, startupPassed: boolean): readonly (readonly [ProbeType, Probe])[] {
  const { startupProbe, livenessProbe, readinessProbe } = container;
  if (startupProbe && !startupPassed) return [["startup", startupProbe]];
  const probes: (readonly [ProbeType, Probe])[] = [];
  if (livenessProbe) probes.push(["liveness", livenessProbe]);
  if (readinessProbe) probes.push(["readiness", readinessProbe]);
  return probes;
}
