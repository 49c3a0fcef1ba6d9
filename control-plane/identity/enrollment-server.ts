/** The enrollment port (7444): TLS without client certificates; the only call is Join. */
import { isIP } from "node:net";
import { Metadata, Server, type ServerCredentials, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import type { Clock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { toStatus } from "#proto/kit/rpc/problem-status.ts";
import type { orch } from "#proto/wire/generated/messages.js";
import { enrollmentService } from "#proto/wire/generated/services.ts";
import type { IssuedCertificate } from "./certificate-authority.ts";
import type { Enrollment } from "./enrollment.ts";

export interface EnrollmentServerOptions {
  readonly enrollment: Enrollment;
  readonly cluster: string;
  readonly authoritiesPem: string;
  readonly credentials: ServerCredentials;
  /** `host:port`; port 0 takes a free one. */
  readonly address: string;
  readonly clock: Clock;
}

/** Resolves with the port once it listens. Throws grpc's bind error when the address is taken. */
export async function startEnrollmentServer(
  options: EnrollmentServerOptions,
): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const server = new Server({
    "grpc.max_receive_message_length": 64 * 1024,
    "grpc.max_concurrent_streams": 4,
    "grpc.keepalive_time_ms": 10_000,
    "grpc.keepalive_timeout_ms": 5000,
    "grpc.max_connection_age_ms": 60_000,
    "grpc.max_connection_age_grace_ms": 10_000,
  });
  const join = (
    call: ServerUnaryCall<orch.v1.JoinRequest.$Properties, orch.v1.EnrollReply.$Properties>,
    reply: sendUnaryData<orch.v1.EnrollReply.$Properties>,
  ): void => {
    handleJoin(options, call.request, peerAddress(call.getPeer())).then(
      (answer) => reply(null, answer),
      (thrown: unknown) => reply({ ...toStatus(thrown), metadata: toStatus(thrown).metadata ?? new Metadata() }),
    );
  };
  server.addService(enrollmentService, { join });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(options.address, options.credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  return {
    port,
    stop: () =>
      new Promise((resolve) => {
        const force = options.clock.after(2000, () => server.forceShutdown());
        server.tryShutdown(() => {
          force.cancel();
          resolve();
        });
      }),
  };
}

async function handleJoin(
  options: EnrollmentServerOptions,
  request: orch.v1.JoinRequest.$Properties,
  address: string,
): Promise<orch.v1.EnrollReply.$Properties> {
  const { token, nodeName, signingRequest } = request;
  if (!token || !nodeName || !signingRequest) {
    throw new Problem("bad-request", "joining needs a token, a node name and a signing request");
  }
  const issued = await options.enrollment.join(
    { token, nodeName, signingRequest, address },
    AbortSignal.timeout(15_000),
  );
  return enrollReply(issued, options);
}

export function enrollReply(
  issued: IssuedCertificate,
  of: { readonly authoritiesPem: string; readonly cluster: string },
): orch.v1.EnrollReply.$Properties {
  return {
    certificateChain: Buffer.from(issued.chainPem),
    authorities: Buffer.from(of.authoritiesPem),
    cluster: of.cluster,
    expiresAtMs: issued.expiresAtMs,
  };
}

/** `1.2.3.4:5` and `[::1]:5` without the port, so that one machine counts once. */
function peerAddress(peer: string): string {
  const host = peer.replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
  return isIP(host) ? host : "unknown";
}
