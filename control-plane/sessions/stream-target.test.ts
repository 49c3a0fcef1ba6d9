import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { resolvePodTarget, type StreamOpen } from "./stream-target.ts";

function pod(spec: Record<string, unknown>, more: Record<string, unknown> = {}): KubeObject {
  const metadata = { name: "web", namespace: "default", uid: "u1", ...(more.metadata as object) };
  return { apiVersion: "v1", kind: "Pod", spec, ...more, metadata };
}
const one = { nodeName: "n1", containers: [{ name: "app" }] };
const two = { nodeName: "n1", containers: [{ name: "app" }, { name: "sidecar" }], initContainers: [{ name: "setup" }] };
const resolve = (open: StreamOpen, kind: "logs" | "exec" | "port-forward", found: KubeObject | undefined) =>
  resolvePodTarget({ pod: "web", ...open }, kind, (namespace, name) => {
    return namespace === "default" && name === "web" ? found : undefined;
  });

test("the only container is meant when none is named; the pod's uid goes along", () => {
  const { node, open } = resolve({}, "logs", pod(one));
  assert.equal(node, "n1");
  assert.deepEqual([open.namespace, open.container, open.podUid, open.kind], ["default", "app", "u1", "logs"]);
});

test("of several the first is meant when none is named", () => {
  assert.equal(resolve({}, "logs", pod(two)).open.container, "app");
});

test("a named container, init containers too, and the pod's own default are found", () => {
  assert.equal(resolve({ container: "setup" }, "logs", pod(two)).open.container, "setup");
  const marked = pod(two, { metadata: { annotations: { "kubectl.kubernetes.io/default-container": "sidecar" } } });
  assert.equal(resolve({}, "logs", marked).open.container, "sidecar");
});

test("port-forward needs a port and no container", () => {
  assert.equal(resolve({ port: 80 }, "port-forward", pod(two)).open.port, 80);
});

const pending = {
  status: { conditions: [{ type: "PodScheduled", status: "False", message: "0 of 3 nodes fit: not enough cpu" }] },
};
const refusals: readonly [
  string,
  StreamOpen,
  "logs" | "exec" | "port-forward",
  KubeObject | undefined,
  string,
  RegExp,
][] = [
  ["a pod that does not exist", {}, "logs", undefined, "not-found", /pod "web" not found in namespace default/],
  ["a pod that waits for a node", {}, "logs", pod({ containers: [] }, pending), "unavailable", /0 of 3 nodes fit/],
  ["an unknown container", { container: "x" }, "logs", pod(two), "not-found", /app, sidecar, setup/],
  ["a port that is none", { port: 0 }, "port-forward", pod(one), "bad-request", /not a port/],
  ["exec without a command", {}, "exec", pod(one), "bad-request", /needs a command/],
];
for (const [what, open, kind, found, code, message] of refusals) {
  test(`${what} is answered with a sentence`, () => {
    assert.throws(
      () => resolve(open, kind, found),
      (thrown) => thrown instanceof Problem && thrown.code === code && message.test(thrown.message),
    );
  });
}
