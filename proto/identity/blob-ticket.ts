/**
 * A ticket lets one node fetch one blob from one other node for a few minutes. The control plane signs it with the key it serves with, and
 * its certificate travels along: whoever trusts the cluster's authority can check it, whichever control plane wrote it.
 */
import { sign, verify, X509Certificate } from "node:crypto";
import { isVouchedFor, readCertificate, splitPem } from "./certificate.ts";
import { controlPlaneTlsName } from "./names.ts";

export interface BlobTicket {
  /** Who fetches, and from whom. */
  readonly from: string;
  readonly by: string;
  readonly digest: string;
  /** By the control plane's clock. */
  readonly expiresAtMs: number;
}

export interface TicketSigner {
  /** Starts with the control plane's own certificate. */
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

export const ticketLifetimeMs = 10 * 60_000;
/** As far as certificates start in the past: clocks that differ so much are reported as a condition long before. */
const toleranceMs = 5 * 60_000;
const maxTicketLength = 8192;
/** The certificate, and one link. */
const maxShown = 2;

/** `PAYLOAD.SIGNATURE.CERTIFICATE`, each base64url; while the authority is replaced, `.LINK` follows. */
export function signTicket(ticket: BlobTicket, signer: TicketSigner): string {
  const payload = Buffer.from(JSON.stringify([ticket.from, ticket.by, ticket.digest, ticket.expiresAtMs]));
  const signature = sign("sha256", payload, signer.privateKeyPem);
  // With the link to the authority before, while that one is being replaced: not everybody knows the new one yet.
  const chain = splitPem(signer.certificatePem).map((pem) => new X509Certificate(pem));
  const shown = chain.filter(({ subject, issuer }) => subject !== issuer).slice(0, maxShown);
  return [payload, signature, ...shown.map(({ raw }) => raw)].map((part) => part.toString("base64url")).join(".");
}

export interface TicketCheck {
  readonly from: string;
  readonly by: string;
  readonly digest: string;
  readonly cluster: string;
  readonly authoritiesPem: string;
  readonly nowMs: number;
}

/** Why the ticket does not hold; undefined when it does. */
export function ticketRefusal(text: string, check: TicketCheck): string | undefined {
  if (text.length > maxTicketLength) return "the ticket is too long";
  try {
    const [payload, signature, certificate, ...links] = text.split(".").map((part) => Buffer.from(part, "base64url"));
    if (!payload || !signature || !certificate) return "the ticket is not whole";
    const signer = new X509Certificate(certificate);
    const { dnsNames, notAfterMs } = readCertificate(certificate);
    const isOurs = splitPem(check.authoritiesPem).some((authority) => isVouchedFor(certificate, authority, links));
    if (!isOurs || !dnsNames.includes(controlPlaneTlsName(check.cluster))) return "no control plane of ours signed it";
    if (notAfterMs + toleranceMs < check.nowMs) return "the certificate of who signed it has expired";
    if (!verify("sha256", payload, signer.publicKey, signature)) return "the signature is wrong";
    const [from, by, digest, expiresAtMs] = JSON.parse(payload.toString()) as readonly [string, string, string, number];
    if (from !== check.from || by !== check.by) return "the ticket is for other nodes";
    if (digest !== check.digest) return "the ticket is for another blob";
    if (!(expiresAtMs + toleranceMs >= check.nowMs)) return "the ticket has expired";
    return undefined;
  } catch {
    return "the ticket cannot be read";
  }
}
