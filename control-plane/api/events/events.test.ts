import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ApiCalls } from "#test/support/api-calls.ts";
import { startTestApi, type TestApi } from "#test/support/api-server.ts";

let api: TestApi;
let calls: ApiCalls;
before(async () => {
  api = await startTestApi();
  calls = new ApiCalls(api.client);
});
after(() => api.stop());

test("events are created, listed, watched and deleted through the API, and never changed", async () => {
  const body = {
    apiVersion: "v1",
    kind: "Event",
    metadata: { generateName: "web.", namespace: "default" },
    involvedObject: { kind: "Pod", namespace: "default", name: "web" },
    reason: "Tested",
    message: "it was",
    type: "Normal",
  };
  const first = await calls.create("events", body);
  const { items, resourceVersion } = await calls.list("events", { fieldSelector: "involvedObject.name=web" });
  assert.deepEqual(items, [first.object]);
  assert.deepEqual((await calls.list("events", { fieldSelector: "involvedObject.name=other" })).items, []);
  const more = { resourceVersion, fieldSelector: "reason=Tested" };
  const watching = calls.watch("events", more, { deadlineMs: 5_000 }).next();
  const second = await calls.create("events", body);
  const seen = await watching;
  assert.equal(seen.value?.type, "ADDED");
  assert.deepEqual(seen.value?.object, second.object);
  await assert.rejects(calls.update("events", first.object), { code: "unsupported" });
  await calls.delete("events", "default", first.object.metadata.name);
  await assert.rejects(calls.get("events", "default", first.object.metadata.name), { code: "not-found" });
});

test("events come in pages too", async () => {
  const involvedObject = { kind: "Pod", namespace: "default", name: "paged" };
  for (let i = 0; i < 7; i++) {
    const metadata = { name: `paged-${i}`, namespace: "default" };
    await calls.create("events", { apiVersion: "v1", kind: "Event", metadata, involvedObject });
  }
  const found: string[] = [];
  let next = "";
  do {
    const page = await calls.list("events", {
      namespace: "default",
      limit: 3,
      fieldSelector: "involvedObject.name=paged",
      continue: next,
    });
    assert.ok(page.items.length <= 3);
    found.push(...page.items.map((item) => item.metadata.name));
    next = page.continue;
  } while (next !== "");
  assert.deepEqual(
    found,
    [0, 1, 2, 3, 4, 5, 6].map((i) => `paged-${i}`),
  );
});
