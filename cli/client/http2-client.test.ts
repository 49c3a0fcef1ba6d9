import { systemClock } from "#proto/kit/clock.ts";
import { rpcCallerContract } from "#proto/kit/rpc/caller.contract.ts";
import { testAuthority } from "#test/support/certificates.ts";
import { Http2Client } from "./http2-client.ts";

rpcCallerContract("http2", testAuthority, ({ address, serverName, authorities, material }) => {
  const target = {
    address,
    serverName,
    certificateAuthority: authorities,
    clientCertificate: material.certificateChain,
    clientKey: material.privateKey,
  };
  return new Http2Client({ target, clock: systemClock, deadlineMs: 10_000, connectTimeoutMs: 5_000 });
});
