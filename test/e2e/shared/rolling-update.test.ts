/** A rolling update, watched from outside our API: pods by their cgroups, readiness by a process that only ready ones run. */
import assert from "node:assert/strict";
import { processesWith } from "../support/containers.ts";
import { inNamespace } from "../support/in-namespace.ts";
import { deployment } from "../support/manifests.ts";

const [replicas, maxSurge, maxUnavailable] = [4, 1, 1];
const word = `8${process.pid}`;

/** Ready two seconds after its start, until it is told to stop. */
const command = `trap 'exit 0' TERM; sleep 2; touch /tmp/ready; while :; do sleep ${word} & wait; done`;
/** What is gone so soon after a sample had been told to stop when it was taken: a pod that stays is there for longer than this. */
const stoppingMs = 2000;
const probe = `          readinessProbe: { exec: { command: ["test", "-f", "/tmp/ready"] }, periodSeconds: 1 }`;
const strategy = `  strategy: { rollingUpdate: { maxSurge: ${maxSurge}, maxUnavailable: ${maxUnavailable} } }\n  minReadySeconds: 1`;
const version = (number: number): string =>
  deployment({
    name: "rolling",
    replicas,
    command,
    spec: strategy,
    container: `${probe}\n          env: [{ name: VERSION, value: "${number}" }]`,
  });

interface Sample {
  readonly atMs: number;
  readonly pods: ReadonlySet<string>;
  readonly ready: number;
}

/** Pods as the machine shows them: by the cgroups of their shells, and of the sleep that runs from readiness to the end. */
function sample(): Sample {
  const cgroups = (argument: string): ReadonlySet<string> => new Set(processesWith(argument).map((one) => one.cgroup));
  return { atMs: performance.now(), pods: cgroups(command), ready: cgroups(word).size };
}

/** The most pods at a time that were not about to end. */
function mostStaying(samples: readonly Sample[]): number {
  const lastSeenMs = new Map<string, number>();
  for (const { atMs, pods } of samples) for (const pod of pods) lastSeenMs.set(pod, atMs);
  const endMs = samples.at(-1)?.atMs ?? 0;
  const stays = (pod: string, atMs: number): boolean => {
    const seenMs = lastSeenMs.get(pod) ?? 0;
    return seenMs === endMs || seenMs > atMs + stoppingMs;
  };
  return Math.max(...samples.map(({ atMs, pods }) => [...pods].filter((pod) => stays(pod, atMs)).length));
}

inNamespace(
  "a rolling update never has fewer ready nor more pods than its settings allow",
  async ({ cluster, namespace }) => {
    await cluster.apply(version(1), "-n", namespace, "--wait");
    const before = sample();
    assert.deepEqual([before.pods.size, before.ready], [replicas, replicas], "the machine shows what there is");
    const samples: Sample[] = [before];
    const sampler = setInterval(() => samples.push(sample()), 50);
    try {
      await cluster.apply(version(2), "-n", namespace);
      await cluster.orchctl(["rollout", "status", "deployment/rolling", "-n", namespace, "--timeout", "90s"], {
        timeoutMs: 100_000,
      });
    } finally {
      clearInterval(sampler);
    }
    assert.ok(samples.length > 20, "sampled throughout");
    const fewest = Math.min(...samples.map(({ ready }) => ready));
    assert.ok(fewest >= replicas - maxUnavailable, `${fewest} were ready at a time`);
    const most = mostStaying(samples);
    assert.ok(most > replicas, "it surged, and we saw it");
    assert.ok(most <= replicas + maxSurge, `there were ${most} at a time that were not stopping`);
  },
  180_000,
);
