/** Joining a cluster, whole: pins the authority by the token, makes a key, and trades token and request for a certificate. */
import { Client, credentials } from "@grpc/grpc-js";
import type { orch } from "#proto/wire/generated/messages.js";
import { enrollmentService } from "#proto/wire/generated/services.ts";
import type { Clock } from "../kit/clock.ts";
import { fromServiceError } from "../kit/rpc/problem-status.ts";
import { parseJoinToken } from "./join-token.ts";
import { nodeUser } from "./names.ts";
import { fetchPinnedAuthority } from "./pinned-authority.ts";
import { createSigningRequest } from "./signing-request.ts";

export interface JoinOptions {
  readonly host: string;
  readonly enrollmentPort: number;
  readonly token: string;
  readonly nodeName: string;
  readonly version: string;
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** A key made by an earlier try: joining again with it is not refused as "another machine". */
  readonly signingRequest?: { readonly privateKeyPem: string; readonly signingRequestPem: string };
}

export interface NodeIdentity {
  readonly cluster: string;
  readonly privateKeyPem: string;
  /** The node's certificate first, then the authority. */
  readonly certificateChainPem: string;
  readonly authoritiesPem: string;
  readonly expiresAtMs: number;
}

/** Throws the control plane's own Problem when the token or the name is refused. */
export async function joinCluster(options: JoinOptions, signal?: AbortSignal): Promise<NodeIdentity> {
  const token = parseJoinToken(options.token);
  const server = { host: options.host, port: options.enrollmentPort, timeoutMs: options.timeoutMs };
  const pinned = await fetchPinnedAuthority({ ...server, authorityDigest: token.authorityDigest }, signal);
  const request = options.signingRequest ?? (await createSigningRequest(nodeUser(options.nodeName)));
  const client = new Client(
    `${options.host.includes(":") ? `[${options.host}]` : options.host}:${options.enrollmentPort}`,
    credentials.createSsl(Buffer.from(pinned.authorityPem)),
    { "grpc.ssl_target_name_override": pinned.tlsName, "grpc.enable_retries": 0 },
  );
  try {
    const reply = await call(client, options, request.signingRequestPem, signal);
    return {
      cluster: reply.cluster ?? pinned.cluster,
      privateKeyPem: request.privateKeyPem,
      certificateChainPem: Buffer.from(reply.certificateChain ?? []).toString("utf8"),
      authoritiesPem: Buffer.from(reply.authorities ?? []).toString("utf8"),
      expiresAtMs: Number(reply.expiresAtMs ?? 0),
    };
  } finally {
    client.close();
  }
}

function call(
  client: Client,
  options: JoinOptions,
  signingRequestPem: string,
  signal?: AbortSignal,
): Promise<orch.v1.EnrollReply.$Properties> {
  const method = enrollmentService.join;
  const request = {
    token: options.token.trim(),
    nodeName: options.nodeName,
    signingRequest: Buffer.from(signingRequestPem),
    version: options.version,
  };
  return new Promise((resolve, reject) => {
    const pending = client.makeUnaryRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request,
      { deadline: options.clock.nowMs() + options.timeoutMs },
      (error, reply) => {
        signal?.removeEventListener("abort", onAbort);
        if (error) reject(fromServiceError(error));
        else if (reply) resolve(reply);
      },
    );
    const onAbort = (): void => pending.cancel();
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
