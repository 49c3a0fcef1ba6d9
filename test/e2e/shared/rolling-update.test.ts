/** A rolling update, watched from outside our API: processes in cgroups, and readiness as the pods' own port answers it. */
import assert from "node:assert/strict";
import { processesWith } from "../support/containers.ts";
import { inNamespace } from "../support/in-namespace.ts";
import { deployment } from "../support/manifests.ts";

const replicas = 4;
const word = `8${process.pid}`;

/** Ready two seconds after its start, until it is told to stop. */
const command = `trap 'exit 0' TERM; sleep 1; touch /tmp/ready; while :; do sleep ${word} & wait; done`;
const probe = `          readinessProbe: { exec: { command: ["test", "-f", "/tmp/ready"] }, periodSeconds: 1 }`;
const strategy = "  strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } }\n  minReadySeconds: 1";
const version = (number: number): string =>
  deployment({
    name: "rolling",
    replicas,
    command,
    spec: strategy,
    container: `${probe}\n          env: [{ name: VERSION, value: "${number}" }]`,
  });

inNamespace(
  "a rolling update never has fewer ready nor more pods than its settings allow",
  async ({ cluster, namespace }) => {
    await cluster.apply(version(1), "-n", namespace, "--wait");
    const samples: number[] = [];
    let sampling = true;
    const sampler = (async () => {
      while (sampling) {
        // A pod runs this sleep from the moment it is ready until it stops.
        samples.push(new Set(processesWith(word).map((one) => one.cgroup)).size);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    })();
    try {
      await cluster.apply(version(2), "-n", namespace);
      await cluster.orchctl(["rollout", "status", "deployment/rolling", "-n", namespace, "--timeout", "90s"], {
        timeoutMs: 100_000,
      });
    } finally {
      sampling = false;
      await sampler;
    }
    assert.ok(samples.length > 20, "sampled throughout");
    assert.ok(
      Math.min(...samples) >= replicas - 1,
      `at least ${replicas - 1} ready at all times, seen ${Math.min(...samples)}`,
    );
    assert.ok(
      Math.max(...samples) <= replicas + 1 + 1,
      `at most ${replicas + 1} and one that is stopping, seen ${Math.max(...samples)}`,
    );
  },
  180_000,
);
