/** A connection for a command that only reads: light when it can be, the ordinary one (with its explanations) when not. */
import { controlPlaneTlsName } from "#proto/identity/names.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Context } from "../context/config-file.ts";
import { currentContext } from "../context/current-context.ts";
import type { Environment, GlobalOptions } from "../environment.ts";
import { Http2Caller } from "./http2-caller.ts";
import { ObjectReader } from "./object-reader.ts";

/** Long enough for a healthy control plane; whoever is slower gets the patient connection. */
const lightTimeoutMs = 3_000;

export interface ReadConnection {
  readonly api: ObjectReader;
  /** -n, else the context's, else "default". */
  readonly namespace: string;
}

/** `run` may be called twice: when the light connection breaks, the patient one starts it anew, and explains. */
export async function withReader<T>(
  options: GlobalOptions,
  environment: Environment,
  run: (connection: ReadConnection) => Promise<T>,
): Promise<T> {
  const context = await currentContext(options, environment);
  const namespace = options.namespace ?? context.namespace ?? "default";
  const caller = await lightCaller(context, options, environment);
  try {
    if (caller) return await run({ api: new ObjectReader(caller, environment.signal), namespace });
  } catch (thrown) {
    // A server that refuses our certificate says so only now, by hanging up.
    if (!Problem.is(thrown, "unavailable")) throw thrown;
  } finally {
    caller?.close();
  }
  const { withConnection } = await import("./connect.ts");
  return withConnection(options, environment, run);
}

async function lightCaller(
  context: Context,
  options: GlobalOptions,
  environment: Environment,
): Promise<Http2Caller | undefined> {
  const target = {
    address: context.server,
    serverName: controlPlaneTlsName(context.cluster),
    certificateAuthority: context.certificateAuthority,
    clientCertificate: context.clientCertificate,
    clientKey: context.clientKey,
    connectTimeoutMs: Math.min(lightTimeoutMs, options.requestTimeoutMs),
    callTimeoutMs: options.requestTimeoutMs,
  };
  return Http2Caller.connect(target, environment.signal).catch(() => undefined);
}
