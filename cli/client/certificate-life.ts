/** What the certificate of a context still has to live: said long before it ends, and plainly when it has. Pure. */
import { X509Certificate } from "node:crypto";
import type { CertificateLife } from "#proto/identity/certificate.ts";
import { toTime } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Context } from "../context/config-file.ts";

const warnBeforeMs = 14 * 24 * 3_600_000;
const warnShare = 0.2;

/** A line for people, or undefined while there is time. Throws Problem `unauthenticated` when it has expired. */
export function expiryWarning(context: Pick<Context, "name" | "clientCertificate">, nowMs: number): string | undefined {
  const life = lifeOf(context);
  if (!life) return undefined;
  const { notBeforeMs, notAfterMs } = life;
  const leftMs = notAfterMs - nowMs;
  if (leftMs <= 0) {
    throw new Problem(
      "unauthenticated",
      `the certificate in context "${context.name}" expired at ${toTime(notAfterMs)}`,
      {
        hint: "ask an administrator for another one (orchctl user add); on the control plane's machine: orchctl config import with the admin.yaml in its data directory",
      },
    );
  }
  if (leftMs > Math.min(warnBeforeMs, (notAfterMs - notBeforeMs) * warnShare)) return undefined;
  return `warning: the certificate in context "${context.name}" expires at ${toTime(notAfterMs)}: orchctl config renew`;
}

/** What cannot be read is for TLS to complain about. */
function lifeOf({ clientCertificate }: Pick<Context, "clientCertificate">): CertificateLife | undefined {
  try {
    const { validFrom, validTo } = new X509Certificate(clientCertificate);
    return { notBeforeMs: Date.parse(validFrom), notAfterMs: Date.parse(validTo) };
  } catch {
    return undefined;
  }
}
