/**
 * What a peer may do to a listening HTTP/2 server before and beside its calls: connections, handshakes, pings, settings, and
 * streams that nobody reads. Whoever goes beyond loses its connection, and nobody else notices.
 */
import {
  constants,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { Clock } from "../clock.ts";
import type { Logger } from "../logger.ts";
import { peerIdentity } from "./identity.ts";
import { connectionFlowControlBytes, flowControlBytes } from "./limits.ts";
import { TokenBuckets } from "./token-buckets.ts";

export interface ConnectionLimits {
  readonly maxConnections: number;
  readonly maxConnectionsOfAddress: number;
  readonly maxConnectionsOfIdentity: number;
  /** TLS handshakes under way: each costs a signature. */
  readonly maxHandshakes: number;
  readonly maxHandshakesOfAddress: number;
  /** PING and SETTINGS frames of one connection: a keepalive needs one in ten seconds. */
  readonly controlFrames: { readonly perSecond: number; readonly burst: number };
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
  stallMs: 60_000,
};

/**
 * For `http2.createSecureServer`. Streams opened and reset at once (CVE-2023-44487) end the connection; so do frames that make
 * no sense. Node's own bounds on CONTINUATION frames and header lists stand beside these.
 */
export const http2ServerOptions = {
  streamResetBurst: 500,
  streamResetRate: 33,
  maxSessionInvalidFrames: 100,
  maxSessionRejectedStreams: 50,
  maxHeaderListPairs: 64,
  maxSettings: 16,
  maxOutstandingPings: 4,
} as const;

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

  /**
   * Before the server takes its first connection. `isSingle`: whether a method takes one message and gives one. `user`: who all of them
   * are, where there is no handshake to tell.
   */
  watch(server: Http2Server, isSingle: (path: string) => boolean, user?: string): void {
    server.prependListener("connection", (socket: Socket) => this.#connected(socket, user === undefined));
    server.on("session", (session: ServerHttp2Session) => this.#session(session, isSingle, user));
  }

  #connected(socket: Socket, shakesHands: boolean): void {
    const address = socket.remoteAddress ?? "";
    const { maxConnections, maxConnectionsOfAddress, maxHandshakes, maxHandshakesOfAddress } = this.#limits;
    const handshakesThere = this.#handshakesByAddress.get(address) ?? 0;
    const full = this.#connections >= maxConnections;
    const addressFull = (this.#byAddress.get(address) ?? 0) >= maxConnectionsOfAddress;
    const shaking = shakesHands && (this.#handshakes >= maxHandshakes || handshakesThere >= maxHandshakesOfAddress);
    if (full || addressFull || shaking) {
      this.#count(full ? "connections" : addressFull ? "address" : "handshakes", { address });
      socket.destroy();
      return;
    }
    this.#connections++;
    raise(this.#byAddress, address);
    socket.once("close", () => {
      this.#connections--;
      lower(this.#byAddress, address);
    });
    if (shakesHands) this.#shaking(socket, address);
  }

  #shaking(socket: Socket, address: string): void {
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
    });
  }

  #session(session: ServerHttp2Session, isSingle: (path: string) => boolean, known: string | undefined): void {
    if (known === undefined) this.#handshakeEnds.get(peerOf(session.socket))?.();
    const user = known ?? shownUser(session);
    if (user !== undefined) this.#countIdentity(session, user);
    session.settings({ initialWindowSize: flowControlBytes });
    session.setLocalWindowSize(connectionFlowControlBytes);
    const frames = new TokenBuckets(this.#clock, this.#limits.controlFrames);
    const onFrame = (): void => {
      if (frames.take("") > 0 && !session.destroyed) this.#end(session, "control-frames");
    };
    session.on("ping", onFrame);
    session.on("remoteSettings", onFrame);
    session.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
      if (isSingle(headers[":path"] ?? "")) this.#watchProgress(session, stream);
    });
    session.on("error", (error: Error) => {
      this.#logger.debug({ error: error.message }, "a connection was cut");
    });
  }

  #countIdentity(session: ServerHttp2Session, user: string): void {
    if ((this.#byIdentity.get(user) ?? 0) >= this.#limits.maxConnectionsOfIdentity) {
      this.#end(session, "identity");
      return;
    }
    raise(this.#byIdentity, user);
    session.once("close", () => lower(this.#byIdentity, user));
  }

  /** A request that never gets whole, or an answer that nobody takes, would hold its place and its bytes for ever. */
  #watchProgress(session: ServerHttp2Session, stream: ServerHttp2Stream): void {
    let wasAnswered = false;
    const look = (): void => {
      if (stream.destroyed || session.destroyed) return;
      if (!stream.readableEnded || wasAnswered) {
        this.#end(session, "stalled");
        return;
      }
      // The answer's headers go out together with it.
      wasAnswered = stream.headersSent;
      timer = this.#clock.after(this.#limits.stallMs, look);
    };
    let timer = this.#clock.after(this.#limits.stallMs, look);
    stream.once("close", () => timer.cancel());
  }

  /** With a sentence, as debug data of GOAWAY. */
  #end(session: ServerHttp2Session, why: keyof typeof told): void {
    this.#count(why, { address: session.socket.remoteAddress });
    session.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM, 0, Buffer.from(told[why]));
    // A peer that reads nothing would not let the session end.
    setImmediate(() => session.destroy());
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

/** By its certificate. */
function shownUser({ socket }: ServerHttp2Session): string | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  return peerIdentity({ sslPeerCertificate: socket.getPeerCertificate() })?.user;
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
