import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import type { CallContext } from "#proto/kit/rpc/handlers.ts";
import { callOf } from "./handlers.ts";

const clock = new ManualClock();
const context = (peer: CallContext["peer"]): CallContext => ({
  method: "/orch.v1.Api/Get",
  peer,
  remoteAddress: "127.0.0.1:1",
  signal: new AbortController().signal,
});
const ada = { user: "ada", groups: ["orch:viewers"], serialNumber: "1" };

test("a caller is whom the certificate names", () => {
  const call = callOf({ clock }, context({ ...ada, expiresAtMs: clock.nowMs() + 1 }));
  assert.deepEqual(call.caller, { user: "ada", groups: ["orch:viewers"] });
});

test("a connection that outlives its certificate may do nothing more", () => {
  const late = context({ ...ada, expiresAtMs: clock.nowMs() - 1 });
  assert.throws(() => callOf({ clock }, late), { code: "unauthenticated", message: /"ada" has expired/ });
});

test("nobody is nobody", () => {
  assert.throws(() => callOf({ clock }, context(undefined)), { code: "unauthenticated" });
});
