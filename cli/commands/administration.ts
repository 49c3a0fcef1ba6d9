/** Calls of the Administration service whose answers are JSON. */
import type { RpcCaller } from "#proto/kit/rpc/caller.ts";
import { withConnection } from "../client/connect.ts";
import type { Environment, GlobalOptions } from "../environment.ts";

type AskOptions = { readonly signal: AbortSignal };

/** `Body` is what the called method is documented to answer. */
export async function ask<Body>(
  call: (rpc: RpcCaller, options: AskOptions) => Promise<{ readonly body: Uint8Array }>,
  global: GlobalOptions,
  environment: Environment,
): Promise<Body> {
  return await withConnection(global, environment, async ({ api }) => {
    const { body } = await call(api.rpc, { signal: environment.signal });
    return JSON.parse(Buffer.from(body).toString("utf8")) as Body;
  });
}
