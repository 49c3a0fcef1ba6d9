/** Registries that stop answering. Here because the waits are real. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type FakeRegistry, startFakeRegistry } from "#node-agent/images/registry/fake-registry.ts";
import { RegistrySession } from "#node-agent/images/registry/registry-session.ts";
import { RegistryTransport } from "#node-agent/images/registry/transport.ts";
import { systemClock } from "#proto/kit/clock.ts";
import { systemRandom } from "#proto/kit/random.ts";
import { never } from "./image-node.ts";

let registry: FakeRegistry;
let transport: RegistryTransport;
before(async () => {
  registry = await startFakeRegistry();
  const registries = () => [{ host: registry.host, plainHttp: true }];
  transport = new RegistryTransport({ registries, clock: systemClock, stallTimeoutMs: 300 });
});
after(async () => {
  await transport.close();
  await registry.close();
});

const blob = (): ReturnType<RegistrySession["blob"]> => {
  const endpoint = { host: registry.host, repository: "a", mirrorOf: undefined };
  const options = { transport, endpoint, credentials: undefined };
  return new RegistrySession({ ...options, clock: systemClock, random: systemRandom }).blob(
    "sha256:x",
    0,
    "blob",
    never,
  );
};

test("no answer at all is a time-out", async () => {
  registry.on("/v2/a/blobs/", () => undefined);
  await assert.rejects(blob(), { code: "timeout", message: /did not answer in time/ });
});

test("an answer that stalls half way is a time-out", async () => {
  registry.on("/v2/a/blobs/", (response) => void response.writeHead(200).write("some"));
  const { chunks } = await blob();
  const read = async (): Promise<void> => {
    for await (const chunk of chunks) assert.equal(chunk.toString(), "some");
  };
  await assert.rejects(read(), { code: "timeout" });
});
