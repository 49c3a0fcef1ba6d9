import assert from "node:assert/strict";
import { test } from "node:test";
import { findDefinition } from "#proto/resources/registry.ts";
import { runManifest } from "./run.ts";

const plain = { restart: "Never", env: [], timeout: 1000 };

test("the image names the pod, its arguments follow the image's entrypoint", () => {
  const manifest = runManifest("registry:5000/team/Web_App:1.2@sha256:abc", ["echo", "hello"], { ...plain, rm: true });
  assert.deepEqual(manifest.metadata, { name: "", generateName: "web-app-", labels: { run: "web-app" } });
  assert.deepEqual(manifest.spec, {
    restartPolicy: "Never",
    terminationGracePeriodSeconds: 2,
    containers: [{ name: "web-app", image: "registry:5000/team/Web_App:1.2@sha256:abc", args: ["echo", "hello"] }],
  });
});

test("name, environment, labels, port and --command", () => {
  const options = {
    ...plain,
    image: "nginx:1",
    env: ["A=b=c", "E="],
    labels: "app=web,tier=",
    port: 80,
    command: true,
  };
  const manifest = runManifest("web", ["sh"], options);
  assert.deepEqual(manifest.metadata, { name: "web", labels: { app: "web", tier: "" } });
  assert.deepEqual((manifest.spec as { containers: readonly unknown[] }).containers, [
    {
      ...{ name: "nginx", image: "nginx:1", command: ["sh"], ports: [{ containerPort: 80 }] },
      env: [
        { name: "A", value: "b=c" },
        { name: "E", value: "" },
      ],
    },
  ]);
});

test("whatever the image is called, the schema takes the pod", () => {
  const definition = findDefinition("pods");
  assert.ok(definition);
  for (const image of ["busybox", "a".repeat(200), "x/____", "localhost:5000/a.b_c:latest", "UPPER"]) {
    const object = definition.applyDefaults(runManifest(image, [], plain));
    assert.deepEqual(definition.validate(object, { mode: "strict" }).causes, [], image);
  }
});

test("what is no label or variable is refused", () => {
  assert.throws(() => runManifest("a", [], { ...plain, env: ["novalue"] }), /no NAME=value/);
  assert.throws(() => runManifest("a", [], { ...plain, labels: "app" }), /no NAME=value/);
  assert.throws(() => runManifest("", [], plain), /no image/);
});
