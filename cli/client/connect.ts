/** From flags and context file to a connection. Loaded only by commands that talk to a cluster. */
import { controlPlaneTlsName } from "#proto/identity/names.ts";
import { Problem } from "#proto/kit/problem.ts";
import { CarryingCaller } from "#proto/kit/rpc/carrying-caller.ts";
import { Http2Client } from "#proto/kit/rpc/http2-client.ts";
import type { Http2Connection } from "#proto/kit/rpc/http2-connection.ts";
import type { Http2Target } from "#proto/kit/rpc/http2-target.ts";
import { apiService } from "#proto/wire/generated/services/cluster.ts";
import type { Context } from "../context/config-file.ts";
import { currentContext } from "../context/current-context.ts";
import type { Environment, GlobalOptions } from "../environment.ts";
import { ApiClient } from "./api-client.ts";
import { expiryWarning } from "./certificate-life.ts";
import { openLightSession } from "./http2/open-light-session.ts";
import { openSocketSession } from "./http2/open-socket-session.ts";
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
  /** The certificate is what is asked for: root's own socket, which needs none, will not do. */
  readonly withCertificate?: boolean;
}

export async function connect(options: ConnectOptions, environment: Environment): Promise<Connection> {
  const context = await currentContext(options, environment);
  const client = new Http2Client({
    open: opener(context, options.withCertificate ? undefined : context.socket, environment),
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
    if (Problem.is(thrown, "unauthenticated")) throw thrown;
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
  const deadlineMs = options.requestTimeoutMs;
  const carrying = new CarryingCaller({ caller: client, method: apiService.carry, clock, deadlineMs });
  const say = (text: string): void => environment.err.write(`orchctl: ${text}\n`);
  const caller = new PatientCaller({ caller: carrying, clock, patienceMs: deadlineMs, say });
  return {
    api: new ApiClient(caller, environment.signal),
    context,
    namespace: options.namespace ?? context.namespace ?? "default",
    // A process that ends now lets go by itself: destroying a socket makes Node open standard error, to compare the two.
    close: () => void setImmediate(() => client.close()),
  };
}

/** By root's own socket where there is one that this user may open, else by mutual TLS. */
function opener(
  context: Context,
  socket: string | undefined,
  environment: Environment,
): (signal: AbortSignal) => Promise<Http2Connection> {
  let target: Http2Target | undefined;
  return async (signal) => {
    const session = socket === undefined ? undefined : await openSocketSession(socket, windowBytes, signal);
    if (session) return session;
    target ??= tlsTarget(context, environment);
    return openLightSession(target, signal);
  };
}

/** Says when the certificate ends soon. Throws Problem `unauthenticated` when it has. */
function tlsTarget(context: Context, environment: Environment): Http2Target {
  const warning = expiryWarning(context, environment.clock.nowMs());
  if (warning !== undefined) environment.err.write(`${warning}\n`);
  const serverName = controlPlaneTlsName(context.cluster);
  prepareTls(serverName);
  const { server: address, certificateAuthority, clientCertificate, clientKey } = context;
  return { address, serverName, certificateAuthority, clientCertificate, clientKey, windowBytes };
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
