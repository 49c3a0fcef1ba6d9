/** The light caller against the real API server: same answers, same Problems, and no less careful about whom it talks to. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Http2Caller, type Http2Target } from "#cli/client/http2-caller.ts";
import { ObjectReader } from "#cli/client/object-reader.ts";
import { Problem } from "#proto/kit/problem.ts";
import { apiService } from "#proto/wire/generated/services.ts";
import { startTestApi, type TestApi } from "../../support/api-server.ts";
import { testAuthority } from "../../support/certificates.ts";

let api: TestApi;
let target: Http2Target;
const deadline = (): AbortSignal => AbortSignal.timeout(10_000);

before(async () => {
  api = await startTestApi();
  const own = await api.authority.issue("CN=admin, O=system:masters");
  target = {
    address: api.address,
    serverName: "control-plane.test.orch",
    certificateAuthority: own.authorities,
    clientCertificate: own.certificateChain,
    clientKey: own.privateKey,
    connectTimeoutMs: 5_000,
    callTimeoutMs: 5_000,
  };
});

after(() => api.stop());

test("lists and gets, and a Problem arrives whole", async () => {
  const caller = await Http2Caller.connect(target, deadline());
  try {
    const reader = new ObjectReader(caller, deadline());
    const { items } = await reader.list("namespaces");
    assert.ok(items.some((item) => item.metadata.name === "default"));
    assert.equal((await reader.get("namespaces", "", "default")).kind, "Namespace");
    await assert.rejects(
      reader.get("pods", "default", "nobody"),
      (thrown) => Problem.is(thrown, "not-found") && /nobody/.test(thrown.message),
    );
  } finally {
    caller.close();
  }
});

test("a server of another name or another authority is not talked to", async () => {
  await assert.rejects(Http2Caller.connect({ ...target, serverName: "control-plane.other.orch" }, deadline()));
  const stranger = await (await testAuthority("stranger")).issue("CN=admin, O=system:masters");
  await assert.rejects(Http2Caller.connect({ ...target, certificateAuthority: stranger.authorities }, deadline()));
});

test("a call that is given up, and one on a closed connection, reject at once", async () => {
  const caller = await Http2Caller.connect(target, deadline());
  const given = new AbortController();
  const call = caller.unary(apiService.list, { resource: "namespaces" }, { signal: given.signal });
  given.abort(new Problem("canceled", "given up"));
  await assert.rejects(call, (thrown) => Problem.is(thrown, "canceled"));
  caller.close();
  await assert.rejects(async () => caller.unary(apiService.list, { resource: "namespaces" }, { signal: deadline() }));
});
