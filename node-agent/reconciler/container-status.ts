/** PURE. `status.containerStatuses` of a pod, in Kubernetes' words. */
import { toTime } from "#proto/kit/clock.ts";
import { wishOf } from "#proto/resources/container-wishes.ts";
import type { Container, ContainerState, ContainerStatus, Pod } from "#proto/resources/pod.ts";
import { allContainers } from "#proto/resources/pod-containers.ts";
import type { ContainerRecord, PodRecord, Termination } from "../journal/record.ts";
import { containerId } from "../runtime/container-id.ts";
import { delayMs } from "./backoff-delay.ts";
import { newestOf } from "./newest-container.ts";
import { isRestarted, isStarted, recordOf, roleOf, turnOf } from "./pod-machine.ts";
import type { ObservedContainer, PodView } from "./view.ts";

export function containerStatus(container: Container, record: PodRecord, view: PodView): ContainerStatus {
  const known = recordOf(record, container.name);
  const observed = newestOf(view.observed.containers, container.name);
  const running = observed?.state === "running" && observed.attempt === known.attempt && !known.ended;
  const state = running ? runningState(observed) : restingState(container, known, record, view);
  const last = state.terminated ? known.previous : (known.ended ?? known.previous);
  const started = running && isStarted(container, known);
  return {
    name: container.name,
    state,
    lastState: last ? { terminated: terminated(last, record.pod) } : {},
    ready: readiness(container, known, record, { running: running && !observed.paused, started }),
    restartCount: known.restarts,
    image: container.image ?? "",
    imageID: known.image ? `${repository(known.image.reference)}@${known.image.digest}` : "",
    ...(known.started && {
      containerID: `orch://${containerId({ podUid: record.uid, name: container.name, attempt: known.attempt })}`,
    }),
    started,
    ...(container.lifecycle?.stopSignal !== undefined && { stopSignal: container.lifecycle.stopSignal }),
  };
}

/** A finished init container counts as ready; all others are ready while they run and their probe says so. */
function readiness(
  container: Container,
  known: ContainerRecord,
  record: PodRecord,
  now: { readonly running: boolean; readonly started: boolean },
): boolean {
  if (roleOf(record.pod, container) === "ephemeral") return false;
  if (roleOf(record.pod, container) === "init") return known.ended?.exitCode === 0;
  if (!now.running || !now.started) return false;
  return container.readinessProbe ? known.ready : true;
}

function runningState(observed: ObservedContainer): ContainerState {
  return { running: { startedAt: toTime(observed.startedAtMs ?? 0) } };
}

function restingState(container: Container, known: ContainerRecord, record: PodRecord, view: PodView): ContainerState {
  const { ended } = known;
  if (ended && (record.stop || record.expired || !isRestarted(record.pod, container, known))) {
    return { terminated: terminated(ended, record.pod) };
  }
  const words = waiting(container, known, record, view);
  if (words) return { waiting: words };
  if (ended) return { terminated: terminated(ended, record.pod) };
  return { waiting: { reason: isItsTurn(container, record) ? "ContainerCreating" : "PodInitializing" } };
}

function isItsTurn(container: Container, record: PodRecord): boolean {
  return turnOf(record.pod, record).active.includes(container);
}

interface Words {
  readonly reason: string;
  readonly message?: string;
}

function waiting(container: Container, known: ContainerRecord, record: PodRecord, view: PodView): Words | undefined {
  const { now, settings } = view;
  if (wishOf(record.pod, container.name).state === "Stopped") {
    const { name } = record.pod.metadata;
    return { reason: "Stopped", message: `stopped on request: \`orchctl start ${name}\` starts it` };
  }
  if (known.ended && now.bootMs < known.restartNotBeforeMs) {
    const seconds = delayMs(settings.restart, known.crashes - 1) / 1000;
    return {
      reason: "CrashLoopBackOff",
      message: `back-off ${seconds}s restarting failed container=${container.name} pod=${fullName(record)}`,
    };
  }
  if (known.creation) return { reason: known.creation.reason, message: known.creation.message };
  const reference = container.image ?? "";
  const pull = record.pulls[reference];
  if (pull && (container.imagePullPolicy === "Always" || !view.observed.images[reference])) {
    // A name nobody can read, or an image that may not be pulled, says what it is.
    if (pull.reason !== "ErrImagePull") return { reason: pull.reason, message: pull.message };
    return now.bootMs < pull.notBeforeMs
      ? { reason: "ImagePullBackOff", message: `Back-off pulling image "${reference}": ${pull.message}` }
      : { reason: "ErrImagePull", message: `Failed to pull image "${reference}": ${pull.message}` };
  }
  if (record.setup && !known.ended) return { reason: "ContainerCreating", message: record.setup.message };
  return undefined;
}

function fullName(record: PodRecord): string {
  const { name, namespace } = record.pod.metadata;
  return `${name}_${namespace ?? "default"}(${record.uid})`;
}

/** Of all containers' last words together; as the kubelet, in equal parts. */
const maxPodMessageBytes = 12 * 1024;

function terminated(ended: Termination, pod: Pod): NonNullable<ContainerState["terminated"]> {
  const maxBytes = Math.floor(maxPodMessageBytes / allContainers(pod).length);
  return {
    exitCode: ended.exitCode,
    ...(ended.signal !== undefined && { signal: ended.signal }),
    reason: ended.reason,
    ...(ended.message !== undefined && { message: firstBytes(ended.message, maxBytes) }),
    startedAt: toTime(ended.startedAtMs),
    finishedAt: toTime(ended.finishedAtMs),
    containerID: `orch://${ended.containerId}`,
  };
}

/** In UTF-8; cut between characters. */
function firstBytes(text: string, maxBytes: number): string {
  let [bytes, end] = [0, 0];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (bytes > maxBytes) return text.slice(0, end);
    end += character.length;
  }
  return text;
}

/** The reference without tag and digest. */
function repository(reference: string): string {
  const withoutDigest = reference.split("@", 1)[0] ?? reference;
  const colon = withoutDigest.lastIndexOf(":");
  return colon > withoutDigest.lastIndexOf("/") ? withoutDigest.slice(0, colon) : withoutDigest;
}
