import assert from "node:assert/strict";
import { test } from "node:test";
import { parseManifests, webYaml } from "./manifests.fixture.ts";
import type { KubeObject } from "./object.ts";
import { findDefinition } from "./registry.ts";

test("1000 pods are validated in well under a second, defaults included", () => {
  const web = parseManifests(webYaml).find((object) => object.kind === "Deployment");
  const definition = findDefinition("pods");
  assert.ok(web && definition);
  const { template } = web.spec as { template: { metadata: object; spec: object } };
  const pod: KubeObject = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", namespace: "shop" },
    spec: template.spec,
  };
  const run = (count: number): number => {
    // Time of ours, not of whoever else runs on this machine.
    const before = process.cpuUsage();
    for (let i = 0; i < count; i++) {
      const filled = definition.applyDefaults({ ...pod, metadata: { ...pod.metadata, name: `p-${i}` } });
      assert.equal(definition.validate(filled, { mode: "strict" }).causes.length, 0);
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  run(100);
  const elapsedMs = run(1000);
  assert.ok(elapsedMs < 1000, `${elapsedMs.toFixed(0)} ms`); // about 80 ms on an idle core; the bound leaves room for slow ones
});
