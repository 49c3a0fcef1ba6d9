/** Laws of the agent's plan over generated worlds: it settles, repeats itself, minds no order and changes nothing it is given. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Random, seededRandom } from "#proto/kit/random.ts";
import { containerWishesAnnotation, wishOf } from "#proto/resources/container-wishes.ts";
import type { Pod } from "#proto/resources/pod.ts";
import { freshContainer, type PodRecord } from "../journal/record.ts";
import { containerId } from "../runtime/container-id.ts";
import { recordOutcome } from "./outcome.ts";
import { plan } from "./plan.ts";
import {
  deleted,
  observedContainer,
  testImage,
  testNow,
  testPod,
  testRecord,
  testUid,
  testView,
} from "./pod-builder.ts";
import type { Step } from "./steps.ts";
import {
  type Assignment,
  defaultSettings,
  nothingObserved,
  type ObservedContainer,
  type ObservedPod,
  type PodView,
} from "./view.ts";

const seeds = Array.from({ length: 400 }, (_, index) => index + 1);

function pick<Value>(random: Random, ...values: readonly [Value, ...Value[]]): Value {
  return values[Math.floor(random.next() * values.length)] ?? values[0];
}

const chance = (random: Random, share = 0.5): boolean => random.next() < share;

function randomPod(random: Random): Pod {
  const names = pick(random, ["app"], ["app", "side"]);
  const pod = testPod({
    containers: names.map((name) => ({ name, imagePullPolicy: pick(random, "Always", "IfNotPresent", "Never") })),
    spec: {
      restartPolicy: pick(random, "Always", "OnFailure", "Never"),
      hostNetwork: chance(random, 0.2),
      terminationGracePeriodSeconds: pick(random, 0, 1, 30),
    },
  });
  const wished = chance(random, 0.4) ? withRandomWishes(random, pod, names) : pod;
  return chance(random, 0.3) ? deleted(wished, pick(random, undefined, 0, 5)) : wished;
}

function withRandomWishes(random: Random, pod: Pod, names: readonly string[]): Pod {
  const wishes = names.map((name) => {
    const state = pick(random, "Running", "Stopped", "Paused");
    return [name, { state, restart: pick(random, 0, 1, 2), graceSeconds: pick(random, 0, 5) }];
  });
  const text = JSON.stringify(Object.fromEntries(wishes));
  const annotations = { ...pod.metadata.annotations, [containerWishesAnnotation]: text };
  return { ...pod, metadata: { ...pod.metadata, annotations } };
}

function randomContainers(random: Random, pod: Pod): readonly ObservedContainer[] {
  return [...pod.spec.containers.map(({ name }) => name), "stray"].flatMap((name) => {
    const count = Math.floor(random.next() * 3);
    return Array.from({ length: count }, (_, attempt) => {
      const state = pick(random, "created", "running", "exited");
      return observedContainer({
        name,
        attempt,
        state,
        id: containerId({ podUid: testUid, name, attempt }),
        ...(state === "running" && chance(random, 0.3) && { paused: true }),
        ...(state === "exited" && { exitCode: pick(random, 0, 1, 137), finishedAtMs: testNow.wallMs }),
      });
    });
  });
}

function randomObserved(random: Random, pod: Pod): ObservedPod {
  return {
    ...nothingObserved,
    sandbox: chance(random),
    addresses: chance(random) ? ["10.128.1.2"] : undefined,
    volumes: pick(random, "absent", "left", "ready"),
    logs: chance(random),
    containers: randomContainers(random, pod),
    rootfses: chance(random) ? [containerId({ podUid: testUid, name: "app", attempt: 0 })] : [],
    images: chance(random) ? { [testImage]: { digest: "sha256:abc", stopSignal: undefined } } : {},
  };
}

function randomRecord(random: Random, pod: Pod): PodRecord | undefined {
  if (chance(random, 0.3)) return undefined;
  const containers = pod.spec.containers.map(({ name }) => {
    const attempt = pick(random, -1, 0, 1, 2);
    return [
      name,
      { ...freshContainer, attempt, started: attempt >= 0 && chance(random), crashes: pick(random, 0, 1, 4) },
    ];
  });
  return { ...testRecord(pod), containers: Object.fromEntries(containers) };
}

function randomView(seed: number): PodView {
  const random = seededRandom(seed);
  const pod = randomPod(random);
  const assignment: Assignment = pick<Assignment>(
    random,
    { kind: "assigned", pod },
    { kind: "assigned", pod },
    { kind: "unassigned" },
    { kind: "unknown" },
  );
  return testView({ assignment, record: randomRecord(random, pod), observed: randomObserved(random, pod) });
}

/** What a step that works does to the host. */
function applyStep(observed: ObservedPod, step: Step): ObservedPod {
  switch (step.kind) {
    case "pull-image": {
      const images = { ...observed.images, [step.reference]: { digest: "sha256:abc", stopSignal: undefined } };
      return { ...observed, images, pulled: [...observed.pulled, step.reference] };
    }
    case "create-sandbox":
      return { ...observed, sandbox: true };
    case "attach-network":
      return { ...observed, addresses: ["10.128.1.2"] };
    case "prepare-volumes":
      return { ...observed, volumes: "ready" };
    case "create-container":
      return created(observed, step.container, step.attempt);
    case "start-container":
      return changed(observed, containerId({ podUid: testUid, name: step.container, attempt: step.attempt }), {
        state: "running",
        startedAtMs: testNow.wallMs,
      });
    case "run-hook":
      return observed;
    case "pause-container":
      return changed(observed, step.id, { paused: true });
    case "resume-container":
      return changed(observed, step.id, { paused: false });
    case "signal-container":
    case "kill-container":
      return changed(observed, step.id, { state: "exited", exitCode: 137, finishedAtMs: testNow.wallMs });
    case "remove-container":
      return {
        ...observed,
        containers: observed.containers.filter(({ id }) => id !== step.id),
        rootfses: observed.rootfses.filter((id) => id !== step.id),
      };
    case "detach-network":
      return { ...observed, addresses: undefined };
    case "remove-volumes":
      return { ...observed, volumes: "absent" };
    case "remove-sandbox":
      return { ...observed, sandbox: false };
    case "remove-logs":
      return { ...observed, logs: false };
  }
}

function created(observed: ObservedPod, name: string, attempt: number): ObservedPod {
  const id = containerId({ podUid: testUid, name, attempt });
  assert.ok(!observed.containers.some((container) => container.id === id), `${id} was made twice`);
  assert.ok(observed.sandbox && observed.volumes === "ready", "a container was made before its pod was ready for it");
  const container = observedContainer({ id, name, attempt, state: "created" });
  return {
    ...observed,
    containers: [...observed.containers, container],
    rootfses: [...observed.rootfses, id],
    logs: true,
    pulled: [],
  };
}

function changed(observed: ObservedPod, id: string, changes: Partial<ObservedContainer>): ObservedPod {
  return { ...observed, containers: observed.containers.map((one) => (one.id === id ? { ...one, ...changes } : one)) };
}

/** Rounds until nothing is left to do, time passing where the plan asks for it. */
function settle(view: PodView): PodView {
  let current = view;
  for (let round = 0; round < 40; round++) {
    const decision = plan(current);
    let { observed } = current;
    let { record } = decision;
    for (const step of decision.steps) {
      observed = applyStep(observed, step);
      if (record) record = recordOutcome(record, step, { kind: "done" }, defaultSettings, current.now.bootMs);
    }
    const waitMs = decision.steps.length === 0 ? (decision.recheckAtMs ?? current.now.bootMs) - current.now.bootMs : 0;
    if (decision.steps.length === 0 && waitMs <= 0) return { ...current, record };
    const now = { wallMs: current.now.wallMs + waitMs, bootMs: current.now.bootMs + waitMs };
    current = { ...current, record, observed, now };
  }
  throw new Error("the plan does not settle");
}

function runningOf(observed: ObservedPod, name: string): number {
  return observed.containers.filter((container) => container.name === name && container.state === "running").length;
}

function frozen<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null) {
    for (const entry of Object.values(value)) frozen(entry);
    Object.freeze(value);
  }
  return value;
}

test("it settles: a wanted pod runs each container once, an unwanted one leaves nothing", () => {
  for (const seed of seeds) {
    const view = randomView(seed);
    const end = settle(view);
    const { assignment } = view;
    if (assignment.kind === "unknown") continue;
    const isWanted = assignment.kind === "assigned" && assignment.pod.metadata.deletionTimestamp === undefined;
    if (!isWanted) {
      const { containers, sandbox, addresses, volumes, logs, rootfses } = end.observed;
      const left = [containers.length, rootfses.length, sandbox, addresses, logs];
      assert.deepEqual([...left, volumes], [0, 0, false, undefined, false, "absent"], `seed ${seed}`);
    } else if (assignment.pod.spec.restartPolicy === "Always") {
      const { pod } = assignment;
      for (const { name } of pod.spec.containers) {
        const { state } = wishOf(pod, name);
        assert.equal(runningOf(end.observed, name), state === "Stopped" ? 0 : 1, `seed ${seed}: ${name}`);
        const paused = end.observed.containers.some((one) => one.name === name && one.paused === true);
        assert.equal(paused, state === "Paused", `seed ${seed}: ${name} paused`);
      }
      const wanted = pod.spec.containers.filter(({ name }) => wishOf(pod, name).state !== "Stopped").length;
      const running = end.observed.containers.filter(({ state }) => state !== "created");
      assert.equal(running.length, wanted, `seed ${seed}: strays are left`);
      const ids = end.observed.containers.map(({ id }) => id);
      assert.ok(
        end.observed.rootfses.every((id) => ids.includes(id)),
        `seed ${seed}: root filesystems are left`,
      );
    }
  }
});

test("it is idempotent: planning again on its own record changes nothing", () => {
  for (const seed of seeds) {
    const view = randomView(seed);
    const first = plan(view);
    const second = plan({ ...view, record: first.record });
    assert.deepEqual(second.steps, first.steps, `seed ${seed}`);
    assert.deepEqual(second.record, first.record, `seed ${seed}`);
  }
});

test("it is free of order: what is observed may come shuffled", () => {
  const byId = (steps: readonly Step[]): readonly string[] => steps.map((step) => JSON.stringify(step)).sort();
  for (const seed of seeds) {
    const view = randomView(seed);
    const observed = { ...view.observed, containers: view.observed.containers.toReversed() };
    const shuffled = plan({ ...view, observed });
    assert.deepEqual(byId(shuffled.steps), byId(plan(view).steps), `seed ${seed}`);
    assert.deepEqual(shuffled.status, plan(view).status, `seed ${seed}`);
  }
});

test("it mutates nothing", () => {
  for (const seed of seeds) assert.doesNotThrow(() => plan(frozen(randomView(seed))), `seed ${seed}`);
});

test("restart counts and attempts never fall", () => {
  for (const seed of seeds) {
    const view = randomView(seed);
    const end = settle(view);
    for (const [name, before] of Object.entries(view.record?.containers ?? {})) {
      const after = end.record?.containers[name];
      if (!after) continue;
      assert.ok(after.attempt >= before.attempt && after.restarts >= before.restarts, `seed ${seed}: ${name}`);
    }
  }
});
