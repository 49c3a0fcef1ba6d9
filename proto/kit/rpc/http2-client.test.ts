import { testAuthority } from "#test/support/certificates.ts";
import { systemClock } from "../clock.ts";
import { http2TargetOf, rpcCallerContract } from "./caller.contract.ts";
import { Http2Client } from "./http2-client.ts";
import { openSession } from "./http2-session.ts";

rpcCallerContract("http2", testAuthority, (to) => {
  const target = http2TargetOf(to);
  return new Http2Client({
    open: (signal) => openSession(target, signal),
    server: "the server",
    userAgent: "test",
    clock: systemClock,
    deadlineMs: 10_000,
    connectTimeoutMs: 5_000,
  });
});
