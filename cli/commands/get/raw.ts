/** What monitoring asks, over the API: as it came. */
import { apiService } from "#proto/wire/generated/services/cluster.ts";
import { withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { exitCodes } from "../../exit-codes.ts";

const wellStatus = 400;

/** An answer that says that something is not well is printed too, and the command fails. */
export async function getRaw(path: string, global: GlobalOptions, environment: Environment): Promise<void> {
  await withConnection(global, environment, async ({ api }) => {
    const { status, body } = await api.rpc.unary(apiService.raw, { path }, { signal: environment.signal });
    environment.out.write(body);
    if (body.length > 0 && body.at(-1) !== 10 && environment.out.isTerminal) environment.out.write("\n");
    if (status >= wellStatus) environment.setExitCode(exitCodes.failed);
  });
}
