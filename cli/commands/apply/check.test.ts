import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import { inOrder } from "../../manifests/order.ts";
import { parseManifests } from "../../manifests/parse-manifests.ts";
import { checkManifests, locatedWarning } from "./check.ts";

const configMap = (name: string, more = ""): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${more}`;

function refused(text: string, namespace?: string): readonly string[] {
  try {
    checkManifests(parseManifests(text, "app.yaml"), "strict", namespace);
  } catch (thrown) {
    assert.ok(Problem.is(thrown, "invalid"), String(thrown));
    assert.match(thrown.message, /^nothing was applied: /);
    return thrown.causes.map(({ message }) => message);
  }
  throw new Error("was not refused");
}

test("everything that is wrong in all documents is said at once, each with file, line, column, kind and name", () => {
  const deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: many\n";
  const causes = refused(
    `${configMap("a", "frobs: 1\n")}---\n${configMap("fine")}---\n${deployment}---\nkind: Gizmo\napiVersion: v9\nmetadata: {name: g}\n`,
  );
  const [unknown = "", replicas = "", ...rest] = causes;
  assert.match(unknown, /^app\.yaml:5:1: ConfigMap a: frobs: /);
  assert.match(replicas, /^app\.yaml:16:3: Deployment web: spec\.replicas: /);
  assert.match(rest.at(-1) ?? "", /^app\.yaml:18:1: Gizmo g: kind: Orch has no kind Gizmo of v9/);
});

test("a kind of another version, and a misspelt one, are pointed out", () => {
  assert.match(
    refused("apiVersion: apps/v1beta1\nkind: Deployment\nmetadata: {name: a}\n")[0] ?? "",
    /as apps\/v1, not as apps\/v1beta1/,
  );
  assert.match(refused("apiVersion: v1\nkind: ConfigMop\nmetadata: {name: a}\n")[0] ?? "", /did you mean configmap/);
});

test("an object without a name, twice the same, or of another namespace than -n is refused", () => {
  assert.match(
    refused("apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: a-}\n").join(),
    /metadata\.name is missing/,
  );
  assert.match(
    refused(`${configMap("a")}---\n${configMap("a")}`).join(),
    /app\.yaml:9:3: .*the same object stands at app\.yaml:4:3/,
  );
  assert.match(refused(configMap("a", "  namespace: x\n"), "y").join(), /the file says x, but -n says y/);
});

test("namespaces come first, then what pods refer to, then workloads, else as written", () => {
  const kinds = ["Pod", "Deployment", "Secret", "ConfigMap", "Namespace", "Secret"];
  const ordered = inOrder(kinds.map((kind, at) => ({ definition: { kind }, at })));
  assert.deepEqual(
    ordered.map(({ definition: { kind }, at }) => `${kind}${at}`),
    ["Namespace4", "Secret2", "Secret5", "ConfigMap3", "Pod0", "Deployment1"],
  );
});

test("a warning that names a field is shown at its place", () => {
  const [manifest] = parseManifests(configMap("a", "data:\n  key: x\n"), "app.yaml");
  assert.ok(manifest);
  assert.equal(
    locatedWarning(manifest, "data.key: has no effect"),
    "app.yaml:6:3: ConfigMap a: data.key: has no effect",
  );
  assert.equal(locatedWarning(manifest, "something else"), "app.yaml:1:1: ConfigMap a: something else");
});
