/** A grpc-js server that runs async handlers: Problems become statuses, every call has a signal and a bound, stopping is orderly. */
import { chmodSync } from "node:fs";
import type { ServerHttp2Session } from "node:http2";
import { Duplex } from "node:stream";
import { Server, ServerCredentials, type ServiceDefinition, type UntypedServiceImplementation } from "@grpc/grpc-js";
import type { Clock } from "../clock.ts";
import type { Logger } from "../logger.ts";
import { Problem, type ProblemCode } from "../problem.ts";
import { type AdmissionCounters, CallAdmission, type CallLimits } from "./call-admission.ts";
import { CallScope, type CallScopeOptions } from "./call-scope.ts";
import { carryCalls } from "./carried-calls.ts";
import { type ConnectionCounters, ConnectionGuard, type ConnectionLimits } from "./connection-guard.ts";
import { type GrpcStream, GrpcStreamCall } from "./grpc-stream-call.ts";
import type { CallContext, MethodHandler, Service, ServiceHandlers } from "./handlers.ts";
import { PeerIdentities, type PeerIdentity, streamOf } from "./identity.ts";
import { defaultDeadlineMs, defaultStallMs, messageLimits, type ServerLimits, serverOptions } from "./limits.ts";
import type { CallSizeLimits } from "./plain-call.ts";
import { takeOverCalls } from "./plain-calls.ts";
import { toStatus } from "./problem-status.ts";
import type { StreamMethod, StreamSurface } from "./stream-call.ts";
import type { UnaryMethod, UnaryReply, UnarySurface } from "./unary-call.ts";

/** Hears of every call. Cheap, and never throws. */
export interface CallObserver {
  /** `request` is undefined for calls whose requests are a stream. Returns what hears how it ended: undefined = well. */
  begun(method: string, request: unknown): (problem: ProblemCode | undefined) => void;
}

export interface RpcServerOptions {
  readonly clock: Clock;
  readonly observer?: CallObserver;
  readonly logger: Logger;
  readonly limits?: ServerLimits;
  readonly calls?: CallLimits;
  readonly connections?: Partial<ConnectionLimits>;
  /** A stream that was ended with a Problem is cut when its peer has not taken that by then. */
  readonly goodbyeMs?: number;
  /** Asked before each call of a caller with a certificate; throws the Problem that refuses it. */
  readonly admit?: (peer: PeerIdentity, method: string) => void;
}

type Handler = MethodHandler<unknown, unknown>;
type UnaryHandler = Handler & { readonly kind: "unary" };
type BidiHandler = Handler & { readonly kind: "bidi" };
type CarrierHandler = Handler & { readonly kind: "carrier" };

const defaultGoodbyeMs = 15_000;

export class RpcServer {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #server: Server;
  readonly #peers = new PeerIdentities();
  readonly #admission: CallAdmission;
  readonly #guard: ConnectionGuard;
  /** Methods with one message each way, and with many, by path. */
  readonly #unary = new Map<string, UnaryMethod>();
  readonly #streams = new Map<string, StreamMethod>();
  readonly #limits: CallSizeLimits;
  readonly #guarded = new WeakSet<object>();
  readonly #stopping = new AbortController();
  readonly #observer: CallObserver;
  readonly #goodbyeMs: number;
  readonly #admit: RpcServerOptions["admit"];
  readonly #live = new Set<CallScope>();
  readonly #sessions = new Set<ServerHttp2Session>();
  #stopped: Promise<void> | undefined;

  constructor(options: RpcServerOptions) {
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#observer = options.observer ?? silentObserver;
    this.#admit = options.admit;
    this.#server = new Server(serverOptions(options.limits ?? {}));
    this.#limits = messageLimits(options.limits ?? {});
    this.#admission = new CallAdmission(options.clock, options.calls);
    this.#goodbyeMs = options.goodbyeMs ?? defaultGoodbyeMs;
    this.#guard = new ConnectionGuard(options, options.connections);
  }

  /** What is open, and what was refused or cut off so far. */
  get counters(): AdmissionCounters & ConnectionCounters {
    return { ...this.#admission.counters, ...this.#guard.counters };
  }

  /** Before `listen`. Every method of the service needs a handler of its kind. */
  add<S extends Service>(service: S, handlers: ServiceHandlers<S>): void {
    const implementation: UntypedServiceImplementation = {};
    for (const [name, definition] of Object.entries(service as unknown as ServiceDefinition)) {
      const handler = (handlers as Readonly<Record<string, Handler | undefined>>)[name];
      if (!handler) continue;
      assertKind(definition, handler);
      if (handler.kind === "unary") this.#unary.set(definition.path, this.#unaryMethod(definition, handler));
      else if (handler.kind !== "server-stream")
        this.#streams.set(definition.path, this.#streamMethod(definition, handler));
      implementation[name] = this.#adapt(definition.path, handler);
    }
    this.#server.addService(service as unknown as ServiceDefinition, implementation);
  }

  /** `address` as `127.0.0.1:0`. Resolves with the port. */
  listen(address: string, credentials: ServerCredentials): Promise<number> {
    return this.#bind(address, credentials, () => this.#guardListeners());
  }

  /**
   * On a unix socket that nobody but this process's user may open: whoever does is `peer`, without TLS. Its folder must be that user's
   * alone, and nothing be there under its name.
   */
  async listenOnSocket(path: string, peer: PeerIdentity): Promise<void> {
    await this.#bind(`unix:${path}`, ServerCredentials.createInsecure(), () => {
      chmodSync(path, 0o600);
      this.#guardListeners(peer);
    });
  }

  #bind(address: string, credentials: ServerCredentials, guard: () => void): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.bindAsync(address, credentials, (error, port) => {
        if (error) return reject(listenProblem(address, error));
        try {
          // Still the turn in which it began to listen: nobody has connected yet.
          guard();
          resolve(port);
        } catch (thrown) {
          reject(thrown);
        }
      });
    });
  }

  /**
   * grpc-js keeps its HTTP/2 servers to itself; should they move, the server does not start rather than serve unguarded. `everybody`:
   * who connects to the new ones, where no certificate tells.
   */
  #guardListeners(everybody?: PeerIdentity): void {
    const servers: unknown = Reflect.get(this.#server, "http2Servers");
    if (!(servers instanceof Map) || servers.size === 0) {
      throw new Problem("internal", "this version of grpc-js hides its HTTP/2 servers: connections cannot be limited");
    }
    for (const server of servers.keys()) {
      if (this.#guarded.has(server)) continue;
      this.#guarded.add(server);
      takeOverCalls(server, {
        unary: this.#unary,
        streams: this.#streams,
        limits: this.#limits,
        clock: this.#clock,
      });
      server.on("session", (session: ServerHttp2Session) => this.#keep(session, everybody));
      this.#guard.watch(server, (path) => this.#unary.has(path), everybody?.user);
    }
  }

  #keep(session: ServerHttp2Session, everybody: PeerIdentity | undefined): void {
    this.#sessions.add(session);
    session.once("close", () => this.#sessions.delete(session));
    if (everybody) this.#peers.know(session, everybody);
    // Its handshake was under way as the server began to stop. Others have yet to hear of it in this turn.
    if (this.#stopping.signal.aborted) setImmediate(() => session.destroy());
  }

  /** Refuses new calls, tells streams, lets unary calls finish for at most `graceMs`, then cuts. Idempotent. */
  stop(graceMs: number): Promise<void> {
    this.#stopped ??= new Promise((resolve) => {
      this.#stopping.abort(new Problem("unavailable", "the server is stopping; connect again"));
      const force = this.#clock.after(graceMs, () => {
        this.#server.forceShutdown();
        // Without channelz grpc-js knows no sessions to cut; and it waits for ever for one that was ending by itself.
        for (const session of this.#sessions) session.destroy();
        resolve();
      });
      this.#server.tryShutdown(() => {
        force.cancel();
        resolve();
      });
    });
    return this.#stopped;
  }

  /** Ends the calls of certain callers, streams included, with this reason. Their next calls are for `admit` to judge. */
  cut(isMeant: (peer: PeerIdentity) => boolean, reason: Problem): void {
    for (const scope of [...this.#live]) {
      const { peer } = scope.context;
      if (peer && isMeant(peer)) scope.cut(reason);
    }
  }

  #begin(scope: CallScope): void {
    const { peer, method } = scope.context;
    if (peer) this.#admit?.(peer, method);
    this.#live.add(scope);
  }

  #end(scope: CallScope): void {
    this.#live.delete(scope);
    scope.end();
  }

  #scope(): Pick<CallScopeOptions, "clock" | "peers"> {
    return { clock: this.#clock, peers: this.#peers };
  }

  #adapt(method: string, handler: Handler): UntypedServiceImplementation[string] {
    if (handler.kind === "unary") {
      return (call: UnarySurface, reply: UnaryReply) => void this.#runUnary(method, handler, call, reply);
    }
    if (handler.kind === "server-stream") {
      return (stream: GrpcStream & { readonly request: unknown }) => {
        const call = new GrpcStreamCall(stream);
        void this.#runStream(method, call, stream.request, async (scope) => {
          const stallMs = handler.stallMs ?? defaultStallMs;
          let resume: string | undefined;
          const late = (): Problem => stalled(stallMs, resume);
          for await (const message of handler.run(stream.request, scope.context)) {
            await sendWithin(stallMs, late, { scope, call, message });
            resume = handler.resumeAt?.(message) ?? resume;
          }
        });
      };
    }
    return (stream: GrpcStream) => this.#runMany(method, handler, new GrpcStreamCall(stream));
  }

  #runMany(method: string, handler: BidiHandler | CarrierHandler, call: StreamSurface): void {
    if (handler.kind === "bidi") this.#runBidi(method, handler, call);
    else this.#runCarrier(method, handler, call);
  }

  #runBidi(method: string, handler: BidiHandler, call: StreamSurface): void {
    void this.#runStream(method, call, undefined, ({ context }) =>
      handler.run({
        ...context,
        requests: call.requests(context.signal),
        send: (message) => call.send(message, context.signal),
      }),
    );
  }

  /** When the server stops, what is under way is finished, as with calls that come by themselves. */
  #runCarrier(method: string, { atOnce }: CarrierHandler, call: StreamSurface): void {
    const service = method.slice(0, method.lastIndexOf("/") + 1);
    const run = (scope: CallScope): Promise<void> =>
      carryCalls(call, {
        atOnce,
        clock: this.#clock,
        maxReplyBytes: this.#limits.maxSendBytes,
        methodOf: (name) => this.#unary.get(service + name),
        signal: scope.context.signal,
        stopping: this.#stopping.signal,
        send: (answer) => sendWithin(defaultStallMs, stalled, { scope, call, message: answer }),
      });
    void this.#runStream(method, call, undefined, run, {});
  }

  #streamMethod(definition: ServiceDefinition[string], handler: BidiHandler | CarrierHandler): StreamMethod {
    const { path } = definition;
    return {
      path,
      deserialize: definition.requestDeserialize,
      serialize: definition.responseSerialize,
      run: (call) => this.#runMany(path, handler, call),
    };
  }

  #unaryMethod(definition: ServiceDefinition[string], handler: UnaryHandler): UnaryMethod {
    const { path } = definition;
    return {
      path,
      deserialize: definition.requestDeserialize,
      serialize: definition.responseSerialize,
      run: (call, reply) => void this.#runUnary(path, handler, call, reply),
    };
  }

  async #runUnary(method: string, handler: UnaryHandler, call: UnarySurface, reply: UnaryReply): Promise<void> {
    const scope = new CallScope(method, call, {
      ...this.#scope(),
      deadlineMs: handler.deadlineMs ?? defaultDeadlineMs,
    });
    const ended = this.#observer.begun(method, call.request);
    let leave: (() => void) | undefined;
    try {
      this.#begin(scope);
      leave = this.#admission.enter(callerOf(scope.context), "call");
      const value = await scope.bounded(handler.run(call.request, scope.context));
      ended(undefined);
      reply(null, value);
    } catch (thrown) {
      ended(codeOf(scope, thrown));
      reply(this.#failed(scope, thrown));
    } finally {
      this.#end(scope);
      leave?.();
    }
  }

  async #runStream(
    method: string,
    call: StreamSurface,
    request: unknown,
    run: (scope: CallScope) => Promise<void>,
    options: Pick<CallScopeOptions, "stopping"> = { stopping: this.#stopping.signal },
  ): Promise<void> {
    const scope = new CallScope(method, call, { ...this.#scope(), ...options });
    const ended = this.#observer.begun(method, request);
    let leave: (() => void) | undefined;
    try {
      this.#begin(scope);
      leave = this.#admission.enter(callerOf(scope.context), "stream");
      await run(scope);
      scope.throwIfCut();
      ended(undefined);
      call.end();
    } catch (thrown) {
      ended(codeOf(scope, thrown));
      call.fail(this.#failed(scope, thrown));
      this.#closeLater(call);
    } finally {
      this.#end(scope);
      leave?.();
    }
  }

  /** A status waits behind the messages before it: a peer that takes none of them would keep its stream, and them, for ever. */
  #closeLater(call: object): void {
    const stream = streamOf(call);
    if (!(stream instanceof Duplex) || stream.destroyed) return;
    const timer = this.#clock.after(this.#goodbyeMs, () => stream.destroy());
    stream.once("close", () => timer.cancel());
  }

  /** Logs once per failure: an internal error loudly, what a caller did wrong not at all above debug. */
  #failed(scope: CallScope, thrown: unknown): ReturnType<typeof toStatus> {
    const { signal, method, peer, remoteAddress } = scope.context;
    const problem = Problem.from(signal.aborted ? signal.reason : thrown);
    const fields = { method, user: peer?.user, remoteAddress, code: problem.code, problem: problem.message };
    if (problem.code === "internal") this.#logger.error({ ...fields, err: thrown }, "a call failed inside");
    else if (problem.code === "unavailable" && !this.#stopping.signal.aborted) {
      this.#logger.warn(fields, "a call could not be served");
    } else this.#logger.debug(fields, "a call was refused");
    return toStatus(signal.aborted ? signal.reason : thrown);
  }
}

const silentObserver: CallObserver = { begun: () => () => undefined };

function codeOf({ context: { signal } }: CallScope, thrown: unknown): ProblemCode {
  return Problem.from(signal.aborted ? signal.reason : thrown).code;
}

/** Whose calls are counted together: an identity's, or, where there are none, an address's. */
function callerOf(context: CallContext): string {
  return context.peer?.user ?? context.remoteAddress.replace(/:\d+$/, "");
}

/** Resolves when there is room for the next message; a peer that makes none for so long is cut off with `late`. */
function sendWithin(
  stallMs: number,
  late: (stallMs: number) => Problem,
  { scope, call, message }: { readonly scope: CallScope; readonly call: StreamSurface; readonly message: unknown },
): Promise<void> {
  const sent = call.send(message, scope.context.signal);
  return call.isFull ? scope.withinMs(stallMs, late, () => sent) : sent;
}

function stalled(stallMs: number, resume?: string): Problem {
  return new Problem("too-many-requests", `the reader took nothing for ${stallMs} ms and was cut off`, {
    hint: `Read faster, or ask for less; go on from ${resume ?? "the last message"}.`,
  });
}

function assertKind(definition: ServiceDefinition[string], handler: Handler): void {
  const wanted = definition.requestStream ? "bidi" : definition.responseStream ? "server-stream" : "unary";
  const kind = handler.kind === "carrier" ? "bidi" : handler.kind;
  if (kind !== wanted) throw new TypeError(`${definition.path} needs a ${wanted} handler`);
}

function listenProblem(address: string, error: Error): Problem {
  const [what, where] = address.startsWith("unix:") ? ["socket", "folder"] : ["port", "one"];
  return new Problem("unavailable", `cannot listen on ${address}: ${error.message}`, {
    hint: `Stop what uses this ${what}, or choose another ${where}.`,
    cause: error,
  });
}
