/** Whose certificate a context holds; "" where it cannot be read: that is for TLS to complain about. */
import { readCertificate } from "#proto/identity/certificate.ts";
import type { Context } from "./config-file.ts";

export function userOf({ clientCertificate }: Pick<Context, "clientCertificate">): string {
  try {
    return readCertificate(clientCertificate).user;
  } catch {
    return "";
  }
}
