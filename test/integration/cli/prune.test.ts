/** orchctl apply --prune by set, against the real API. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { OrchctlUnderTest, type Ran } from "../../support/orchctl.ts";

let cli: OrchctlUnderTest;
before(async () => {
  cli = await OrchctlUnderTest.start();
});
after(() => cli.stop());

let spaces = 0;
async function newSpace(): Promise<string> {
  const name = `prune-${spaces++}`;
  await cli.calls.create("namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  return name;
}
const file = (...names: readonly string[]): string =>
  names
    .map(
      (name) => `apiVersion: v1\nkind: ${name.startsWith("s-") ? "Secret" : "ConfigMap"}\nmetadata: {name: ${name}}\n`,
    )
    .join("---\n");
const apply = (space: string, input: string, ...flags: readonly string[]): Promise<Ran> =>
  cli.run(["apply", "-f", "-", "-n", space, "--prune", "--applyset", "set", ...flags], { input });
const names = async (resource: string, namespace: string): Promise<readonly string[]> =>
  (await cli.calls.list(resource, { namespace })).items.map(({ metadata }) => metadata.name);

test("what a set no longer says goes, and nothing else", async () => {
  const space = await newSpace();
  await cli.run(["apply", "-f", "-", "-n", space], { input: file("foreign") });
  assert.equal((await apply(space, file("a", "b", "s-c"))).code, 0);
  const dry = await apply(space, file("a"), "--dry-run");
  const wanted = ["configmap/a unchanged", "configmap/b pruned", "secret/s-c pruned"];
  assert.equal(dry.out, wanted.map((line) => `${line} (server dry run)\n`).join(""));
  assert.deepEqual(await names("configmaps", space), ["a", "b", "foreign", "set"]);
  const done = await apply(space, file("a"));
  assert.match(done.out, /^configmap\/a unchanged\n/);
  assert.match(done.out, /^configmap\/b pruned$/m);
  assert.match(done.out, /^secret\/s-c pruned$/m);
  assert.deepEqual(await names("configmaps", space), ["a", "foreign", "set"]);
  assert.deepEqual(await names("secrets", space), []);
  const { annotations = {} } = (await cli.calls.get("configmaps", space, "set")).metadata;
  assert.equal(annotations["applyset.kubernetes.io/contains-group-kinds"], "ConfigMap");
  assert.equal((await apply(space, file("a"))).out, "configmap/a unchanged\n");
});

test("a set reaches into the namespaces it has been in, never into others", async () => {
  const [space, other, third] = [await newSpace(), await newSpace(), await newSpace()];
  const inOther = (namespace: string): string => file("x").replace("name: x", `name: x, namespace: ${namespace}`);
  assert.equal((await apply(space, file("a"))).code, 0);
  const set = (await cli.calls.get("configmaps", space, "a")).metadata.labels?.["applyset.kubernetes.io/part-of"] ?? "";
  // A label alone, where the set never was, makes no member.
  await cli.calls.create("configmaps", {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "x", namespace: third, labels: { "applyset.kubernetes.io/part-of": set } },
  });
  const both = await cli.run(["apply", "-f", "-", "--prune", "--applyset", "set"], { input: inOther(other) });
  assert.equal(both.code, 0, both.err);
  assert.equal(
    (await cli.run(["apply", "-f", "-", "--prune", "--applyset", "set"], { input: inOther(space) })).code,
    0,
  );
  assert.deepEqual(await names("configmaps", other), []);
  assert.deepEqual(await names("configmaps", third), ["x"]);
  assert.deepEqual(await names("configmaps", space), ["a", "set", "x"]);
});

test("an object of another set, and a name that is taken by something else, are refused", async () => {
  const space = await newSpace();
  assert.equal((await apply(space, file("a"))).code, 0);
  const stolen = await cli.run(["apply", "-f", "-", "-n", space, "--prune", "--applyset", "other"], {
    input: file("a"),
  });
  assert.equal(stolen.code, 4);
  assert.match(stolen.err, /configmap\/a is part of the set \w+\n {2}→ apply them with their own set/);
  const taken = await cli.run(["apply", "-f", "-", "-n", space, "--prune", "--applyset", "a"], { input: file("b") });
  assert.equal(taken.code, 4);
  assert.match(taken.err, /configmap\/a is not an apply set of orchctl: it lacks the label/);
  assert.deepEqual(await names("configmaps", space), ["a", "set"]);
  for (const flags of [
    ["--prune"],
    ["--applyset", "x"],
    ["--prune", "--applyset", "pod/x"],
    ["--prune", "--applyset", "x", "--dry-run=client"],
  ])
    assert.equal(
      (await cli.run(["apply", "-f", "-", "-n", space, ...flags], { input: file("b") })).code,
      2,
      flags.join(" "),
    );
});

test("a document that is refused prunes nothing; diff shows what would go", async () => {
  const space = await newSpace();
  assert.equal((await apply(space, file("a", "b"))).code, 0);
  assert.equal((await apply(space, `${file("a")}frobs: 1\n`)).code, 5);
  assert.deepEqual(await names("configmaps", space), ["a", "b", "set"]);
  const diff = await cli.run(["diff", "-f", "-", "-n", space, "--prune", "--applyset", "set"], { input: file("a") });
  assert.equal(diff.code, 1);
  assert.match(diff.out, /^--- configmap\/b, namespace prune-\d+ \(live\)\n\+\+\+ \/dev\/null\n/);
});
