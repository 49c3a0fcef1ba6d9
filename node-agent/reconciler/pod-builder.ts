/** Pods and views for tests, in the words of the domain. */
import { imagePinsAnnotation } from "#proto/resources/image-pins.ts";
import type { Container, Pod } from "#proto/resources/pod.ts";
import { freshRecord, type Instant } from "../journal/record.ts";
import { containerId } from "../runtime/container-id.ts";
import { defaultSettings, nothingObserved, type ObservedContainer, type ObservedPod, type PodView } from "./view.ts";

export const testUid = "11111111-2222-4333-8444-555555555555";
export const testImage = "registry.test/app:1";
/** What the image means in all these tests but those about finding that out. */
export const testDigest = `sha256:${"d".repeat(64)}`;
export const testNow: Instant = { wallMs: Date.UTC(2026, 0, 1), bootMs: 1_000_000 };

export function testContainer(changes: Partial<Container> = {}): Container {
  return { name: "app", image: testImage, imagePullPolicy: "IfNotPresent", ...changes };
}

export interface PodChanges {
  readonly uid?: string;
  readonly name?: string;
  readonly containers?: readonly Partial<Container>[];
  readonly spec?: Partial<Pod["spec"]>;
  readonly metadata?: Partial<Pod["metadata"]>;
}

export function testPod(changes: PodChanges = {}): Pod {
  const containers = (changes.containers ?? [{}]).map(testContainer);
  const { uid = testUid, name = "web" } = changes;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", uid, annotations: pinned(containers), ...changes.metadata },
    spec: { containers, restartPolicy: "Always", terminationGracePeriodSeconds: 30, ...changes.spec },
  };
}

function pinned(containers: readonly Container[]): Record<string, string> {
  const pins = Object.fromEntries(containers.map(({ image }) => [image, testDigest]));
  return { [imagePinsAnnotation]: JSON.stringify(pins) };
}

export function deleted(pod: Pod, graceSeconds?: number): Pod {
  const grace = graceSeconds === undefined ? {} : { deletionGracePeriodSeconds: graceSeconds };
  return { ...pod, metadata: { ...pod.metadata, deletionTimestamp: "2026-01-01T00:00:00Z", ...grace } };
}

export function observedContainer(changes: Partial<ObservedContainer> = {}): ObservedContainer {
  const { name = "app", attempt = 0 } = changes;
  return {
    id: containerId({ podUid: testUid, name, attempt }),
    name,
    attempt,
    state: "running",
    exitCode: undefined,
    signal: undefined,
    oomKilled: false,
    startedAtMs: testNow.wallMs - 1_000,
    finishedAtMs: undefined,
    ...changes,
  };
}

/** A pod that is set up: sandbox, address, volumes, image. */
export const setUp: ObservedPod = {
  ...nothingObserved,
  sandbox: true,
  addresses: ["10.128.1.2"],
  volumes: "ready",
  logs: true,
  images: { [testImage]: { digest: "sha256:abc", stopSignal: undefined } },
};

export function testView(changes: Partial<PodView> & { readonly pod?: Pod } = {}): PodView {
  const { pod = testPod(), ...rest } = changes;
  return {
    uid: testUid,
    assignment: { kind: "assigned", pod },
    record: undefined,
    observed: nothingObserved,
    probes: {},
    node: { bootId: "boot-1", hostAddresses: ["192.0.2.1"] },
    agentStartedAtMs: 0,
    settings: defaultSettings,
    now: testNow,
    ...rest,
  };
}

export function testRecord(pod: Pod = testPod()): ReturnType<typeof freshRecord> {
  return freshRecord(pod, pod.metadata.uid ?? testUid, "boot-1", testNow);
}
