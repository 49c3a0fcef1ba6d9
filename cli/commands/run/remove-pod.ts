/** Takes away a pod that was made for one run. */
import { Problem } from "#proto/kit/problem.ts";
import { ApiClient } from "../../client/api-client.ts";
import type { Connection } from "../../client/connect.ts";
import type { Environment } from "../../environment.ts";
import { visible } from "../../printers/table.ts";

/** Also after Ctrl-C, which ends every other call: this one has only its own time-out. */
export async function removePod(
  { api, namespace }: Connection,
  name: string,
  environment: Pick<Environment, "err">,
): Promise<void> {
  const lasting = new ApiClient(api.rpc, new AbortController().signal);
  await lasting.delete({ resource: "pods", namespace, name, graceSeconds: 0 }).catch((thrown: unknown) => {
    if (Problem.is(thrown, "not-found")) return;
    environment.err.write(
      `warning: pod ${visible(name)} may still be there: ${visible(Problem.from(thrown).message)}\n`,
    );
  });
}
