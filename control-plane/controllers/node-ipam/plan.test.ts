import assert from "node:assert/strict";
import { test } from "node:test";
import { type Cidr, firstFree, formatCidr, overlaps, parseCidr } from "../model/cidr.ts";
import type { Node } from "../model/kinds.ts";
import { aNode } from "../objects.fixture.ts";
import { plan } from "./plan.ts";

const cidr = (text: string): Cidr => {
  const parsed = parseCidr(text);
  assert.ok(parsed);
  return parsed;
};

const ranges = (clusterCidr: string, nodes: readonly Node[], given: ReadonlyMap<string, string> = new Map()) =>
  plan({ nodes, given, clusterCidr: cidr(clusterCidr), nodePrefix: 24 }).steps.flatMap((step) =>
    step.kind === "update" ? [`${step.object.metadata.name} ${(step.object as unknown as Node).spec?.podCIDR}`] : [],
  );

test("every node without a range gets its own, the lowest that is free", () => {
  const taken = aNode("n2", { spec: { podCIDR: "10.128.0.0/24" } });
  assert.deepEqual(ranges("10.128.0.0/12", [aNode("n1"), taken, aNode("n3")]), [
    "n1 10.128.1.0/24",
    "n3 10.128.2.0/24",
  ]);
});

test("a range that was given but does not show yet is not given again, nor is the node given another", () => {
  const given = new Map([["n1", "10.128.0.0/24"]]);
  assert.deepEqual(ranges("10.128.0.0/12", [aNode("n1"), aNode("n2")], given), ["n2 10.128.1.0/24"]);
});

test("when all are given away, the node is told and nothing overlaps", () => {
  const full = [0, 1].map((index) => aNode(`n${index}`, { spec: { podCIDR: `10.0.${index}.0/24` } }));
  const { steps } = plan({
    nodes: [...full, aNode("late")],
    given: new Map(),
    clusterCidr: cidr("10.0.0.0/23"),
    nodePrefix: 24,
  });
  assert.deepEqual(
    steps.map((step) => step.kind),
    ["event"],
  );
});

test("ranges are read, printed and compared", () => {
  assert.equal(formatCidr(cidr("10.128.5.77/24")), "10.128.5.0/24");
  for (const bad of ["10.0.0.0", "10.0.0.256/24", "10.0.0.0/33", "x"]) assert.equal(parseCidr(bad), undefined, bad);
  assert.equal(overlaps(cidr("10.0.0.0/16"), cidr("10.0.3.0/24")), true);
  assert.equal(overlaps(cidr("10.0.0.0/24"), cidr("10.0.1.0/24")), false);
  const odd = firstFree(cidr("10.0.0.0/16"), 24, [cidr("10.0.0.0/25"), cidr("10.0.0.128/32")]);
  assert.equal(odd && formatCidr(odd), "10.0.1.0/24");
});
