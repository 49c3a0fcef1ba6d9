/** The handlers a service is made of: async functions, told who calls and when to stop. `server.ts` runs them. */
import type { MethodDefinition } from "@grpc/grpc-js";
import type { PeerIdentity } from "./identity.ts";
import type { Sendable } from "./sendable.ts";

export interface CallContext {
  /** Full method path, as `/orch.v1.Api/Get`. */
  readonly method: string;
  /** From the verified client certificate; undefined when the connection has none. */
  readonly peer: PeerIdentity | undefined;
  readonly remoteAddress: string;
  /** Aborts when the caller cancels or goes away, when the deadline passes, and for streams when the server stops. */
  readonly signal: AbortSignal;
}

export interface BidiCall<Request, Reply> extends CallContext {
  /** Read once. Ends when the caller half-closes; throws the signal's reason when the call is over. Back-pressure reaches the caller. */
  readonly requests: AsyncIterable<Request>;
  /** Resolves when there is room for the next message; await it, or memory grows with a slow caller. */
  send(reply: Sendable<Reply>): Promise<void>;
}

type Unary<Request, Reply> = (request: Request, context: CallContext) => Promise<Sendable<Reply>>;
type ServerStream<Request, Reply> = (request: Request, context: CallContext) => AsyncIterable<Sendable<Reply>>;
type Bidi<Request, Reply> = (call: BidiCall<Request, Reply>) => Promise<void>;

export type MethodHandler<Request, Reply> =
  | { readonly kind: "unary"; readonly deadlineMs?: number; readonly run: Unary<Request, Reply> }
  | {
      readonly kind: "server-stream";
      readonly stallMs?: number;
      resumeAt?(reply: Sendable<Reply>): string | undefined;
      readonly run: ServerStream<Request, Reply>;
    }
  | { readonly kind: "bidi"; readonly run: Bidi<Request, Reply> }
  | { readonly kind: "carrier"; readonly atOnce: number };

/** `deadlineMs` bounds calls that bring no deadline of their own. */
export function unary<Request, Reply>(
  run: Unary<Request, Reply>,
  options: { readonly deadlineMs?: number } = {},
): MethodHandler<Request, Reply> {
  return { kind: "unary", run, ...options };
}

/**
 * The next value is asked for only when the caller has room for it. A caller that takes none for `stallMs` is cut off, and told
 * where it may go on: what `resumeAt` says of the last message it took.
 */
export function serverStream<Request, Reply>(
  run: ServerStream<Request, Reply>,
  options: { readonly stallMs?: number; resumeAt?(reply: Sendable<Reply>): string | undefined } = {},
): MethodHandler<Request, Reply> {
  return { kind: "server-stream", run, ...options };
}

/** The call ends when `run` resolves (status OK) or rejects (its Problem). */
export function bidi<Request, Reply>(run: Bidi<Request, Reply>): MethodHandler<Request, Reply> {
  return { kind: "bidi", run };
}

/** A stream that brings calls to its service's unary methods, at most `atOnce` of them under way: see `carried-calls.ts`. */
export function carrier<Request, Reply>(atOnce: number): MethodHandler<Request, Reply> {
  return { kind: "carrier", atOnce };
}

/** A generated service: a table of method definitions. */
export type Service = Readonly<Record<string, unknown>>;

export type ServiceHandlers<S extends Service> = {
  readonly [Name in keyof S]: S[Name] extends MethodDefinition<infer Request, infer Reply>
    ? MethodHandler<Request, Reply>
    : never;
};
