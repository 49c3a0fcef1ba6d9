/** Asks the control plane who it is. Our own version is said even when it does not answer. */

import { version } from "#proto/kit/version.ts";
import { apiService } from "#proto/wire/generated/services/cluster.ts";
import { withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { jsonOf } from "../../printers/json.ts";
import { visible } from "../../printers/table.ts";

export interface VersionRequest {
  readonly client: boolean;
  readonly output: string | undefined;
}

export async function runVersion(
  { client, output }: VersionRequest,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const { out } = environment;
  if (output !== "json") out.write(`client: ${version}\n`);
  try {
    if (client) {
      out.write(jsonOf({ client: version }));
      return;
    }
    const server = await serverVersion(global, environment);
    out.write(output === "json" ? jsonOf({ client: version, server }) : `server: ${visible(server)}\n`);
  } catch (thrown) {
    if (output === "json") out.write(jsonOf({ client: version }));
    throw thrown;
  }
}

function serverVersion(global: GlobalOptions, environment: Environment): Promise<string> {
  return withConnection(global, environment, async ({ api }) => {
    const reply = await api.rpc.unary(apiService.hello, { version, features: [] }, { signal: environment.signal });
    return reply.version;
  });
}
