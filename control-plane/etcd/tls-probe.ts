/** Why your own etcd does not take our TLS connection, in a sentence: its client library only says "unavailable". */
import { isIP } from "node:net";
import { type ConnectionOptions, connect } from "node:tls";
import type { Clock } from "#proto/kit/clock.ts";
import { errnoOf } from "#proto/kit/problem.ts";
import type { EtcdTls } from "../store/etcd-endpoints.ts";

const timeoutMs = 3000;
/** In TLS 1.3 a server judges the client's certificate after the client is done: what it says comes a moment later. */
const verdictMs = 500;

const notOfThisAuthority = "its certificate is not of the authority in --etcd-ca";
const refusesOurs = "it refuses the certificate in --etcd-cert";

const reasons: Readonly<Record<string, string>> = {
  SELF_SIGNED_CERT_IN_CHAIN: notOfThisAuthority,
  DEPTH_ZERO_SELF_SIGNED_CERT: notOfThisAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: notOfThisAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: notOfThisAuthority,
  CERT_SIGNATURE_FAILURE: notOfThisAuthority,
  CERT_HAS_EXPIRED: "its certificate has expired",
  CERT_NOT_YET_VALID: "its certificate is not valid yet: compare the clocks of both machines",
  ERR_OSSL_X509_KEY_VALUES_MISMATCH: "--etcd-key is not the key of the certificate in --etcd-cert",
  ERR_SSL_WRONG_VERSION_NUMBER: "it does not speak TLS there: use http:// or another port",
  ERR_SSL_PACKET_LENGTH_TOO_LONG: "it does not speak TLS there: use http:// or another port",
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: "it does not know the authority of the certificate in --etcd-cert",
  ECONNREFUSED: "nothing listens there",
  EHOSTUNREACH: "there is no way to that host",
  ENOTFOUND: "there is no host of that name",
};

export interface TlsFailure {
  readonly why: string;
  /** Trying again does not help: a certificate, name or key is wrong. False while nothing answers. */
  readonly isFinal: boolean;
}

/** Undefined when the connection stands: what is wrong is no business of TLS. */
export async function probeEtcdTls(endpoint: string, tls: EtcdTls, clock: Clock): Promise<TlsFailure | undefined> {
  const { hostname, port } = new URL(endpoint);
  const host = hostname.replace(/^\[|\]$/g, "");
  const servername = tls.serverName ?? (isIP(host) ? "" : host);
  const options: ConnectionOptions = {
    ...{ host, port: Number(port), ALPNProtocols: ["h2"], ca: Buffer.from(tls.authorityPem) },
    ...(servername !== "" && { servername }),
    ...(tls.certificatePem && { cert: Buffer.from(tls.certificatePem) }),
    ...(tls.keyPem && { key: Buffer.from(tls.keyPem) }),
  };
  const failure = await firstFailure(options, clock);
  if (failure === undefined) return undefined;
  const isFinal = /^(ERR_|CERT_|UNABLE_|SELF_SIGNED|DEPTH_ZERO)/.test(errnoOf(failure) ?? "");
  return { why: reasonOf(failure, tls, servername === "" ? host : servername), isFinal };
}

function firstFailure(options: ConnectionOptions, clock: Clock): Promise<unknown> {
  return new Promise((resolve) => {
    try {
      const socket = connect(options);
      const finish = (failure: unknown): void => {
        timer.cancel();
        socket.destroy();
        resolve(failure);
      };
      let timer = clock.after(timeoutMs, () => finish(new Error("it does not answer")));
      socket.once("error", finish);
      socket.once("secureConnect", () => {
        timer.cancel();
        timer = clock.after(verdictMs, () => finish(undefined));
      });
    } catch (thrown) {
      resolve(thrown);
    }
  });
}

function reasonOf(failure: unknown, tls: EtcdTls, name: string): string {
  const code = errnoOf(failure) ?? "";
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return `its certificate does not name ${name}: give the name it has with --etcd-tls-name`;
  }
  if (/ALERT_(BAD_CERTIFICATE|CERTIFICATE_REQUIRED|CERTIFICATE_UNKNOWN)/.test(code)) {
    return tls.certificatePem ? refusesOurs : "it wants a client certificate: give --etcd-cert and --etcd-key";
  }
  if (/ALERT_CERTIFICATE_EXPIRED/.test(code)) return "the certificate in --etcd-cert has expired";
  return reasons[code] ?? (failure instanceof Error ? failure.message.trim() : String(failure));
}
