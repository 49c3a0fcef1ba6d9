/** What every program tells of its own process, by the names Prometheus' client libraries use. */
import { readdir, readFile } from "node:fs/promises";
import type { Clock } from "../clock.ts";
import type { Metrics } from "./metrics.ts";

const lookEveryMs = 5_000;

/** Until the signal aborts, also looks once a second how late a timer comes: what a busy event loop does to everybody. */
export function addProcessMetrics(metrics: Metrics, version: string, clock: Clock, signal: AbortSignal): void {
  const startedAtSeconds = clock.nowMs() / 1000;
  metrics.observed("gauge", "orch_build_info", "Version of this program.", () => [[1, version]], ["version"]);
  metrics.observed("gauge", "process_start_time_seconds", "Start of the process, since the epoch.", () => [
    [startedAtSeconds],
  ]);
  metrics.observed("counter", "process_cpu_seconds_total", "User and system time spent.", () => {
    const { user, system } = process.cpuUsage();
    return [[(user + system) / 1e6]];
  });
  metrics.observed("gauge", "process_resident_memory_bytes", "Resident memory.", () => [[process.memoryUsage.rss()]]);
  metrics.observed("gauge", "nodejs_heap_size_used_bytes", "Used part of the heap.", () => [
    [process.memoryUsage().heapUsed],
  ]);
  metrics.observed("gauge", "process_open_fds", "Open file descriptors.", async () => [
    [(await readdir("/proc/self/fd")).length],
  ]);
  metrics.observed("gauge", "process_max_fds", "Most file descriptors it may open.", async () => {
    const limits = await readFile("/proc/self/limits", "utf8");
    return [[Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Number.NaN)]];
  });
  const delay = metrics.histogram(
    "nodejs_eventloop_delay_seconds",
    "How late a timer of five seconds comes.",
    [],
    [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
  );
  const look = (dueAtMs: number): void => {
    if (signal.aborted) return;
    const nowMs = clock.monotonicMs();
    delay.observe(Math.max(0, nowMs - dueAtMs) / 1000);
    clock.after(lookEveryMs, () => look(nowMs + lookEveryMs));
  };
  // The first one finds its place among the shared wake-ups.
  clock.after(lookEveryMs, () => look(clock.monotonicMs()));
}
