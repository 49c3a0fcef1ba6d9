/** What a failed connection to a registry means, in words that name the registry and what to do. */
import { errnoOf, Problem } from "#proto/kit/problem.ts";

export function transportProblem(thrown: unknown, host: string, signal: AbortSignal): Problem {
  if (thrown instanceof Problem) return thrown;
  if (signal.aborted) return Problem.from(signal.reason);
  const code = errnoOf(thrown) ?? "";
  if (speaksNoTls.has(code)) {
    return new Problem("unavailable", `registry ${host} does not speak HTTPS`, {
      cause: thrown,
      hint: plainHttpHint(host),
      retry: "never",
    });
  }
  if (/CERT|SIGNATURE|ISSUER|ALTNAME/.test(code)) {
    return new Problem("unavailable", `registry ${host} has a certificate that is not trusted here (${code})`, {
      cause: thrown,
      hint: `put the certificate authority that signed it into spec.caBundle of a Registry (orch/v1) for ${host}, or install it on the nodes as update-ca-certificates(8) does`,
      retry: "never",
    });
  }
  if (code === "UND_ERR_BODY_TIMEOUT") {
    return new Problem("timeout", `registry ${host} fell silent in the middle of an answer`, { cause: thrown });
  }
  if (code.startsWith("UND_ERR_") && code.endsWith("_TIMEOUT")) {
    return new Problem("timeout", `registry ${host} did not answer in time`, { cause: thrown });
  }
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return nameProblem(host, code, thrown);
  const reason = reasons[code] ?? (thrown instanceof Error ? thrown.message : String(thrown));
  return new Problem("unavailable", `registry ${host} cannot be reached: ${reason}`, { cause: thrown });
}

/** A name that nobody knows is not asked for again at once: the pod's own back-off does that. */
export function nameProblem(host: string, code: "ENOTFOUND" | "EAI_AGAIN", cause?: unknown): Problem {
  const reason =
    code === "ENOTFOUND" ? "its name is unknown" : "its name cannot be looked up: no name server of this node answers";
  return new Problem("unavailable", `registry ${host} cannot be reached: ${reason}`, {
    cause,
    hint: "check the image's name, and the name servers in /etc/resolv.conf of the node",
    retry: "never",
  });
}

export function plainHttpHint(host: string): string {
  return `if it shall be used without TLS, apply a Registry (orch/v1) with hosts: [${JSON.stringify(host)}] and plainHTTP: true, or start the control plane with --plain-http-registry ${host}`;
}

const speaksNoTls: ReadonlySet<string> = new Set([
  "ERR_SSL_WRONG_VERSION_NUMBER",
  "ERR_SSL_PACKET_LENGTH_TOO_LONG",
  "EPROTO",
]);

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "it refuses connections",
  ECONNRESET: "it closed the connection",
  UND_ERR_SOCKET: "it closed the connection",
  EHOSTUNREACH: "there is no route to it",
  ENETUNREACH: "there is no route to it",
};
