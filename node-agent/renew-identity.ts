/** A node asks for its next certificate, with a fresh key, over the connection that the one it has still opens. */
import type { NodeIdentity } from "#proto/identity/join.ts";
import { nodeUser } from "#proto/identity/names.ts";
import type { ControlPlaneLink } from "./session/control-plane-link.ts";

/** The X.509 package is loaded for this moment only. */
export async function renewIdentity(
  place: { readonly cluster: string; readonly nodeName: string },
  link: ControlPlaneLink,
  signal: AbortSignal,
): Promise<NodeIdentity> {
  const { createSigningRequest } = await import("#proto/identity/signing-request.ts");
  const { privateKeyPem, signingRequestPem } = await createSigningRequest(nodeUser(place.nodeName));
  const reply = await link.renewCertificate(signingRequestPem, signal);
  return {
    cluster: place.cluster,
    privateKeyPem,
    certificateChainPem: Buffer.from(reply.certificateChain ?? []).toString("utf8"),
    authoritiesPem: Buffer.from(reply.authorities ?? []).toString("utf8"),
    expiresAtMs: Number(reply.expiresAtMs ?? 0),
  };
}
