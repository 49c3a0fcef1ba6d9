/** From flags and context file to a connection. Loaded only by commands that talk to a cluster. */
import { controlPlaneTlsName } from "#proto/identity/names.ts";
import { Problem } from "#proto/kit/problem.ts";
import { Http2Client } from "#proto/kit/rpc/http2-client.ts";
import type { Context } from "../context/config-file.ts";
import { currentContext } from "../context/current-context.ts";
import type { Environment, GlobalOptions } from "../environment.ts";
import { ApiClient } from "./api-client.ts";
import { expiryWarning } from "./certificate-life.ts";
import { openLightSession } from "./http2/open-light-session.ts";
import { PatientCaller } from "./patient-caller.ts";
import { prepareTls } from "./prepare-tls.ts";

/** A control plane that restarts is back within this time. */
const connectTimeoutMs = 10_000;
const attemptTimeoutMs = 3_000;
/** Data that may be on its way before its reader has taken any. */
const windowBytes = 4 * 1024 * 1024;

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
  const warning = expiryWarning(context, environment.clock.nowMs());
  if (warning !== undefined) environment.err.write(`${warning}\n`);
  const serverName = controlPlaneTlsName(context.cluster);
  prepareTls(serverName);
  const client = new Http2Client({
    target: {
      address: context.server,
      serverName,
      certificateAuthority: context.certificateAuthority,
      clientCertificate: context.clientCertificate,
      clientKey: context.clientKey,
      windowBytes,
    },
    open: openLightSession,
    server: "the control plane",
    userAgent: "orchctl",
    clock: environment.clock,
    deadlineMs: options.requestTimeoutMs,
    connectTimeoutMs: Math.min(attemptTimeoutMs, options.requestTimeoutMs),
  });
  try {
    const timeoutMs = Math.min(options.connectTimeoutMs ?? connectTimeoutMs, options.requestTimeoutMs);
    await client.waitForReady(timeoutMs, environment.signal);
  } catch (thrown) {
    client.close();
    environment.signal.throwIfAborted();
    throw new Problem(
      "unavailable",
      `the control plane of cluster "${context.cluster}" at ${context.server} does not answer: ${Problem.from(thrown).message}`,
      {
        cause: thrown,
        hint: "check it with: orchctl cluster status   or choose another cluster with --context; a cluster that was made anew knows no older context (orchctl config import)",
      },
    );
  }
  const { clock } = environment;
  const say = (text: string): void => environment.err.write(`orchctl: ${text}\n`);
  const caller = new PatientCaller({ caller: client, clock, patienceMs: options.requestTimeoutMs, say });
  return {
    api: new ApiClient(caller, environment.signal),
    context,
    namespace: options.namespace ?? context.namespace ?? "default",
    close: () => client.close(),
  };
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
