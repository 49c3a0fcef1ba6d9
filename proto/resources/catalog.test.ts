import assert from "node:assert/strict";
import { test } from "node:test";
import { catalog, findEntry, inCategory, suggestResource } from "./catalog.ts";
import { matchesFieldSelector, parseFieldSelector } from "./field-selector.ts";

test("names, short names and resources are each used once", () => {
  const names = catalog.flatMap((entry) => [...new Set([entry.plural, entry.singular, ...entry.shortNames])]);
  assert.equal(new Set(names).size, names.length);
  assert.equal(new Set(catalog.map((entry) => entry.resource)).size, catalog.length);
});

test("`all` means what people run, not what they configure", () => {
  assert.deepEqual(
    inCategory("all").map((entry) => entry.plural),
    ["pods", "deployments", "replicasets"],
  );
});

test("a misspelt resource finds its neighbour", () => {
  assert.equal(suggestResource("deploments"), "deployments");
  assert.equal(suggestResource("xyz"), undefined);
});

test("pods are selected by node and phase, events by what they are about", () => {
  const matches = (kind: string, selector: string, object: object): boolean => {
    const entry = findEntry(kind);
    assert.ok(entry);
    const parsed = parseFieldSelector(selector, Object.keys(entry.fieldSelectors));
    assert.ok(parsed.ok, selector);
    return matchesFieldSelector(
      parsed.selector,
      { apiVersion: "", kind: "", metadata: { name: "x" }, ...object },
      entry.fieldSelectors,
    );
  };
  const pod = { spec: { nodeName: "n1" }, status: { phase: "Running" } };
  assert.ok(matches("pods", "spec.nodeName=n1,status.phase!=Failed,spec.hostNetwork=false,metadata.name=x", pod));
  assert.ok(!matches("pods", "spec.nodeName=", pod));
  assert.ok(matches("pods", "spec.nodeName=", { spec: {} }));
  assert.ok(
    matches("events", "involvedObject.name=p,type=Warning", { involvedObject: { name: "p" }, type: "Warning" }),
  );
  assert.ok(matches("nodes", "spec.unschedulable=false", {}));
  assert.ok(!matches("secrets", "type=Opaque", { type: "kubernetes.io/tls" }));
});
