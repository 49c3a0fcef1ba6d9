import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTemplate, render } from "./placeholders.ts";

const items = [{ name: "web", state: { pid: 7 }, labels: { a: "b" } }];

test("fields, paths, JSON and tables", () => {
  assert.equal(render(parseTemplate("{{.Name}}: {{ .State.Pid }}"), items), "web: 7\n");
  assert.equal(render(parseTemplate("{{.labels}}"), items), '{"a":"b"}\n');
  assert.equal(render(parseTemplate("{{json .state}}"), items), '{"pid":7}\n');
  assert.equal(render(parseTemplate("json"), items), `${JSON.stringify(items[0])}\n`);
  assert.equal(render(parseTemplate("table {{.Name}}\\t{{.State.Pid}}"), items), "NAME   PID\nweb    7\n");
});

test("what is not known is refused, with what is", () => {
  assert.throws(() => parseTemplate("{{range .}}"), /range/);
  assert.throws(() => render(parseTemplate("{{.Colour}}"), items), /no field \.Colour/);
  assert.throws(() => render(parseTemplate("{{.constructor}}"), items), /no field/);
});
