import assert from "node:assert/strict";
import { test } from "node:test";
import type { EphemeralContainer, Pod } from "../pod.ts";
import { examine } from "./check.fixture.ts";
import { ephemeralProblem } from "./ephemeral-rules.ts";

const pod = (...ephemeralContainers: readonly EphemeralContainer[]): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web", namespace: "default" },
  spec: { containers: [{ name: "main", image: "a:1" }], ephemeralContainers: [...ephemeralContainers] },
});
const tool: EphemeralContainer = { name: "tool", image: "busybox:1", targetContainerName: "main" };
/** As part of a pod that has them already: only then are they judged by themselves. */
const causes = (...list: readonly EphemeralContainer[]): string =>
  examine(pod(...list), { previous: examine(pod(...list)).filled }).causes.join("\n");

test("a pod cannot be made with them", () => {
  assert.match(examine(pod(tool)).causes.join(), /spec.ephemeralContainers: cannot be set when a pod is made/);
});

test("they promise nothing, and have names of their own", () => {
  assert.equal(causes(tool), "");
  assert.match(causes({ ...tool, ports: [{ containerPort: 80 }] }), /ports: an ephemeral container cannot have it/);
  assert.match(causes({ ...tool, resources: { limits: { cpu: "1" } } }), /resources: an ephemeral container cannot/);
  assert.match(causes({ ...tool, livenessProbe: { exec: { command: ["true"] } } }), /livenessProbe: an ephemeral/);
  assert.match(causes({ ...tool, restartPolicy: "Always" }), /restartPolicy: an ephemeral/);
  assert.match(causes({ ...tool, targetContainerName: "none" }), /the pod has no container `none`/);
  assert.match(causes({ ...tool, name: "main" }), /ephemeralContainers\[0\].name/);
  assert.match(causes({ ...tool, image: "" }), /image/);
});

test("they are added, never taken away or changed", () => {
  const other: EphemeralContainer = { name: "other", image: "b:1" };
  assert.equal(ephemeralProblem(pod(tool), pod(tool, other)), undefined);
  assert.equal(ephemeralProblem(pod(), pod(other)), undefined);
  assert.match(ephemeralProblem(pod(tool), pod(other)) ?? "", /`tool` cannot be taken away/);
  assert.match(ephemeralProblem(pod(tool), pod({ ...tool, image: "c:1" })) ?? "", /`tool` cannot change/);
  assert.equal(ephemeralProblem(pod({ ...tool, imagePullPolicy: "Always" }), pod(tool)), undefined);
});
