/** Turns what is reported into Events: the same thing said again within a while raises the count of the first. Pure. */
import { toTime } from "#proto/kit/clock.ts";
import type { KubeObject } from "#proto/resources/object.ts";

export interface ReportedEvent {
  readonly regarding: KubeObject;
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  /** `component` or `component, host`. */
  readonly source: string;
}

/** An Event that was told, and when it was last said again. */
export interface ToldEvent {
  readonly object: KubeObject;
  readonly count: number;
  readonly lastAtMs: number;
}

const windowMs = 600_000;
const maxMessageLength = 1024;

/** Reports with the same key are repetitions of each other. */
export function eventIdentity({ regarding, type, reason, message, source }: ReportedEvent): string {
  const { uid, namespace, name } = regarding.metadata;
  return JSON.stringify([uid ?? "", regarding.kind, namespace ?? "", name, type, reason, message, source]);
}

export function isRepetition(told: ToldEvent | undefined, nowMs: number): told is ToldEvent {
  return told !== undefined && nowMs - told.lastAtMs < windowMs;
}

/** The Event after one more report. `nowMs` is wall-clock time; `suffix` and `uid` name a new one. */
export function tellEvent(
  told: ToldEvent | undefined,
  report: ReportedEvent,
  now: { readonly nowMs: number; readonly suffix: string; readonly uid: string },
): ToldEvent {
  const time = toTime(now.nowMs);
  if (isRepetition(told, now.nowMs)) {
    const count = told.count + 1;
    return { object: { ...told.object, count, lastTimestamp: time }, count, lastAtMs: now.nowMs };
  }
  const { regarding } = report;
  const { namespace, name, uid, resourceVersion } = regarding.metadata;
  const [component = "", host] = report.source.split(", ");
  const object: KubeObject = {
    apiVersion: "v1",
    kind: "Event",
    metadata: {
      name: `${name.slice(0, 200)}.${now.suffix}`,
      namespace: namespace === undefined || namespace === "" ? "default" : namespace,
      uid: now.uid,
      creationTimestamp: time,
    },
    involvedObject: {
      apiVersion: regarding.apiVersion,
      kind: regarding.kind,
      name,
      ...(namespace === undefined || namespace === "" ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
    reason: report.reason,
    message: report.message.slice(0, maxMessageLength),
    source: host === undefined ? { component } : { component, host },
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
    type: report.type,
    reportingComponent: component,
    reportingInstance: host ?? "",
  };
  return { object, count: 1, lastAtMs: now.nowMs };
}
