/** What every RpcCaller promises, shown against the real server over mutual TLS. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { orch } from "../../wire/generated/messages.js";
import { apiService } from "../../wire/generated/services.ts";
import { systemClock } from "../clock.ts";
import { silentLogger } from "../logger.ts";
import { Problem } from "../problem.ts";
import type { RpcCaller } from "./caller.ts";
import { type BidiCall, bidi, carrier, serverStream, unary } from "./handlers.ts";
import type { Http2Target } from "./http2-target.ts";
import { RpcServer } from "./server.ts";
import { type TlsMaterial, TlsServerCredentials } from "./tls.ts";

/** A certificate authority of the test's own. */
interface Authority {
  readonly pem: string;
  issue(subject: string, dnsNames?: readonly string[]): Promise<TlsMaterial>;
}

export interface CallerTarget {
  readonly address: string;
  readonly serverName: string;
  readonly authorities: string;
  readonly material: TlsMaterial;
}

/** The same, as those that speak plain HTTP/2 take it. */
export const http2TargetOf = ({ address, serverName, authorities, material }: CallerTarget): Http2Target => ({
  address,
  serverName,
  certificateAuthority: authorities,
  clientCertificate: material.certificateChain,
  clientKey: material.privateKey,
  windowBytes: 4 * 1024 * 1024,
});

const serverName = "control-plane.test.orch";
const bigBytes = 6 * 1024 * 1024;
const deadline = (): { readonly signal: AbortSignal } => ({ signal: AbortSignal.timeout(20_000) });

export function rpcCallerContract(
  name: string,
  makeAuthority: (name: string) => Promise<Authority>,
  connect: (target: CallerTarget) => RpcCaller,
): void {
  let authority: Authority;
  let server: RpcServer;
  let target: CallerTarget;
  const sent = { events: 0, cancelled: Promise.withResolvers<void>() };
  const callers: RpcCaller[] = [];
  const begin = (to: Partial<CallerTarget> = {}): RpcCaller => {
    const caller = connect({ ...target, ...to });
    callers.push(caller);
    return caller;
  };

  const start = async (address: string): Promise<number> => {
    server = new RpcServer({ clock: systemClock, logger: silentLogger });
    server.add(apiService, {
      get: unary(
        async ({ name: wanted }: { readonly name: string }, { peer, signal }) => {
          if (wanted === "nobody") {
            throw new Problem("not-found", "pod nobody does not exist", { object: "Pod nobody", hint: "Look again." });
          }
          if (wanted === "never") await new Promise((resolve) => signal.addEventListener("abort", resolve));
          return { object: wanted === "big" ? Buffer.alloc(bigBytes, 7) : Buffer.from(peer?.user ?? "") };
        },
        { deadlineMs: 20_000 },
      ),
      carry: carrier(4),
      watch: serverStream(async function* events({ name: wanted }: { readonly name: string }, { signal }) {
        signal.addEventListener("abort", () => sent.cancelled.resolve());
        for (let i = 0; i < 1_000; i++) {
          sent.events = i + 1;
          yield { type: "ADDED", resourceVersion: String(i), object: Buffer.alloc(wanted === "big" ? 100_000 : 10) };
        }
        throw new Problem("expired", "the history ends here");
      }),
      stream: bidi(async (call: BidiCall<orch.v1.Frame, orch.v1.Frame>) => {
        for await (const frame of call.requests) {
          if (frame.endOfInput) throw new Problem("conflict", "said so", { causes: [{ path: "a.b", message: "c" }] });
          await call.send({ data: Buffer.from(frame.data ?? []) });
        }
      }),
    } as never);
    const credentials = new TlsServerCredentials(await authority.issue("CN=server", [serverName]), {
      requireClientCertificate: true,
    });
    return server.listen(address, credentials);
  };

  before(async () => {
    authority = await makeAuthority("own");
    const port = await start("127.0.0.1:0");
    const material = await authority.issue("CN=ada,O=people");
    target = { address: `127.0.0.1:${port}`, serverName, authorities: authority.pem, material };
  });
  after(async () => {
    for (const caller of callers) caller.close();
    await server.stop(100);
  });

  test(`${name}: a reply and a Problem arrive whole, also a reply of many packets`, async () => {
    const caller = begin();
    const reply = await caller.unary(apiService.get, { name: "me" }, deadline());
    assert.equal(Buffer.from(reply.object).toString(), "ada");
    const big = await caller.unary(apiService.get, { name: "big" }, deadline());
    assert.equal(big.object.length, bigBytes);
    assert.ok(Buffer.from(big.object).equals(Buffer.alloc(bigBytes, 7)));
    await assert.rejects(caller.unary(apiService.get, { name: "nobody" }, deadline()), (problem: Problem) => {
      assert.equal(problem.code, "not-found");
      assert.equal(problem.object, "Pod nobody");
      assert.equal(problem.hint, "Look again.");
      return true;
    });
  });

  test(`${name}: a deadline and an abort end a call at once`, async () => {
    const caller = begin();
    await caller.unary(apiService.get, { name: "me" }, deadline());
    const late = caller.unary(apiService.get, { name: "never" }, { ...deadline(), deadlineMs: 50 });
    await assert.rejects(late, (thrown) => Problem.is(thrown, "timeout"));
    const given = new AbortController();
    const call = caller.unary(apiService.get, { name: "never" }, { signal: given.signal });
    given.abort(new Problem("canceled", "given up"));
    await assert.rejects(call, (thrown) => Problem.is(thrown, "canceled"));
    await assert.rejects(caller.unary(apiService.get, { name: "me" }, { signal: given.signal }), /given up/);
  });

  test(`${name}: a stream comes in order and ends with its Problem`, async () => {
    const seen: string[] = [];
    const read = async (): Promise<void> => {
      for await (const event of begin().serverStream(apiService.watch, {}, deadline()))
        seen.push(event.resourceVersion);
    };
    await assert.rejects(read, (thrown) => Problem.is(thrown, "expired") && /history ends/.test(thrown.message));
    assert.deepEqual(
      seen,
      Array.from({ length: 1_000 }, (_, i) => String(i)),
    );
  });

  test(`${name}: a slow reader slows the sender down, and leaving the loop cancels the call`, async () => {
    sent.cancelled = Promise.withResolvers();
    for await (const event of begin().serverStream(apiService.watch, { name: "big" }, deadline())) {
      assert.equal(event.object.length, 100_000);
      break;
    }
    await sent.cancelled.promise;
    assert.ok(sent.events < 500, `${sent.events} events were sent to a reader of one`);
  });

  test(`${name}: messages go both ways until the server ends the call with its Problem`, async () => {
    const call = begin().bidi(apiService.stream, deadline());
    const replies = call.replies[Symbol.asyncIterator]();
    for (const text of ["one", "two"]) {
      await call.send({ data: Buffer.from(text) });
      const { value } = await replies.next();
      assert.equal(Buffer.from(value?.data ?? []).toString(), text);
    }
    await call.send({ endOfInput: true });
    await assert.rejects(
      async () => replies.next(),
      (thrown) => Problem.is(thrown, "conflict") && thrown.causes[0]?.path === "a.b",
    );
  });

  test(`${name}: a server of another name, of another authority, or that does not know ours is not spoken to`, async () => {
    const refused = async (to: Partial<CallerTarget>): Promise<void> => {
      await assert.rejects(
        begin(to).unary(apiService.get, { name: "me" }, { ...deadline(), deadlineMs: 5_000 }),
        Problem,
      );
    };
    const stranger = await makeAuthority("stranger");
    await refused({ serverName: "control-plane.other.orch" });
    await refused({ authorities: stranger.pem });
    await refused({ material: await stranger.issue("CN=ada,O=people") });
  });

  test(`${name}: after a restart of the server calls go on; a closed caller makes none`, async () => {
    const caller = begin();
    await caller.unary(apiService.get, { name: "me" }, deadline());
    await server.stop(0);
    await assert.rejects(caller.unary(apiService.get, { name: "me" }, { ...deadline(), deadlineMs: 2_000 }));
    await start(target.address);
    await untilAnswered(caller);
    caller.close();
    await assert.rejects(caller.unary(apiService.get, { name: "me" }, deadline()));
  });
}

async function untilAnswered(caller: RpcCaller): Promise<void> {
  const { signal } = deadline();
  while (true) {
    try {
      await caller.unary(apiService.get, { name: "me" }, { signal });
      return;
    } catch (thrown) {
      if (signal.aborted) throw thrown;
    }
  }
}
