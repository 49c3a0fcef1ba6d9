/**
 * What a peer may do to a listening HTTP/2 server before and beside its calls: connections, handshakes, pings, settings, and
 * streams that nobody reads. Whoever goes beyond loses its connection, and nobody else notices.
 */
import type { Http2Server } from "node:http2";
import type { Socket } from "node:net";
import type { Clock } from "../clock.ts";
import { errorCode } from "../http2/frames.ts";
import type { ConnectionOptions, ServerConnection } from "../http2/server-connection.ts";
import type { Logger } from "../logger.ts";
import { type Rate, TokenBuckets } from "../token-buckets.ts";
import { peerIdentity } from "./identity.ts";
import { connectionFlowControlBytes, flowControlBytes } from "./limits.ts";

export interface ConnectionLimits {
  readonly maxConnections: number;
  readonly maxConnectionsOfAddress: number;
  readonly maxConnectionsOfIdentity: number;
  /** TLS handshakes under way: each costs a signature. */
  readonly maxHandshakes: number;
  readonly maxHandshakesOfAddress: number;
  /** PING and SETTINGS frames of one connection: a keepalive needs one in ten seconds. */
  readonly controlFrames: Rate;
  /** Streams of one connection that are opened and reset at once (CVE-2023-44487). */
  readonly resets: Rate;
  /** A request must be here whole, and a single answer be taken, within this. */
  readonly stallMs: number;
}

export const defaultConnectionLimits: ConnectionLimits = {
  maxConnections: 10_000,
  maxConnectionsOfAddress: 5_000,
  maxConnectionsOfIdentity: 2_500,
  maxHandshakes: 1_000,
  maxHandshakesOfAddress: 500,
  controlFrames: { perSecond: 5, burst: 50 },
  resets: { perSecond: 33, burst: 500 },
  stallMs: 60_000,
};

export interface ConnectionCounters {
  readonly connections: number;
  readonly handshakes: number;
  /** Cut off, by why. */
  readonly dropped: Readonly<Record<string, number>>;
}

type Why = "connections" | "address" | "handshakes" | "identity" | "control-frames" | "stalled";

const told = {
  identity: "too many connections of this identity",
  "control-frames": "too many PING or SETTINGS frames",
  stalled: "nothing was read or sent for too long",
} as const;
/** One log line a reason and minute: an attack must not fill the log. */
const logEveryMs = 60_000;

export class ConnectionGuard {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #limits: ConnectionLimits;
  readonly #byAddress = new Map<string, number>();
  readonly #byIdentity = new Map<string, number>();
  readonly #handshakesByAddress = new Map<string, number>();
  readonly #dropped = new Map<Why, number>();
  readonly #loggedAtMs = new Map<Why, number>();
  /** Of the peers that have connected and not yet begun to speak HTTP/2. */
  readonly #handshakeEnds = new Map<string, () => void>();
  #connections = 0;
  #handshakes = 0;

  constructor(options: { readonly clock: Clock; readonly logger: Logger }, limits: Partial<ConnectionLimits> = {}) {
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#limits = { ...defaultConnectionLimits, ...limits };
  }

  get counters(): ConnectionCounters {
    const dropped = Object.fromEntries(this.#dropped);
    return { connections: this.#connections, handshakes: this.#handshakes, dropped };
  }

  /** What every connection is served with. */
  get connectionOptions(): Omit<ConnectionOptions, "clock" | "onRequest" | "maxStreams"> {
    const { resets, stallMs } = this.#limits;
    return { resets, stallMs, streamWindowBytes: flowControlBytes, windowBytes: connectionFlowControlBytes };
  }

  /** Before the server takes its first connection. */
  watch(server: Http2Server): void {
    server.prependListener("connection", (socket: Socket) => this.#connected(socket));
  }

  /** A connection whose handshake is done. */
  take(connection: ServerConnection): void {
    this.#handshakeEnds.get(peerOf(connection.socket))?.();
    this.#countIdentity(connection);
    const frames = new TokenBuckets(this.#clock, this.#limits.controlFrames);
    connection.on("control-frame", () => {
      if (frames.take("") > 0 && !connection.destroyed) this.#end(connection, "control-frames");
    });
    connection.on("stalled", () => this.#end(connection, "stalled"));
    connection.on("failed", (err) => this.#logger.error({ err }, "a connection failed inside"));
  }

  #connected(socket: Socket): void {
    const address = socket.remoteAddress ?? "";
    const { maxConnections, maxConnectionsOfAddress, maxHandshakes, maxHandshakesOfAddress } = this.#limits;
    const handshakesThere = this.#handshakesByAddress.get(address) ?? 0;
    const full = this.#connections >= maxConnections;
    const addressFull = (this.#byAddress.get(address) ?? 0) >= maxConnectionsOfAddress;
    if (full || addressFull || this.#handshakes >= maxHandshakes || handshakesThere >= maxHandshakesOfAddress) {
      this.#count(full ? "connections" : addressFull ? "address" : "handshakes", { address });
      socket.destroy();
      return;
    }
    this.#connections++;
    raise(this.#byAddress, address);
    this.#handshakes++;
    raise(this.#handshakesByAddress, address);
    const shaken = once(() => {
      this.#handshakes--;
      lower(this.#handshakesByAddress, address);
    });
    const peer = peerOf(socket);
    this.#handshakeEnds.set(peer, shaken);
    socket.once("close", () => {
      shaken();
      this.#handshakeEnds.delete(peer);
      this.#connections--;
      lower(this.#byAddress, address);
    });
  }

  #countIdentity(connection: ServerConnection): void {
    const user = peerIdentity({ sslPeerCertificate: connection.socket.getPeerCertificate() })?.user;
    if (user === undefined) return;
    if ((this.#byIdentity.get(user) ?? 0) >= this.#limits.maxConnectionsOfIdentity) {
      this.#end(connection, "identity");
      return;
    }
    raise(this.#byIdentity, user);
    connection.once("close", () => lower(this.#byIdentity, user));
  }

  /** With a sentence, as debug data of GOAWAY. */
  #end(connection: ServerConnection, why: keyof typeof told): void {
    this.#count(why, { address: connection.socket.remoteAddress });
    connection.end(errorCode.enhanceYourCalm, told[why]);
  }

  #count(why: Why, fields: object): void {
    this.#dropped.set(why, (this.#dropped.get(why) ?? 0) + 1);
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - (this.#loggedAtMs.get(why) ?? Number.NEGATIVE_INFINITY) < logEveryMs) return;
    this.#loggedAtMs.set(why, nowMs);
    this.#logger.warn(
      { ...fields, why, times: this.#dropped.get(why) },
      "a connection was cut off: it went over a limit",
    );
  }
}

const peerOf = ({ remoteAddress, remotePort }: Pick<Socket, "remoteAddress" | "remotePort">): string =>
  `${remoteAddress} ${remotePort}`;

function once(run: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    run();
  };
}

function raise(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function lower(counts: Map<string, number>, key: string): void {
  const rest = (counts.get(key) ?? 1) - 1;
  if (rest <= 0) counts.delete(key);
  else counts.set(key, rest);
}
