/** From flags and context file to a connection. Loaded only by commands that talk to a cluster. */
import { controlPlaneTlsName } from "#proto/identity/names.ts";
import { Problem } from "#proto/kit/problem.ts";
import { RpcClient } from "#proto/kit/rpc/client.ts";
import { listMaxMessageBytes } from "#proto/kit/rpc/limits.ts";
import { channelCredentials } from "#proto/kit/rpc/tls.ts";
import { apiService } from "#proto/wire/generated/services.ts";
import type { Context } from "../context/config-file.ts";
import { currentContext } from "../context/current-context.ts";
import type { Environment, GlobalOptions } from "../environment.ts";
import { ApiClient } from "./api-client.ts";

/** A control plane that restarts is back within this time. */
const connectTimeoutMs = 10_000;
const whyTimeoutMs = 500;

export interface Connection {
  readonly api: ApiClient;
  readonly context: Context;
  /** -n, else the context's, else "default". */
  readonly namespace: string;
  close(): void;
}

export interface ConnectOptions extends GlobalOptions {
  /** How long to try; at most the request time-out. */
  readonly connectTimeoutMs?: number;
}

export async function connect(options: ConnectOptions, environment: Environment): Promise<Connection> {
  const context = await currentContext(options, environment);
  const client = new RpcClient({
    address: context.server,
    credentials: channelCredentials(context.certificateAuthority, {
      certificateChain: context.clientCertificate,
      privateKey: context.clientKey,
    }),
    serverName: controlPlaneTlsName(context.cluster),
    clock: environment.clock,
    limits: { maxReceiveBytes: listMaxMessageBytes },
    deadlineMs: options.requestTimeoutMs,
  });
  try {
    await client.waitForReady(Math.min(options.connectTimeoutMs ?? connectTimeoutMs, options.requestTimeoutMs));
  } catch (thrown) {
    const why = await whyNot(client, environment);
    client.close();
    environment.signal.throwIfAborted();
    throw new Problem(
      "unavailable",
      `the control plane of cluster "${context.cluster}" at ${context.server} does not answer${why}`,
      {
        cause: thrown,
        hint: "check it with: orchctl cluster status   or choose another cluster with --context; a cluster that was made anew knows no older context (orchctl config import)",
      },
    );
  }
  return {
    api: new ApiClient(client, environment.signal),
    context,
    namespace: options.namespace ?? context.namespace ?? "default",
    close: () => client.close(),
  };
}

/** What the last attempt to connect ended with: a call that fails at once says it. */
async function whyNot(client: RpcClient, { signal }: Environment): Promise<string> {
  try {
    await client.unary(apiService.hello, { version: "", features: [] }, { signal, deadlineMs: whyTimeoutMs });
  } catch (thrown) {
    const found = /Last error: (?:Error: )?([^\n]*)/
      .exec(Problem.from(thrown).message)?.[1]
      ?.replace(/\.?\s*(Resolution note:.*)?$/, "");
    if (found) return `: ${found}`;
  }
  return "";
}

/** Connects, runs, and closes whatever happens. */
export async function withConnection<T>(
  options: ConnectOptions,
  environment: Environment,
  run: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await connect(options, environment);
  try {
    return await run(connection);
  } finally {
    connection.close();
  }
}
