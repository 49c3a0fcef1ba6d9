import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import { assertPortFree } from "./listen-check.ts";

test("a taken port is told with its number, its holder and the flag to change; a free one is fine", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen({ host: "127.0.0.1", port: 0 }, resolve));
  const { port } = server.address() as { port: number };
  await assert.rejects(assertPortFree("127.0.0.1", port, "--port"), (thrown) => {
    assert.ok(Problem.is(thrown, "unavailable"));
    assert.match(thrown.message, new RegExp(`port ${port} on 127.0.0.1 is taken by .*pid ${process.pid}`));
    assert.match(thrown.hint ?? "", /--port/);
    return true;
  });
  await new Promise((resolve) => server.close(resolve));
  await assertPortFree("127.0.0.1", port, "--port");
});

test("an address that is not this machine's is told so", async () => {
  await assert.rejects(assertPortFree("192.0.2.1", 0, "--port"), /this machine has no address 192.0.2.1/);
});
