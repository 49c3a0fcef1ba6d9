/** Joining a cluster, whole: pins the authority by the token, makes a key, and trades token and request for a certificate. */
import { Client, credentials, type MethodDefinition } from "@grpc/grpc-js";
import type { orch } from "#proto/wire/generated/messages.js";
import { enrollmentService } from "#proto/wire/generated/services.ts";
import { type Clock, sleep } from "../kit/clock.ts";
import { Problem } from "../kit/problem.ts";
import { fromServiceError } from "../kit/rpc/problem-status.ts";
import type { Sendable } from "../kit/rpc/sendable.ts";
import { readCertificate, splitPem } from "./certificate.ts";
import { parseJoinToken } from "./join-token.ts";
import { nodeUser } from "./names.ts";
import { fetchPinnedAuthority, fetchVouchedAuthority, type PinnedAuthority } from "./pinned-authority.ts";
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

export interface ReturnOptions {
  readonly host: string;
  readonly enrollmentPort: number;
  readonly identity: Omit<NodeIdentity, "expiresAtMs">;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/**
 * For a machine whose certificate has expired, or whose authority was replaced while it was off: shows the old certificate and that
 * it has its key, to a control plane for which its own authority vouches. Throws the control plane's own Problem when it is refused.
 */
export async function returnToCluster(options: ReturnOptions, signal?: AbortSignal): Promise<NodeIdentity> {
  const { host, enrollmentPort, identity, timeoutMs, clock } = options;
  const [certificate = ""] = splitPem(identity.certificateChainPem);
  const pinned = await fetchVouchedAuthority(
    { host, port: enrollmentPort, timeoutMs },
    identity.authoritiesPem,
    signal,
  );
  const { privateKeyPem, signingRequestPem } = await createSigningRequest(
    readCertificate(certificate).user,
    identity.privateKeyPem,
  );
  const client = clientOf(options, pinned);
  try {
    const request = { certificate: Buffer.from(certificate), signingRequest: Buffer.from(signingRequestPem) };
    const ask = () => unary(client, enrollmentService.return, request, { clock, timeoutMs }, signal);
    const reply = await whenItsTurn(ask, { clock, timeoutMs }, signal);
    return identityOf(reply, pinned.cluster, privateKeyPem);
  } finally {
    client.close();
  }
}

/** Throws the control plane's own Problem when the token or the name is refused. */
export async function joinCluster(options: JoinOptions, signal?: AbortSignal): Promise<NodeIdentity> {
  const token = parseJoinToken(options.token);
  const server = { host: options.host, port: options.enrollmentPort, timeoutMs: options.timeoutMs };
  const pinned = await fetchPinnedAuthority({ ...server, authorityDigest: token.authorityDigest }, signal);
  const request = options.signingRequest ?? (await createSigningRequest(nodeUser(options.nodeName)));
  const client = clientOf(options, pinned);
  try {
    const content = {
      token: options.token.trim(),
      nodeName: options.nodeName,
      signingRequest: Buffer.from(request.signingRequestPem),
      version: options.version,
    };
    const ask = () => unary(client, enrollmentService.join, content, options, signal);
    const reply = await whenItsTurn(ask, options, signal);
    return identityOf(reply, pinned.cluster, request.privateKeyPem);
  } finally {
    client.close();
  }
}

function clientOf(
  { host, enrollmentPort }: Pick<JoinOptions, "host" | "enrollmentPort">,
  pinned: PinnedAuthority,
): Client {
  return new Client(
    `${host.includes(":") ? `[${host}]` : host}:${enrollmentPort}`,
    credentials.createSsl(Buffer.from(pinned.authorityPem)),
    { "grpc.ssl_target_name_override": pinned.tlsName, "grpc.enable_retries": 0 },
  );
}

function identityOf(reply: orch.v1.EnrollReply.$Properties, cluster: string, privateKeyPem: string): NodeIdentity {
  return {
    cluster: reply.cluster ?? cluster,
    privateKeyPem,
    certificateChainPem: Buffer.from(reply.certificateChain ?? []).toString("utf8"),
    authoritiesPem: Buffer.from(reply.authorities ?? []).toString("utf8"),
    expiresAtMs: Number(reply.expiresAtMs ?? 0),
  };
}

/** Many machines that join at the same time are told when to ask again: they do, within the time there is. */
async function whenItsTurn<Reply>(
  ask: () => Promise<Reply>,
  { clock, timeoutMs }: Pick<JoinOptions, "clock" | "timeoutMs">,
  signal: AbortSignal | undefined,
): Promise<Reply> {
  const endsAtMs = clock.monotonicMs() + timeoutMs;
  while (true) {
    try {
      return await ask();
    } catch (thrown) {
      const waitMs = Problem.is(thrown, "too-many-requests") ? thrown.retryAfterMs : undefined;
      if (waitMs === undefined || clock.monotonicMs() + waitMs >= endsAtMs) throw thrown;
      await sleep(clock, waitMs, signal);
    }
  }
}

function unary<Request, Reply>(
  client: Client,
  method: MethodDefinition<Request, Reply>,
  request: Sendable<NoInfer<Request>>,
  { clock, timeoutMs }: Pick<JoinOptions, "clock" | "timeoutMs">,
  signal?: AbortSignal,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const pending = client.makeUnaryRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request as Request,
      { deadline: clock.nowMs() + timeoutMs },
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
