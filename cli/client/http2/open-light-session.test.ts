import { systemClock } from "#proto/kit/clock.ts";
import { http2TargetOf, rpcCallerContract } from "#proto/kit/rpc/caller.contract.ts";
import { Http2Client } from "#proto/kit/rpc/http2-client.ts";
import { testAuthority } from "#test/support/certificates.ts";
import { openLightSession } from "./open-light-session.ts";

rpcCallerContract("light HTTP/2", testAuthority, (to) => {
  const target = { ...http2TargetOf(to), windowBytes: 1024 * 1024 };
  const names = { server: "the control plane", userAgent: "test" };
  const limits = { deadlineMs: 10_000, connectTimeoutMs: 5_000 };
  const open = (signal: AbortSignal) => openLightSession(target, signal);
  return new Http2Client({ open, clock: systemClock, ...names, ...limits });
});
