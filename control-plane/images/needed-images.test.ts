import assert from "node:assert/strict";
import { test } from "node:test";
import { withImagePins } from "#proto/resources/image-pins.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { neededNames } from "./needed-images.ts";

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
const replicaSet = (replicas: number, ...images: string[]): KubeObject => ({
  apiVersion: "apps/v1",
  kind: "ReplicaSet",
  metadata: { name: images.join() },
  spec: { replicas, template: { spec: { containers: images.map((image) => ({ name: "c", image })) } } },
});

test("what any revision names is needed, by tag and by the digest it is pinned to, also of old revisions", () => {
  const current = withImagePins(replicaSet(3, "web:2"), { "web:2": digest("b") });
  const old = withImagePins(replicaSet(0, "web:1", "r.example/side"), { "web:1": digest("a") });
  const names = [
    "docker.io/library/web:1",
    "docker.io/library/web:0",
    `docker.io/library/web@${digest("a")}`,
    `docker.io/library/web@${digest("c")}`,
    `docker.io/library/web@${digest("b")}`,
    "r.example/side:latest",
  ];
  assert.deepEqual([...neededNames(names, [current, old])].sort(), [
    "docker.io/library/web:1",
    `docker.io/library/web@${digest("a")}`,
    `docker.io/library/web@${digest("b")}`,
    "r.example/side:latest",
  ]);
});

test("a template that cannot be read needs nothing", () => {
  const empty = { ...replicaSet(1), spec: { template: {} } };
  assert.deepEqual(neededNames(["docker.io/library/web:1"], [empty]), []);
});
