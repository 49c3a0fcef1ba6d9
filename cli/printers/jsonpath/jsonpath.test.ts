import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import { valuesAt } from "./evaluate.ts";
import { parsePath } from "./parse.ts";
import { parseTemplate, renderTemplate } from "./template.ts";

const pod = (name: string, ready: string, images: readonly string[]): object => ({
  metadata: { name, labels: { "app.kubernetes.io/name": "web" } },
  spec: { containers: images.map((image, i) => ({ name: `c${i}`, image, ports: i })) },
  status: {
    conditions: [
      { type: "Initialized", status: "True" },
      { type: "Ready", status: ready },
    ],
  },
});
const list = { kind: "List", items: [pod("a", "True", ["x:1", "y:2"]), pod("b", "False", ["z:3"])] };

test("paths find what kubectl finds", () => {
  const cases: readonly (readonly [string, unknown])[] = [
    ["{.kind}", ["List"]],
    ["kind", ["List"]],
    [".items[*].metadata.name", ["a", "b"]],
    ["$.items[-1].metadata.name", ["b"]],
    [".items[0,1].metadata['name']", ["a", "b"]],
    [".items[0:1].metadata.name", ["a"]],
    [".items[::2].metadata.name", ["a"]],
    [".items..image", ["x:1", "y:2", "z:3"]],
    [".items[0].metadata.labels.app\\.kubernetes\\.io/name", ["web"]],
    [".items[0].metadata.labels['app.kubernetes.io/name']", ["web"]],
    ['.items[*].status.conditions[?(@.type=="Ready")].status', ["True", "False"]],
    [".items[*].spec.containers[?(@.ports>=1)].name", ["c1"]],
    [".items[?(@.metadata.name!='a')].metadata.name", ["b"]],
    [".items[*].spec.containers[?(@.ports)].image", ["x:1", "y:2", "z:3"]],
    [".items[0].spec.containers[*]['name','image']", ["c0", "x:1", "c1", "y:2"]],
    [".nothing.here[3]", []],
    [".constructor", []],
  ];
  for (const [path, wanted] of cases) assert.deepEqual(valuesAt(parsePath(path), list), wanted, path);
});

test("templates: text, several values, ranges, and the root within a range", () => {
  const render = (text: string): string => renderTemplate(parseTemplate(text), list);
  assert.equal(render("{.items[*].metadata.name}"), "a b");
  assert.equal(
    render('{range .items[*]}{.metadata.name}{"\\t"}{.spec.containers[*].image}{"\\n"}{end}'),
    "a\tx:1 y:2\nb\tz:3\n",
  );
  assert.equal(
    render("{range .items[*]}{range .spec.containers[*]}{.name}@{$.kind} {end}{end}"),
    "c0@List c1@List c0@List ",
  );
  assert.equal(
    render("names: {.items[0].metadata.name}, {.items[0].metadata.labels}"),
    'names: a, {"app.kubernetes.io/name":"web"}',
  );
});

test("what cannot be read is shown with its place", () => {
  for (const text of [
    "{.a",
    "{range .items[*]}x",
    "{end}",
    "{.a[}",
    "{.a[?(@.b ~ 1)]}",
    "{name}",
    "{.a[0:1:0]}",
    "{.a[0,'b']}",
  ]) {
    assert.throws(
      () => parseTemplate(text),
      (thrown) => Problem.is(thrown, "bad-request") && /at character \d+: .*⟨here⟩/.test(thrown.message),
      text,
    );
  }
});
