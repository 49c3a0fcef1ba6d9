/** Asks the control plane who it is. */
import { apiService } from "#proto/wire/generated/services.ts";
import { withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { version } from "../../version.ts";

export function serverVersion(options: GlobalOptions, environment: Environment): Promise<string> {
  return withConnection(options, environment, async ({ api }) => {
    const reply = await api.rpc.unary(apiService.hello, { version, features: [] }, { signal: environment.signal });
    return reply.version;
  });
}
