/**
 * The ways to one member of etcd: `direct` for what is asked all the time; etcd3, loaded when it is first needed, for the rest
 * (maintenance). Its own retries and circuit breakers are off: it would repeat a call whose answer was lost, and stay away from
 * a member that is back.
 */
import { isIP } from "node:net";
import { createSecureContext, type SecureContext } from "node:tls";
import type { Etcd3, IOptions } from "etcd3";
import type { Clock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { type ClientTlsMaterial, ReplaceableChannelCredentials } from "#proto/kit/rpc/tls.ts";
import { EtcdConnection } from "./etcd-connection.ts";

export interface EtcdTls {
  readonly authorityPem: Uint8Array;
  readonly certificatePem?: Uint8Array;
  readonly keyPem?: Uint8Array;
  /** DNS name in etcd's certificate: members are dialled by address and known by this name. */
  readonly serverName?: string;
}

export interface EtcdMemberOptions {
  /** URL, as `https://10.0.0.1:2379`. */
  readonly endpoint: string;
  readonly tls: EtcdTls | undefined;
  readonly clock: Clock;
  readonly requestTimeoutMs: number;
}

const maxMessageBytes = 64 << 20;

type FaultHandling = NonNullable<IOptions["faultHandling"]>;
type Policy = NonNullable<FaultHandling["global"]>;

export class EtcdMember {
  readonly direct: EtcdConnection;
  readonly #options: EtcdMemberOptions;
  /** Names of the member that its certificate may prove. */
  readonly #address: string | undefined;
  readonly #serverName: string | undefined;
  #tls: EtcdTls | undefined;
  #context: SecureContext | undefined;
  #services: Promise<Etcd3> | undefined;
  #closed = false;
  #credentials: ReplaceableChannelCredentials | undefined;

  constructor(options: EtcdMemberOptions) {
    const { endpoint, tls, clock, requestTimeoutMs } = options;
    this.#options = options;
    this.#tls = tls;
    this.#context = tls && secureContext(tls);
    this.#address = tls?.serverName === undefined ? addressOf(endpoint) : undefined;
    // An IP address cannot be asked for by name: the certificate is checked for the address all the same.
    this.#serverName = tls && (tls.serverName ?? (this.#address === undefined ? undefined : "etcd"));
    const connectTimeoutMs = requestTimeoutMs;
    this.direct = new EtcdConnection({
      // With certificates, nothing goes out in the clear, whatever the URL begins with.
      url: tls ? endpoint.replace(/^http:/, "https:") : endpoint,
      security: () => this.#context && { context: this.#context, serverName: this.#serverName, address: this.#address },
      ...{ clock, maxMessageBytes, connectTimeoutMs },
    });
  }

  get requestTimeoutMs(): number {
    return this.#options.requestTimeoutMs;
  }

  /** etcd3's client. */
  services(): Promise<Etcd3> {
    this.#services ??= this.#connect();
    return this.#services;
  }

  /** Counts from the next connection on; those that stand stay, so nothing under way is cut. */
  replaceTls(tls: EtcdTls): void {
    this.#tls = tls;
    this.#context = secureContext(tls);
    this.#credentials?.replace(material(tls));
  }

  close(): void {
    this.#closed = true;
    this.direct.close();
    void this.#services?.then((services) => services.close());
  }

  async #connect(): Promise<Etcd3> {
    // A CommonJS package: bundled, its exports are in `default`; not bundled, Node finds their names too.
    const { Etcd3 } = (await import("etcd3")).default;
    if (this.#closed) throw new Problem("unavailable", "the store's client is closed");
    const { clock, endpoint, requestTimeoutMs } = this.#options;
    const services = new Etcd3({
      hosts: endpoint,
      grpcOptions: {
        // etcd answers pings on a connection without calls with GOAWAY, and pings more often than every 5 s too.
        "grpc.keepalive_time_ms": 10_000,
        "grpc.keepalive_timeout_ms": 3000,
        "grpc.keepalive_permit_without_calls": 0,
        "grpc.max_receive_message_length": maxMessageBytes,
        "grpc.max_send_message_length": maxMessageBytes,
        "grpc.per_rpc_retry_buffer_size": 0,
        "grpc.enable_retries": 0,
        "grpc.initial_reconnect_backoff_ms": 100,
        "grpc.max_reconnect_backoff_ms": 2000,
        ...(this.#serverName !== undefined && { "grpc.ssl_target_name_override": this.#serverName }),
      },
      defaultCallOptions: (context) => (context.isStream ? {} : { deadline: clock.nowMs() + requestTimeoutMs }),
      faultHandling: { host: () => passThrough, global: passThrough },
    });
    if (this.#tls) {
      this.#credentials = new ReplaceableChannelCredentials(material(this.#tls), this.#address);
      useCredentials(services, this.#credentials);
    }
    return services;
  }
}

const text = (pem: Uint8Array): string => Buffer.from(pem).toString("utf8");

function material({ authorityPem, certificatePem, keyPem }: EtcdTls): ClientTlsMaterial {
  const authorities = text(authorityPem);
  if (!certificatePem || !keyPem) return { authorities };
  return { authorities, identity: { certificateChain: text(certificatePem), privateKey: text(keyPem) } };
}

function secureContext(tls: EtcdTls): SecureContext {
  const { authorities, identity } = material(tls);
  try {
    return createSecureContext({
      ca: authorities,
      minVersion: "TLSv1.3",
      ...(identity && { cert: identity.certificateChain, key: identity.privateKey }),
    });
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new Problem("invalid", `etcd's TLS material cannot be used: ${why}`, { cause: thrown });
  }
}

/** The IP address of an endpoint that has one and no name. */
function addressOf(endpoint: string): string | undefined {
  const host = new URL(endpoint).hostname.replace(/^\[|\]$/g, "");
  return isIP(host) ? host : undefined;
}

/** etcd3 takes PEM only, once, and has no way to renew it: its host, not yet connected, is given ours. */
function useCredentials(services: Etcd3, credentials: ReplaceableChannelCredentials): void {
  const pool: unknown = Reflect.get(services, "pool");
  const hosts: unknown = typeof pool === "object" && pool !== null ? Reflect.get(pool, "hosts") : undefined;
  if (!Array.isArray(hosts) || hosts.length !== 1) throw new Problem("internal", "etcd3 is not as it was");
  Reflect.set(hosts[0] as object, "channelCredentials", credentials);
}

const nothing = { dispose: () => undefined };

/** A cockatiel policy that adds nothing. */
const passThrough = {
  onSuccess: () => nothing,
  onFailure: () => nothing,
  execute: async (run: (context: { signal: AbortSignal }) => unknown) => run({ signal: new AbortController().signal }),
} as unknown as Policy;
