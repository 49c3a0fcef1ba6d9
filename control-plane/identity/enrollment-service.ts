/** The enrollment service (port 7444, TLS without client certificates): machines join, or come back. */
import { isIP } from "node:net";
import { Problem } from "#proto/kit/problem.ts";
import { type ServiceHandlers, unary } from "#proto/kit/rpc/handlers.ts";
import type { enrollmentService } from "#proto/wire/generated/services.ts";
import type { CertificateAuthority, IssuedCertificate } from "./certificate-authority.ts";
import type { Enrollment } from "./enrollment.ts";

const joinDeadlineMs = 15_000;
const maxCertificateBytes = 16 * 1024;

export function enrollmentHandlers(
  enrollment: Pick<Enrollment, "join" | "return">,
  authority: Pick<CertificateAuthority, "authoritiesPem" | "cluster">,
): ServiceHandlers<typeof enrollmentService> {
  const answer = (issued: IssuedCertificate) => ({
    certificateChain: Buffer.from(issued.chainPem),
    authorities: Buffer.from(authority.authoritiesPem),
    cluster: authority.cluster,
    expiresAtMs: issued.expiresAtMs,
  });
  return {
    join: unary(
      async (request, context) => {
        const { token, nodeName, signingRequest } = request;
        if (!token || !nodeName || !signingRequest) {
          throw new Problem("bad-request", "joining needs a token, a node name and a signing request");
        }
        const address = peerAddress(context.remoteAddress);
        return answer(await enrollment.join({ token, nodeName, signingRequest, address }, context.signal));
      },
      { deadlineMs: joinDeadlineMs },
    ),
    return: unary(
      async ({ certificate, signingRequest }, context) => {
        if (!certificate?.length || certificate.length > maxCertificateBytes || !signingRequest) {
          throw new Problem("bad-request", "coming back needs the old certificate and a signing request for its key");
        }
        const address = peerAddress(context.remoteAddress);
        const pem = Buffer.from(certificate).toString("utf8");
        return answer(await enrollment.return({ certificate: pem, signingRequest, address }, context.signal));
      },
      { deadlineMs: joinDeadlineMs },
    ),
  };
}

/** `1.2.3.4:5` and `[::1]:5` without the port, so that one machine counts once. */
function peerAddress(peer: string): string {
  const host = peer.replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
  return isIP(host) ? host : "unknown";
}
