/** Limits of calls as a caller meets them: over a real server, with the sentence and the time to wait. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { TestAuthority } from "#test/support/certificates.ts";
import { testAuthority } from "#test/support/certificates.ts";
import { agentGatewayService, enrollmentService } from "../../wire/generated/services.ts";
import { systemClock } from "../clock.ts";
import { silentLogger } from "../logger.ts";
import { Problem } from "../problem.ts";
import { defaultCallLimits } from "./call-admission.ts";
import { RpcClient } from "./client.ts";
import { bidi, unary } from "./handlers.ts";
import { RpcServer, type RpcServerOptions } from "./server.ts";
import { channelCredentials, TlsServerCredentials } from "./tls.ts";

const serverName = "control-plane.test.orch";
const deadline = { timeout: 60_000 };

async function untilStreams(server: RpcServer, count: number): Promise<void> {
  while (server.counters.streams !== count) await new Promise((resolve) => setImmediate(resolve));
}

describe("limits of calls", () => {
  let authority: TestAuthority;
  const open: (() => unknown)[] = [];
  before(async () => {
    authority = await testAuthority();
  });
  after(async () => {
    for (const close of open) await close();
  });

  async function start(calls: RpcServerOptions["calls"] = defaultCallLimits) {
    const server = new RpcServer({ clock: systemClock, logger: silentLogger, calls });
    const whenAborted = (signal: AbortSignal): Promise<never> =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
    server.add(enrollmentService, {
      join: unary(
        async ({ token }: { readonly token: string }, { signal }) => (token === "wait" ? whenAborted(signal) : {}),
        { deadlineMs: 20 },
      ),
    } as never);
    server.add(agentGatewayService, {
      session: bidi((call) => whenAborted(call.signal)),
      stream: bidi(async () => undefined),
      renewCertificate: unary(async () => ({})),
    } as never);
    const material = await authority.issue("CN=server", [serverName]);
    const credentials = new TlsServerCredentials(material, { requireClientCertificate: true });
    const port = await server.listen("127.0.0.1:0", credentials);
    const connect = async (user: string): Promise<RpcClient> => {
      const identity = channelCredentials(authority.pem, await authority.issue(`CN=${user}`));
      const address = `127.0.0.1:${port}`;
      const client = new RpcClient({ address, credentials: identity, serverName, clock: systemClock });
      open.unshift(() => client.close());
      return client;
    };
    open.push(() => server.stop(50));
    return { server, connect };
  }

  it("too many calls a second: refused with the time to wait; another identity is served", deadline, async () => {
    const { server, connect } = await start({ ...defaultCallLimits, rate: { perSecond: 0.001, burst: 3 } });
    const [ada, bob] = [await connect("ada"), await connect("bob")];
    for (let i = 0; i < 3; i++) await ada.unary(enrollmentService.join, {});
    await assert.rejects(ada.unary(enrollmentService.join, {}), (thrown) => {
      assert.ok(Problem.is(thrown, "too-many-requests"));
      assert.match(thrown.message, /"ada" calls more than/);
      assert.ok((thrown.retryAfterMs ?? 0) > 60_000, `${thrown.retryAfterMs}`);
      assert.equal(thrown.retry, "later");
      return true;
    });
    await bob.unary(enrollmentService.join, {});
    assert.equal(server.counters.refusedByRate, 1);
  });

  it("too many open streams: the next is refused, and served when one has ended", deadline, async () => {
    const { server, connect } = await start({ ...defaultCallLimits, maxStreams: 1 });
    const ada = await connect("ada");
    const first = ada.bidi(agentGatewayService.session);
    await untilStreams(server, 1);
    const second = ada.bidi(agentGatewayService.session);
    await assert.rejects(
      async () => {
        for await (const _ of second.replies);
      },
      { code: "too-many-requests", message: /open streams of "ada" \(1\)/ },
    );
    first.cancel();
    await untilStreams(server, 0);
    const third = ada.bidi(agentGatewayService.session);
    await untilStreams(server, 1);
    third.cancel();
  });

  it("a call ends at the server's bound, also when its caller would wait for an hour", deadline, async () => {
    const { connect } = await start();
    const ada = await connect("ada");
    const startedAtMs = systemClock.monotonicMs();
    await assert.rejects(ada.unary(enrollmentService.join, { token: "wait" }, { deadlineMs: 3_600_000 }), {
      code: "timeout",
    });
    assert.ok(systemClock.monotonicMs() - startedAtMs < 30_000);
  });

  it(
    "a message beyond the server's bound is refused with both sizes, and the connection goes on",
    deadline,
    async () => {
      const { connect } = await start();
      const ada = await connect("ada");
      await assert.rejects(ada.unary(enrollmentService.join, { token: "x".repeat(9 << 20) }), {
        code: "too-large",
        message: /larger than max \(\d+ vs 8388608\)/,
      });
      await ada.unary(enrollmentService.join, {});
    },
  );
});
