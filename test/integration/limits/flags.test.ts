/** Limits as an operator sets them: a real control plane with low ones, each met and told. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { after, before, describe, it } from "node:test";
import { joinCluster } from "#proto/identity/join.ts";
import { sleep, systemClock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { RpcClient } from "#proto/kit/rpc/client.ts";
import { apiService } from "#proto/wire/generated/services.ts";
import { ApiCalls } from "#test/support/api-calls.ts";
import { ControlPlaneProcess } from "../sessions/control-plane-process.ts";

const flags = [
  ...["--max-call-rate=1", "--max-call-burst=120", "--max-calls-per-identity=2"],
  ...["--max-watches=3", "--max-watches-per-identity=2", "--max-connections-per-address=12"],
  ...["--max-join-rate=2", "--max-join-burst=4", "--max-object-size=64Ki", "--max-list-size=1Mi"],
];
const deadline = { timeout: 120_000 };

describe("limits set by flags", deadline, () => {
  const plane: { current?: ControlPlaneProcess; client?: RpcClient } = {};
  let token = "";
  const running = (): { readonly process: ControlPlaneProcess; readonly client: RpcClient } => {
    assert.ok(plane.current && plane.client);
    return { process: plane.current, client: plane.client };
  };

  before(async () => {
    plane.current = await ControlPlaneProcess.create("limit-flags");
    await plane.current.start(...flags);
    plane.client = await plane.current.client();
    ({ token } = await plane.client.unary(apiService.createJoinToken, { uses: 20, description: "test" }));
  });
  after(async () => {
    plane.client?.close();
    await plane.current?.remove();
  });

  it("an object and a list beyond theirs are refused", deadline, async () => {
    const calls = new ApiCalls(running().client);
    const configMap = (name: string, bytes: number) => ({
      ...{ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "default" } },
      data: { x: "x".repeat(bytes) },
    });
    await assert.rejects(calls.create("configmaps", configMap("big", 65_536)), { code: "too-large", message: /65536/ });
    for (let i = 0; i < 18; i++) await calls.create("configmaps", configMap(`c${i}`, 60_000));
    await assert.rejects(calls.list("configmaps", { namespace: "default" }), { code: "too-large", hint: /pages/ });
  });

  it("a watch beyond an identity's is refused, and says which limit it was", deadline, async () => {
    const calls = new ApiCalls(running().client);
    const options = { deadlineMs: 60_000 };
    const [first, second, third] = [1, 2, 3].map(() => calls.watch("namespaces", { namespace: "" }, options));
    await Promise.all([first?.next(), second?.next()]);
    await assert.rejects(async () => await third?.next(), { code: "too-many-requests", message: /2 of "admin"/ });
    await Promise.all([first?.return(undefined), second?.return(undefined)]);
  });

  it("calls beyond an identity's rate, or too many at once, are refused with the time to wait", deadline, async () => {
    const { client } = running();
    const results = await Promise.allSettled(Array.from({ length: 200 }, () => client.unary(apiService.hello, {})));
    const refused = results.flatMap((one) => (one.status === "rejected" ? [Problem.from(one.reason)] : []));
    assert.ok(refused.length >= 70, `${refused.length} refused`);
    for (const problem of refused) {
      assert.match(problem.message, /calls more than 1 times a second|calls under way of "admin" \(2\)/);
      assert.ok((problem.retryAfterMs ?? 0) > 0, problem.message);
    }
    assert.ok(refused.some(({ message }) => message.includes("1 times a second")));
    const metrics = await whenServed(() => client.unary(apiService.raw, { path: "/metrics" }));
    const counted = /^apiserver_flowcontrol_rejected_requests_total\{port="api",reason="rate"\} (\d+)$/m;
    const [, count = "0"] = counted.exec(Buffer.from(metrics.body).toString()) ?? [];
    assert.ok(Number(count) > 0, "the metrics count them");
  });

  it("connections beyond an address's are closed", deadline, async () => {
    const { process } = running();
    const sockets = Array.from({ length: 14 }, () => connect(process.port, "127.0.0.1"));
    for (const socket of sockets) socket.on("error", () => undefined).resume();
    // One is the client's own.
    await Promise.all(sockets.slice(11).map((socket) => once(socket, "close")));
    for (const socket of sockets) socket.destroy();
  });

  it("machines that join faster than their address may are told when, and wait: all get in", deadline, async () => {
    const { process } = running();
    const startedAtMs = systemClock.monotonicMs();
    const names = Array.from({ length: 7 }, (_, index) => `n${index}`);
    const identities = await Promise.all(
      names.map((nodeName) =>
        joinCluster({
          ...{ host: "127.0.0.1", enrollmentPort: process.enrollmentPort, token, nodeName },
          ...{ version: "0.1.0", timeoutMs: 30_000, clock: systemClock },
        }),
      ),
    );
    assert.equal(identities.length, names.length);
    const tookMs = systemClock.monotonicMs() - startedAtMs;
    assert.ok(tookMs >= 1_000, `three of seven had to wait for a place, but it took only ${tookMs} ms`);
  });
});

/** Comes again when it is told to, as every client should. */
async function whenServed<Reply>(ask: () => Promise<Reply>): Promise<Reply> {
  const endsAtMs = systemClock.monotonicMs() + 30_000;
  while (true) {
    try {
      return await ask();
    } catch (thrown) {
      const { code, retryAfterMs = 0 } = Problem.from(thrown);
      if (code !== "too-many-requests" || systemClock.monotonicMs() > endsAtMs) throw thrown;
      await sleep(systemClock, retryAfterMs);
    }
  }
}
