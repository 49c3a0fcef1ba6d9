import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import { parseManifests } from "./parse-manifests.ts";

const refused = (text: string): Problem => {
  try {
    parseManifests(text, "bad.yaml");
  } catch (thrown) {
    assert.ok(Problem.is(thrown), String(thrown));
    return thrown;
  }
  throw new Error("was not refused");
};

const pod = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n    - name: web\n      image: x\n";

test("documents are read in order, with the place of each field", () => {
  const manifests = parseManifests(`# first\n${pod}---\n---\n${pod.replace("name: a", "name: b")}`, "pods.yaml");
  assert.deepEqual(
    manifests.map((manifest) => [manifest.object.metadata.name, manifest.document]),
    [
      ["a", 1],
      ["b", 3],
    ],
  );
  assert.deepEqual(manifests[0]?.placeOf("spec.containers[0].image"), { line: 9, column: 7 });
  assert.deepEqual(manifests[0]?.placeOf("spec.containers[0].imagePullPolicy"), { line: 8, column: 7 });
  assert.deepEqual(manifests[0]?.placeOf("spec.nothing"), { line: 6, column: 1 });
});

test("JSON is YAML, and a List stands for its items", () => {
  const list = parseManifests(
    JSON.stringify({
      apiVersion: "v1",
      kind: "List",
      items: [{ apiVersion: "v1", kind: "Pod", metadata: { name: "x" } }],
    }),
    "stdin",
  );
  assert.equal(list[0]?.object.metadata.name, "x");
});

test("a duplicate key is refused where it stands", () => {
  const problem = refused(`${pod}kind: Service\n`);
  assert.equal(problem.causes[0]?.line, 9);
  assert.match(problem.message, /bad\.yaml:9:1/);
});

test("an anchor bomb is refused quickly", () => {
  let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\na0: &a0 [x]\n";
  for (let i = 1; i < 30; i++)
    text += `a${i}: &a${i} [${Array(9)
      .fill(`*a${i - 1}`)
      .join(",")}]\n`;
  const before = process.cpuUsage();
  assert.match(refused(text).causes[0]?.message ?? "", /aliases/);
  const { user, system } = process.cpuUsage(before);
  assert.ok(user + system < 2_000_000);
});

test("nesting without end is refused, not recursed", () => {
  assert.match(refused(`a: ${"[".repeat(20_000)}`).causes[0]?.message ?? "", /nests deeper/);
  assert.match(refused(`${"- ".repeat(5000)}x`).causes[0]?.message ?? "", /nests deeper/);
  assert.match(refused(`a: ${"[".repeat(100)}${"]".repeat(100)}`).causes[0]?.message ?? "", /nests deeper/);
});

test("brackets in texts are not nesting", () => {
  const script = "  run.sh: |\n".concat("    printf '\\033[31m'\n".repeat(2000));
  const [manifest] = parseManifests(`apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n${script}`, "stdin");
  assert.equal(manifest?.object.kind, "ConfigMap");
});

test("twenty thousand keys are read at once, and a repeated one is found", () => {
  const keys = Array.from({ length: 20_000 }, (_, i) => `  k${i}: x\n`).join("");
  const text = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n${keys}`;
  const before = process.cpuUsage();
  assert.equal(parseManifests(text, "stdin").length, 1);
  // Time of ours, not of whoever else runs on this machine; comparing every key with every other takes minutes.
  const { user, system } = process.cpuUsage(before);
  assert.ok(user + system < 10_000_000);
  assert.match(refused(`${text}  k7: y\n`).causes[0]?.message ?? "", /k7 stands here twice/);
});

test("fields with dots in their names, in Lists too, have a place", () => {
  const text =
    "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata:\n    labels:\n      example.com/app: x\n";
  assert.deepEqual(parseManifests(text, "stdin")[0]?.placeOf('metadata.labels["example.com/app"]'), {
    line: 8,
    column: 7,
  });
});

test("what is no object is refused with what is missing", () => {
  assert.match(refused("just words").causes[0]?.message ?? "", /must be a mapping/);
  assert.deepEqual(
    refused("kind: Pod\nmetadata: {}").causes.map((cause) => cause.path),
    ["apiVersion"],
  );
  assert.match(refused("apiVersion: v1\nkind: Pod\nmetadata:\n\tname: a").causes[0]?.message ?? "", /tab/i);
  assert.match(refused("__proto__: {a: 1}\nkind: Pod").causes[0]?.message ?? "", /__proto__/);
});

test("scalars mean what kubectl takes them for", () => {
  const [manifest] = parseManifests(
    "apiVersion: v1\nkind: X\nmetadata: {name: a}\nmode: 0400\nplain: 400\nquoted: '0400'\nswitch: on\nversion: 1.10\nday: 2026-01-02\ntime: 12:30:45\nbase: &base {a: 1}\nmore: {<<: *base, b: 2}\n",
    "x",
  );
  const {
    mode,
    plain,
    quoted,
    switch: on,
    version,
    day,
    time,
    more,
  } = (manifest?.object ?? {}) as Record<string, unknown>;
  assert.deepEqual(
    { mode, plain, quoted, on, version, day, time, more },
    {
      mode: 0o400,
      plain: 400,
      quoted: "0400",
      on: true,
      version: 1.1,
      day: "2026-01-02",
      time: "12:30:45",
      more: { a: 1, b: 2 },
    },
  );
});

test("elements of lists are found by what tells them apart, as messages about owners name them", () => {
  const text = `apiVersion: v1
kind: Pod
metadata:
  name: a
  annotations: { "example.com/a": x }
  finalizers:
    - one
    - two
spec:
  containers:
    - name: sidecar
      image: x
    - name: web
      image: y
      ports:
        - containerPort: 80
        - containerPort: 81
          protocol: UDP
`;
  const [manifest] = parseManifests(text, "pod.yaml");
  const table: readonly (readonly [string, number])[] = [
    ['spec.containers[name="web"].image', 14],
    ['spec.containers[name="none"].image', 10],
    ['spec.containers[name="web"].ports[containerPort=81,protocol="UDP"].protocol', 18],
    ['spec.containers[name="web"].ports[containerPort=80,protocol="TCP"]', 16],
    ['metadata.finalizers["two"]', 8],
    ['metadata.annotations["example.com/a"]', 5],
  ];
  for (const [path, line] of table) assert.equal(manifest?.placeOf(path).line, line, path);
});
