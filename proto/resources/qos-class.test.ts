import assert from "node:assert/strict";
import { test } from "node:test";
import type { ResourceRequirements } from "./pod.ts";
import { withPodDefaults } from "./pod-defaults.ts";
import { qosClass } from "./qos-class.ts";

const spec = (...resources: (ResourceRequirements | undefined)[]) => ({
  containers: resources.map((resources, i) => ({ name: `c${i}`, image: "i", resources })),
});
const full = { limits: { cpu: "1", memory: "1Gi" } };

test("the class follows from requests and limits of all containers", () => {
  assert.equal(qosClass(spec(undefined)), "BestEffort");
  assert.equal(qosClass(spec({}, {})), "BestEffort");
  assert.equal(qosClass(spec({ limits: { cpu: "0" } })), "BestEffort");
  assert.equal(qosClass(spec(full)), "Guaranteed");
  assert.equal(qosClass(spec({ ...full, requests: { cpu: "1000m", memory: "1024Mi" } })), "Guaranteed");
  assert.equal(qosClass(spec(full, {})), "Burstable");
  assert.equal(qosClass(spec({ limits: { cpu: "1" } })), "Burstable");
  assert.equal(qosClass(spec({ ...full, requests: { cpu: "500m" } })), "Burstable");
  assert.equal(qosClass(spec({ requests: { memory: "1Mi" } })), "Burstable");
  assert.equal(qosClass({ ...spec(undefined), resources: full }), "Guaranteed");
  assert.equal(qosClass({ ...spec(full), resources: { requests: { cpu: "2" } } }), "Burstable");
  assert.equal(qosClass({ ...spec(full), resources: { limits: { "hugepages-2Mi": "2Mi" } } }), "Guaranteed");
});

test("a pod made from a template is completed without touching the template", () => {
  const template = {
    hostNetwork: true,
    containers: [{ name: "c", image: "i", resources: full, ports: [{ containerPort: 80 }] }],
  };
  const before = structuredClone(template);
  const completed = withPodDefaults(template);
  assert.deepEqual(template, before);
  assert.deepEqual(completed.containers[0]?.resources, { ...full, requests: full.limits });
  assert.deepEqual(completed.containers[0]?.ports, [{ containerPort: 80, hostPort: 80 }]);
  assert.equal(completed.enableServiceLinks, true);
  assert.deepEqual(withPodDefaults(completed), completed);
});
