/** Asks a local control plane for a join token, with the admin context that it wrote. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { controlPlaneTlsName } from "#proto/identity/names.ts";
import type { Clock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { RpcClient } from "#proto/kit/rpc/client.ts";
import { channelCredentials } from "#proto/kit/rpc/tls.ts";
import { apiService } from "#proto/wire/generated/services.ts";

interface AdminContext {
  readonly server: string;
  readonly cluster: string;
  readonly certificateAuthority: string;
  readonly clientCertificate: string;
  readonly clientKey: string;
}

/** A token for one node, good for ten minutes. */
export async function requestJoinToken(adminContextPath: string, description: string, clock: Clock): Promise<string> {
  const config = parse(readFileSync(adminContextPath, "utf8")) as { readonly contexts: readonly AdminContext[] };
  const context = config.contexts[0];
  if (!context) throw new Problem("invalid", `${adminContextPath} holds no context`);
  const client = new RpcClient({
    address: context.server,
    credentials: channelCredentials(context.certificateAuthority, {
      certificateChain: context.clientCertificate,
      privateKey: context.clientKey,
    }),
    serverName: controlPlaneTlsName(context.cluster),
    clock,
  });
  try {
    await client.waitForReady(15_000);
    const reply = await client.unary(apiService.createJoinToken, { lifetimeMs: 600_000, uses: 1, description });
    return reply.token;
  } finally {
    client.close();
  }
}
