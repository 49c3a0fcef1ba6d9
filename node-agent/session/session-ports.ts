/** What a session works with, and what it tells of. */
import type { Clock } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import type { Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import type { orch } from "#proto/wire/generated/messages.js";

export type AgentMessage = orch.v1.AgentMessage.$Properties;
export type ControlMessage = orch.v1.ControlMessage.$Properties;

/** One call on a connection of its own. */
export interface SessionCall {
  readonly replies: AsyncIterable<ControlMessage>;
  send(message: AgentMessage): Promise<void>;
  close(): void;
}

export interface SessionHandlers {
  hello(): orch.v1.AgentHello.$Properties | Promise<orch.v1.AgentHello.$Properties>;
  welcome(welcome: orch.v1.Welcome.$Properties, session: LiveSession): void | Promise<void>;
  /** False asks for the whole set again. */
  assignments(message: orch.v1.Assignments.$Properties): boolean;
  statusAck(sequence: number): void;
  openStream(request: orch.v1.OpenStream.$Properties): void;
  operation(request: orch.v1.Operation.$Properties, session: LiveSession): void;
  /** The control plane wants this node to have another certificate. */
  renewNow(): void;
  ended(): void;
}

export interface LiveSession {
  /** Queues a message; a session whose queue is full is broken and begun anew. */
  send(message: AgentMessage): void;
}

export interface SessionOptions {
  readonly dial: (signal: AbortSignal) => Promise<SessionCall>;
  readonly handlers: SessionHandlers;
  /** Each time a session breaks, or none can be had. */
  readonly onTrouble?: (problem: Problem) => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** Why the agent must not come back. */
export interface Dismissal {
  readonly reason: string;
  /** Somebody deleted the Node: what runs here runs for nobody. */
  readonly nodeDeleted: boolean;
  /** The certificate stands for nothing any more. */
  readonly identityRefused: boolean;
}
