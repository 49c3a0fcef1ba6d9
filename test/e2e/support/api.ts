/** A client of a cluster's API in this process: what the API takes to answer, without the start of a program. */
import { ApiClient } from "#cli/client/api-client.ts";
import { readConfig } from "#cli/context/config-file.ts";
import { controlPlaneTlsName } from "#proto/identity/names.ts";
import { systemClock } from "#proto/kit/clock.ts";
import { Http2Client } from "#proto/kit/rpc/http2-client.ts";
import { openSession } from "#proto/kit/rpc/http2-session.ts";

export interface Api {
  readonly client: ApiClient;
  close(): void;
}

/** Of the first context in the file. */
export async function openApi(configFile: string): Promise<Api> {
  const [context] = (await readConfig(configFile)).contexts;
  if (!context) throw new Error(`${configFile} has no context`);
  const target = {
    ...{ address: context.server, serverName: controlPlaneTlsName(context.cluster), windowBytes: 2 ** 20 },
    certificateAuthority: context.certificateAuthority,
    ...{ clientCertificate: context.clientCertificate, clientKey: context.clientKey },
  };
  const client = new Http2Client({
    open: (signal) => openSession(target, signal),
    server: "the control plane",
    userAgent: "test",
    clock: systemClock,
    deadlineMs: 60_000,
    connectTimeoutMs: 10_000,
  });
  await client.waitForReady(10_000, AbortSignal.timeout(10_000));
  return { client: new ApiClient(client, new AbortController().signal), close: () => client.close() };
}
