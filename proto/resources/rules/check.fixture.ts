/** For tables of rules: a valid object, one change to it, and what validation says. */
import assert from "node:assert/strict";
import type { KubeObject } from "../object.ts";
import { findDefinition, type ValidationMode } from "../registry.ts";
import { parsePath } from "../schema/field-path.ts";

type Tree = Record<string | number, unknown>;

/** A copy with the value at a path replaced; `undefined` takes the field away. */
export function changed(object: KubeObject, path: string, value: unknown): KubeObject {
  const copy = structuredClone(object);
  const segments = parsePath(path);
  assert.ok(segments, path);
  let at = copy as unknown as Tree;
  for (const [i, segment] of segments.slice(0, -1).entries()) {
    at[segment] ??= typeof segments[i + 1] === "number" ? [] : {};
    at = at[segment] as Tree;
  }
  const last = segments.at(-1) ?? "";
  if (value === undefined) delete at[last];
  else at[last] = value;
  return copy;
}

interface Options {
  readonly previous?: KubeObject;
  readonly mode?: ValidationMode;
}

/** As the server does it: defaults, then validation. Causes as `path: message`. */
export function examine(object: KubeObject, { previous, mode = "strict" }: Options = {}) {
  const definition = findDefinition({ apiVersion: object.apiVersion, kind: object.kind });
  assert.ok(definition, object.kind);
  const filled = definition.applyDefaults(object);
  const { causes, warnings } = definition.validate(filled, {
    mode,
    previous: previous === undefined ? undefined : definition.applyDefaults(previous),
  });
  return {
    filled,
    warnings,
    reasons: causes.map(({ reason }) => reason),
    causes: causes.map(({ path, message }) => `${path}: ${message}`),
  };
}

export type Case = readonly [path: string, value: unknown, expected: RegExp | undefined];

/** Each case changes `base` at a path and expects exactly one cause that matches, or none. */
export function checkCases(base: KubeObject, cases: readonly Case[], options: Options = {}): void {
  for (const [path, value, expected] of cases) {
    const { causes } = examine(changed(base, path, value), options);
    const title = `${path} = ${JSON.stringify(value)}`;
    if (expected === undefined) assert.deepEqual(causes, [], title);
    else {
      assert.equal(causes.length, 1, `${title}\n${causes.join("\n")}`);
      assert.match(causes[0] ?? "", expected, title);
    }
  }
}

export const basePod: KubeObject = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "p", namespace: "default" },
  spec: {
    containers: [{ name: "c", image: "busybox", volumeMounts: [{ name: "v", mountPath: "/v" }] }],
    volumes: [{ name: "v", emptyDir: {} }],
  },
};

export const baseDeployment: KubeObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "d", namespace: "default" },
  spec: {
    selector: { matchLabels: { app: "d" } },
    template: { metadata: { labels: { app: "d" } }, spec: { containers: [{ name: "c", image: "busybox" }] } },
  },
};
