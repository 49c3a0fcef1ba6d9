/** PURE. `status` of a pod from its record and the host: phase, conditions, addresses. Conditions keep when they last changed. */
import { toTime } from "#proto/kit/clock.ts";
import { isPausedCondition, pausedCondition } from "#proto/resources/container-wishes.ts";
import type { ContainerStatus, Pod, PodCondition, PodStatus } from "#proto/resources/pod.ts";
import type { ConditionRecord, PodRecord } from "../journal/record.ts";
import { containerStatus } from "./container-status.ts";
import { newestOf } from "./newest-container.ts";
import { isOver, recordOf, turnOf } from "./pod-machine.ts";
import type { PodView } from "./view.ts";

type Phase = NonNullable<PodStatus["phase"]>;

export interface Derived {
  readonly record: PodRecord;
  readonly status: PodStatus;
}

export function derivePodStatus(record: PodRecord, view: PodView): Derived {
  const { pod } = record;
  const init = (pod.spec.initContainers ?? []).map((container) => containerStatus(container, record, view));
  const main = pod.spec.containers.map((container) => containerStatus(container, record, view));
  const ephemeral = (pod.spec.ephemeralContainers ?? []).map((container) => containerStatus(container, record, view));
  const phase = phaseOf(record, main);
  const paused = pausedNames(record, view);
  const conditions = { ...conditionRecords(record, view, phase, main), ...pausedRecords(record, view, paused) };
  const next: PodRecord = { ...record, conditions };
  const addresses = pod.spec.hostNetwork ? view.node.hostAddresses : record.addresses;
  const [first] = addresses;
  const [host] = view.node.hostAddresses;
  const status: PodStatus = {
    phase,
    conditions: [...scheduled(pod, record), ...Object.entries(conditions).map(toCondition), ...disrupted(record)],
    ...(host !== undefined && { hostIP: host, hostIPs: view.node.hostAddresses.map((ip) => ({ ip })) }),
    ...(first !== undefined && { podIP: first, podIPs: addresses.map((ip) => ({ ip })) }),
    startTime: toTime(record.admittedAtMs),
    ...(init.length > 0 && { initContainerStatuses: init }),
    containerStatuses: main,
    ...(ephemeral.length > 0 && { ephemeralContainerStatuses: ephemeral }),
    ...(pod.status?.qosClass !== undefined && { qosClass: pod.status.qosClass }),
    ...failure(record, phase),
    ...(phase === "Running" && paused.length > 0 && pausedWords(paused)),
  };
  return { record: next, status };
}

/** Kubernetes' getPhase: Pending until every container was started once, then by what runs and how the rest ended. */
function phaseOf(record: PodRecord, main: readonly ContainerStatus[]): Phase {
  const { pod } = record;
  if (record.expired) return "Failed";
  if (isOver(pod, record) || (record.stop && main.every(({ state }) => state?.terminated))) {
    const initFailed = turnOf(pod, record).initFailed;
    const succeeded = pod.spec.containers.every(({ name }) => recordOf(record, name).ended?.exitCode === 0);
    return succeeded && !initFailed ? "Succeeded" : "Failed";
  }
  if (!turnOf(pod, record).initialized) return "Pending";
  const wasStarted = main.every(({ state, lastState }) => state?.running || state?.terminated || lastState?.terminated);
  return wasStarted ? "Running" : "Pending";
}

/** Containers that are frozen now. */
function pausedNames({ pod }: PodRecord, { observed }: PodView): readonly string[] {
  const all = [...(pod.spec.initContainers ?? []), ...pod.spec.containers].map(({ name }) => name);
  return all.filter((name) => {
    const newest = newestOf(observed.containers, name);
    return newest?.state === "running" && newest.paused;
  });
}

const pausedWords = (names: readonly string[]): { reason: string; message: string } => ({
  reason: "Paused",
  message: `paused on request: ${names.join(", ")}`,
});

function pausedRecords(
  record: PodRecord,
  view: PodView,
  names: readonly string[],
): Readonly<Record<string, ConditionRecord>> {
  return Object.fromEntries(
    names.map((name) => {
      const type = pausedCondition(name);
      return [type, record.conditions[type] ?? { status: "True" as const, sinceMs: view.now.wallMs }];
    }),
  );
}

function failure(record: PodRecord, phase: Phase): { reason?: string; message?: string } {
  const why = record.expired ?? record.stop;
  if (phase !== "Failed" || !why || why.reason === "Deleted") return {};
  return { reason: why.reason, message: why.message };
}

function conditionRecords(
  record: PodRecord,
  view: PodView,
  phase: Phase,
  main: readonly ContainerStatus[],
): Readonly<Record<string, ConditionRecord>> {
  const { initialized } = turnOf(record.pod, record);
  const unready = main.filter(({ ready }) => !ready).map(({ name }) => name);
  const over =
    phase === "Succeeded" ? { reason: "PodCompleted" } : phase === "Failed" ? { reason: "PodFailed" } : undefined;
  const notReady = over ?? {
    reason: "ContainersNotReady",
    message: `containers with unready status: [${unready.join(" ")}]`,
  };
  const hasNetwork = view.observed.addresses !== undefined || record.pod.spec.hostNetwork === true;
  const wanted: Readonly<Record<string, Omit<ConditionRecord, "sinceMs">>> = {
    PodReadyToStartContainers: { status: view.observed.sandbox && hasNetwork ? "True" : "False" },
    Initialized: initialized ? { status: "True" } : { status: "False", reason: "ContainersNotInitialized" },
    Ready: unready.length === 0 && !over ? { status: "True" } : { status: "False", ...notReady },
    ContainersReady: unready.length === 0 && !over ? { status: "True" } : { status: "False", ...notReady },
  };
  return Object.fromEntries(
    Object.entries(wanted).map(([type, condition]) => {
      const before = record.conditions[type];
      const sinceMs = before?.status === condition.status ? before.sinceMs : view.now.wallMs;
      return [type, { ...condition, sinceMs }];
    }),
  );
}

function toCondition([type, record]: readonly [string, ConditionRecord]): PodCondition {
  return {
    type,
    status: record.status,
    ...(record.reason !== undefined && { reason: record.reason }),
    ...(record.message !== undefined && { message: record.message }),
    lastTransitionTime: toTime(record.sinceMs),
  };
}

/** As the kubelet tells who looks for it that not the pod failed, but the node ran out of something. */
function disrupted({ expired }: PodRecord): readonly PodCondition[] {
  if (expired?.reason !== "Evicted") return [];
  const { message, startedAtWallMs } = expired;
  const lastTransitionTime = toTime(startedAtWallMs);
  return [{ type: "DisruptionTarget", status: "True", reason: "TerminationByKubelet", message, lastTransitionTime }];
}

/** The scheduler's word and other controllers' conditions are carried along, not ours to judge. */
function scheduled(pod: Pod, record: PodRecord): readonly PodCondition[] {
  const own = new Set(["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady"]);
  if (record.expired?.reason === "Evicted") own.add("DisruptionTarget");
  const others = (pod.status?.conditions ?? []).filter(({ type }) => !own.has(type) && !isPausedCondition(type));
  if (others.some(({ type }) => type === "PodScheduled")) return others;
  return [{ type: "PodScheduled", status: "True", lastTransitionTime: toTime(record.admittedAtMs) }, ...others];
}
