import { testAuthority } from "#test/support/certificates.ts";
import { systemClock } from "../clock.ts";
import { rpcCallerContract } from "./caller.contract.ts";
import { Http2Client } from "./http2-client.ts";
import { openSession } from "./http2-session.ts";

rpcCallerContract("http2", testAuthority, ({ address, serverName, authorities, material }) => {
  const target = {
    address,
    serverName,
    certificateAuthority: authorities,
    clientCertificate: material.certificateChain,
    clientKey: material.privateKey,
    windowBytes: 4 * 1024 * 1024,
  };
  return new Http2Client({
    open: (signal) => openSession(target, signal),
    server: "the server",
    userAgent: "test",
    clock: systemClock,
    deadlineMs: 10_000,
    connectTimeoutMs: 5_000,
  });
});
