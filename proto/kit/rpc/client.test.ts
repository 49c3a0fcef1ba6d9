import { testAuthority } from "#test/support/certificates.ts";
import { systemClock } from "../clock.ts";
import { rpcCallerContract } from "./caller.contract.ts";
import { RpcClient } from "./client.ts";
import { channelCredentials } from "./tls.ts";

rpcCallerContract("grpc-js", testAuthority, ({ address, serverName, authorities, material }) => {
  const credentials = channelCredentials(authorities, material);
  return new RpcClient({ address, serverName, credentials, clock: systemClock, deadlineMs: 10_000 });
});
