import assert from "node:assert/strict";
import { test } from "node:test";
import { podRequests } from "./resources.ts";

const asking = (cpu: string, more: object = {}) => ({
  name: "c",
  image: "example",
  resources: { requests: { cpu } },
  ...more,
});

test("containers add up, with limits where no request is named", () => {
  const limited = { name: "d", image: "example", resources: { limits: { cpu: "200m", memory: "1Gi" } } };
  const asked = podRequests({ containers: [asking("100m"), limited] });
  assert.equal(asked.milliCpu, 300);
  assert.equal(asked.memoryBytes, 2 ** 30);
  assert.equal(asked.pods, 1);
});

test("a hungrier init container counts instead", () => {
  assert.equal(podRequests({ containers: [asking("100m")], initContainers: [asking("1")] }).milliCpu, 1000);
});

test("a sidecar runs beside the containers and beside later init containers", () => {
  const sidecar = asking("200m", { restartPolicy: "Always" });
  assert.equal(podRequests({ containers: [asking("100m")], initContainers: [sidecar] }).milliCpu, 300);
  assert.equal(podRequests({ containers: [asking("100m")], initContainers: [sidecar, asking("1")] }).milliCpu, 1200);
});

test("overhead and extended resources are counted", () => {
  const device = { name: "g", image: "example", resources: { requests: { "example.com/gpu": "2" } } };
  const asked = podRequests({ containers: [device], overhead: { cpu: "50m" } });
  assert.equal(asked.milliCpu, 50);
  assert.deepEqual(asked.other, { "example.com/gpu": 2 });
});

test("what a pod asks for as a whole stands for its containers", () => {
  const containers = [asking("100m"), asking("200m")];
  assert.equal(podRequests({ containers, resources: { requests: { cpu: "1" } } }).milliCpu, 1000);
  assert.equal(podRequests({ containers, resources: { limits: { cpu: "2" } } }).milliCpu, 300);
  const pages = podRequests({ containers: [], resources: { limits: { memory: "1Gi", "hugepages-2Mi": "4Mi" } } });
  assert.deepEqual([pages.memoryBytes, pages.other], [2 ** 30, { "hugepages-2Mi": 4 * 2 ** 20 }]);
});
