/**
 * Connections to etcd's members. All calls go to one member; when it fails, the next one is used from then on. etcd3's own
 * retries and circuit breakers are off: it would repeat a transaction whose answer was lost, and stay away from a member
 * that is back.
 */
import { isIP } from "node:net";
import { credentials, Metadata } from "@grpc/grpc-js";
import { Etcd3, type IOptions } from "etcd3";
import { type Clock, sleep } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { type ClientTlsMaterial, ReplaceableChannelCredentials } from "#proto/kit/rpc/tls.ts";
import { etcdProblem } from "./etcd-errors.ts";

export interface EtcdTls {
  readonly authorityPem: Uint8Array;
  readonly certificatePem?: Uint8Array;
  readonly keyPem?: Uint8Array;
  /** DNS name in etcd's certificate: members are dialled by address and known by this name. */
  readonly serverName?: string;
}

export interface EtcdEndpointsOptions {
  /** URLs, as `https://10.0.0.1:2379`. */
  readonly endpoints: readonly string[];
  readonly tls?: EtcdTls;
  readonly clock: Clock;
  readonly requestTimeoutMs?: number;
}

const defaultRequestTimeoutMs = 5000;
const maxMessageBytes = 64 << 20;

type FaultHandling = NonNullable<IOptions["faultHandling"]>;
type Policy = NonNullable<FaultHandling["global"]>;

export class EtcdEndpoints {
  readonly #options: EtcdEndpointsOptions;
  readonly #members: (Etcd3 | undefined)[];
  readonly #requestTimeoutMs: number;
  #current = 0;
  #closed = false;
  #tls: EtcdTls | undefined;
  readonly #credentials: (ReplaceableChannelCredentials | undefined)[];

  constructor(options: EtcdEndpointsOptions) {
    if (options.endpoints.length === 0) throw new Problem("internal", "no etcd endpoint is given");
    this.#options = options;
    this.#tls = options.tls;
    this.#members = options.endpoints.map(() => undefined);
    this.#credentials = options.endpoints.map(() => undefined);
    this.#requestTimeoutMs = options.requestTimeoutMs ?? defaultRequestTimeoutMs;
  }

  get count(): number {
    return this.#members.length;
  }

  /** One unary call. Rejects with a Problem; never repeats the call by itself. */
  async call<T>(action: string, run: (member: Etcd3) => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (signal?.aborted) throw Problem.from(signal.reason);
    const { member, at } = this.member();
    try {
      return await withSignal(run(member), signal);
    } catch (thrown) {
      const problem = etcdProblem(thrown, action);
      if (problem.code === "unavailable" || problem.code === "timeout") this.failed(at);
      throw problem;
    }
  }

  /** A read: repeated, on the next member if there is one, for as long as one request may take. Bridges a restart of etcd. */
  async read<T>(action: string, run: (member: Etcd3) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const { clock } = this.#options;
    const deadlineMs = clock.monotonicMs() + this.#requestTimeoutMs;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.call(action, run, signal);
      } catch (thrown) {
        const waitMs = attempt < this.count ? 0 : Math.min(50 * 2 ** (attempt - this.count), 500);
        const isHopeless = this.#closed || clock.monotonicMs() + waitMs > deadlineMs;
        if (isHopeless || !Problem.is(thrown, "unavailable")) throw thrown;
        if (waitMs > 0) await withSignal(sleep(clock, waitMs), signal);
      }
    }
  }

  /** The member in use, for streams. Tell `failed(at)` when the stream breaks. */
  member(): { readonly member: Etcd3; readonly at: number } {
    if (this.#closed) throw new Problem("unavailable", "the store's client is closed");
    const at = this.#current;
    const member = this.#members[at] ?? this.#connect(at);
    this.#members[at] = member;
    return { member, at };
  }

  failed(at: number): void {
    if (at === this.#current) this.#current = (at + 1) % this.#members.length;
  }

  /** Options of a watch stream: none of the deadlines of calls, and broken off by a member that lost its leader. */
  watchOptions(): Parameters<Etcd3["watchClient"]["watch"]>[0] {
    if (!this.#tls || this.count === 1) return {};
    const metadata = new Metadata();
    metadata.set("hasleader", "true");
    return { credentials: credentials.createFromMetadataGenerator((_, done) => done(null, metadata)) };
  }

  /** Resolves when a connection that stands now breaks: a stream that carries nothing else. */
  async untilBroken(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { member } = this.member();
    const stream = await member.watchClient.watch({});
    if (signal.aborted) stream.cancel();
    await new Promise<void>((resolve) => {
      const onAbort = (): void => stream.cancel();
      signal.addEventListener("abort", onAbort, { once: true });
      const done = (): void => {
        signal.removeEventListener("abort", onAbort);
        resolve();
      };
      stream.on("error", done);
      stream.on("end", done);
      stream.on("data", () => undefined);
    });
  }

  /** Counts from the next connection on; those that stand stay, so nothing under way is cut. */
  replaceTls(tls: EtcdTls): void {
    for (const credentials of this.#credentials) credentials?.replace(material(tls));
    this.#tls = tls;
  }

  close(): void {
    this.#closed = true;
    for (const member of this.#members) member?.close();
  }

  #connect(at: number): Etcd3 {
    const { clock } = this.#options;
    const endpoint = this.#options.endpoints[at] ?? "";
    const tls = this.#tls;
    const address = tls?.serverName === undefined ? addressOf(endpoint) : undefined;
    // An IP address cannot be asked for by name: the certificate is checked for the address all the same.
    const serverName = tls && (tls.serverName ?? (address === undefined ? undefined : "etcd"));
    const member = new Etcd3({
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
        ...(serverName !== undefined && { "grpc.ssl_target_name_override": serverName }),
      },
      defaultCallOptions: (context) => (context.isStream ? {} : { deadline: clock.nowMs() + this.#requestTimeoutMs }),
      faultHandling: { host: () => passThrough, global: passThrough },
    });
    if (tls) {
      const credentials = new ReplaceableChannelCredentials(material(tls), address);
      useCredentials(member, credentials);
      this.#credentials[at] = credentials;
    }
    return member;
  }
}

function material(tls: EtcdTls): ClientTlsMaterial {
  const text = (pem: Uint8Array): string => Buffer.from(pem).toString("utf8");
  const authorities = text(tls.authorityPem);
  if (!tls.certificatePem || !tls.keyPem) return { authorities };
  return { authorities, identity: { certificateChain: text(tls.certificatePem), privateKey: text(tls.keyPem) } };
}

/** The IP address of an endpoint that has one and no name. */
function addressOf(endpoint: string): string | undefined {
  const host = new URL(endpoint).hostname.replace(/^\[|\]$/g, "");
  return isIP(host) ? host : undefined;
}

/** etcd3 takes PEM only, once, and has no way to renew it: its host, not yet connected, is given ours. */
function useCredentials(member: Etcd3, credentials: ReplaceableChannelCredentials): void {
  const pool: unknown = Reflect.get(member, "pool");
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

function withSignal<T>(running: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return running;
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(Problem.from(signal.reason));
    signal.addEventListener("abort", onAbort, { once: true });
    running.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
