/** Tells when a container begins to wait: Kubernetes' BackOff events, derived from the statuses that pass by. */
import type { ContainerStatus, Pod } from "#proto/resources/pod.ts";
import type { EventSink, PodReport, StatusSink } from "../reconciler/ports.ts";

export class BackOffEvents implements StatusSink {
  readonly #next: StatusSink;
  readonly #events: EventSink;
  /** By pod uid, then container: the message of the wait last told. */
  readonly #told = new Map<string, Map<string, string>>();

  constructor(next: StatusSink, events: EventSink) {
    this.#next = next;
    this.#events = events;
  }

  publish(report: PodReport): void {
    const told = this.#told.get(report.uid) ?? new Map<string, string>();
    for (const container of report.status.containerStatuses ?? []) this.#tell(report, container, told);
    if (told.size > 0) this.#told.set(report.uid, told);
    this.#next.publish(report);
  }

  forget(uid: string): void {
    this.#told.delete(uid);
    this.#next.forget(uid);
  }

  #tell(report: PodReport, container: ContainerStatus, told: Map<string, string>): void {
    const { reason, message = "" } = container.state?.waiting ?? {};
    if (reason !== "CrashLoopBackOff" && reason !== "ImagePullBackOff") return;
    if (told.get(container.name) === message) return;
    told.set(container.name, message);
    const text =
      reason === "CrashLoopBackOff"
        ? `Back-off restarting failed container ${container.name} in pod ${report.name}_${report.namespace}(${report.uid})`
        : message;
    const { uid, namespace, name } = report;
    const regarding = { metadata: { uid, namespace, name } } as Pod;
    this.#events.emit(regarding, { type: "Warning", reason: "BackOff", message: text, container: container.name });
  }
}
