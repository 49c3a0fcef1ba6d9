/**
 * All sessions of this control plane: one per node, the newest agent process wins. Turns changes of the cache into
 * assignment changes of just the nodes they concern, and what agents say into guarded writes.
 */
import type { Clock } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { AgentFeature } from "#proto/resources/agent-features.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { orch } from "#proto/wire/generated/messages.js";
import type { Cache, CacheChange } from "../cache/cache.ts";
import type { ImageDesk } from "../images/image-desk.ts";
import { pinsOf } from "../images/pinned-pods.ts";
import { type EventSink, recordAgentEvents } from "./agent-events.ts";
import type { AgentSession, SessionHandlers } from "./agent-session.ts";
import type { AssignmentSource } from "./assignment-view.ts";
import { ClockSkew } from "./clock-skew.ts";
import type { NodeLivenessRecord } from "./node-liveness.ts";
import type { NodeRegistration } from "./node-registration.ts";
import type { Operations } from "./operations.ts";
import { nodeOf } from "./pod-references.ts";
import type { PodStatusWriter } from "./pod-status-writer.ts";
import type { SessionRecord } from "./session-directory.ts";

export interface AgentHubOptions {
  /** Needs the index `node` on pods. */
  readonly cache: Cache;
  readonly statusWriter: PodStatusWriter;
  readonly registration: NodeRegistration;
  readonly liveness: NodeLivenessRecord;
  readonly images: Pick<ImageDesk, "report" | "forget">;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A session silent for so long is ended. */
  readonly silenceMs: number;
}

export class AgentHub implements SessionHandlers {
  readonly #options: AgentHubOptions;
  readonly #sessions = new Map<string, AgentSession>();
  readonly #skews = new WeakMap<AgentSession, ClockSkew>();
  /** Parsed once for each change: every pod that is told about asks. */
  #registries: readonly KubeObject[] | undefined;
  #whenEmpty: (() => void) | undefined;
  #operations: Pick<Operations, "sessionStarted" | "answered"> | undefined;

  constructor(options: AgentHubOptions) {
    this.#options = options;
  }

  /** Follows the cache until the signal aborts. */
  start(operations: Pick<Operations, "sessionStarted" | "answered">, signal: AbortSignal): void {
    this.#operations = operations;
    const unsubscribe = this.#options.cache.subscribe((change) => this.#apply(change));
    signal.addEventListener("abort", unsubscribe, { once: true });
  }

  readonly source: AssignmentSource = {
    podsOf: (node) => this.#options.cache.byIndex("pods", "node", node),
    get: (resource, namespace, name) => this.#options.cache.get(resource, namespace, name),
    registries: () => {
      this.#registries ??= this.#options.cache.list("registries.orch");
      return this.#registries;
    },
    pinsOf: (pod) => pinsOf(pod, (resource, namespace, name) => this.#options.cache.get(resource, namespace, name)),
  };

  sessionOf(node: string): AgentSession | undefined {
    return this.#sessions.get(node);
  }

  /** Throws Problem `unsupported` for an agent of a version that cannot do this yet. Nothing is said of one that is not here. */
  assertCan(node: string, feature: AgentFeature, what: string): void {
    const session = this.#sessions.get(node);
    if (!session || session.options.features.includes(feature)) return;
    throw new Problem(
      "unsupported",
      `the agent of node ${node} is of version ${session.options.version}, which has no ${what}`,
      {
        hint: "Upgrade that node's agent; its containers run on meanwhile.",
      },
    );
  }

  get nodes(): readonly string[] {
    return [...this.#sessions.keys()];
  }

  /** The session of a node that was claimed last takes over, whichever was welcome first; the other one is told why. */
  opened(session: AgentSession): void {
    const before = this.#sessions.get(session.node);
    if (before && before.options.epoch > session.options.epoch) {
      this.#replace(session, before.options.instance);
      return;
    }
    if (before) this.#replace(before, session.options.instance);
    this.#sessions.set(session.node, session);
    this.#options.images.forget(session.node); // what the session before said
    this.#options.liveness.heard(session.node);
    this.#operations?.sessionStarted(session.node);
  }

  closed(session: AgentSession): void {
    if (this.#sessions.get(session.node) !== session) return;
    this.#sessions.delete(session.node);
    this.#options.images.forget(session.node);
    this.#options.liveness.sessionEnded(session.node);
    if (this.#sessions.size === 0) this.#whenEmpty?.();
  }

  /** Those that are here now. */
  sessions(): readonly AgentSession[] {
    return [...this.#sessions.values()];
  }

  /** Another control plane has claimed the node. By a process that knew nothing of ours, it may be an old claim that came late. */
  taken(node: string, epoch: number, by: Pick<SessionRecord, "instance" | "superseded">): void {
    const session = this.#sessions.get(node);
    if (session?.options.epoch !== epoch) return;
    const { instance } = session.options;
    if (instance === by.instance || by.superseded.includes(instance)) this.#replace(session, by.instance);
    else session.end({ reason: "another agent process has claimed this node", reconnectAfterMs: 0 });
  }

  /** The machine has said that it leaves for good: an agent that still runs there must not make its Node again. */
  left(node: string): void {
    this.#sessions.get(node)?.end({ reason: "this node has left the cluster", reconnectAfterMs: -1 });
  }

  /** At every liveness check: ends what is silent or outlived its certificate. */
  sweep(): void {
    const { clock, silenceMs } = this.#options;
    for (const session of this.#sessions.values()) {
      if (clock.monotonicMs() - session.lastHeardAtMs > silenceMs) {
        session.end({ reason: `nothing heard for ${silenceMs / 1000} s`, reconnectAfterMs: 0 });
      } else if (clock.nowMs() >= session.options.certificateExpiresAtMs) {
        session.end({ reason: "the certificate of this session has expired", reconnectAfterMs: 0 });
      }
    }
  }

  /** The control plane stops: agents come back soon, here or elsewhere. Resolves when all were told, or after `timeoutMs`. */
  async farewell(timeoutMs: number): Promise<void> {
    for (const session of this.#sessions.values()) {
      session.end({ reason: "the control plane is stopping", reconnectAfterMs: 500 });
    }
    if (this.#sessions.size === 0) return;
    const told = Promise.withResolvers<void>();
    this.#whenEmpty = told.resolve;
    const timer = this.#options.clock.after(timeoutMs, told.resolve);
    await told.promise;
    timer.cancel();
  }

  heartbeat(session: AgentSession, heartbeat: orch.v1.Heartbeat.$Properties): void {
    const { liveness, clock } = this.#options;
    liveness.heard(session.node);
    const saidMs = Number(heartbeat.wallClockMs ?? 0);
    if (saidMs <= 0) return;
    const skew = this.#skews.get(session) ?? new ClockSkew();
    this.#skews.set(session, skew);
    const report = skew.observe(saidMs - clock.nowMs());
    if (report === undefined) return;
    const write = this.#options.registration.setClockSkew(session.node, report === "agrees" ? undefined : report);
    write.catch((thrown: unknown) => this.#warn(session, thrown, "a node's clock skew could not be recorded"));
  }

  status(session: AgentSession, batch: orch.v1.StatusBatch.$Properties): Promise<void> {
    this.#options.liveness.heard(session.node);
    return this.#options.statusWriter.write(session.node, batch, session.speaker);
  }

  nodeStatus(session: AgentSession, said: orch.v1.NodeStatus.$Properties): void {
    const { registration } = this.#options;
    const write = registration.report(session.node, said.status ?? new Uint8Array(), session.speaker);
    write.catch((thrown: unknown) => {
      if (!session.signal.aborted) this.#warn(session, thrown, "a node's status could not be written");
    });
  }

  events(session: AgentSession, batch: orch.v1.EventBatch.$Properties): void {
    recordAgentEvents(session.node, batch.events ?? [], this.#options.cache, this.#options.events);
  }

  operation(session: AgentSession, result: orch.v1.OperationResult.$Properties): void {
    this.#operations?.answered(session.node, result);
  }

  images(session: AgentSession, report: orch.v1.ImageReport.$Properties): void {
    if (this.#sessions.get(session.node) === session) this.#options.images.report(session.node, report);
  }

  /** Two processes with one identity must not drive each other out for ever: the older one is told to stay away. */
  #replace(session: AgentSession, by: string): void {
    const isSame = session.options.instance === by;
    const reason = isSame
      ? "this agent has opened a newer session"
      : `a newer agent process has taken over node ${session.node}; this one must stop`;
    session.end({ reason, reconnectAfterMs: isSame ? 0 : -1 });
  }

  #apply(change: CacheChange): void {
    const { resource, namespace, name } = change;
    if (resource === "pods") {
      const nodes = new Set([change.previous && nodeOf(change.previous), nodeOf(change.object)]);
      for (const node of nodes) {
        const session = node === undefined ? undefined : this.#sessions.get(node);
        session?.options.view.touchPod(namespace, name);
        session?.assignmentsChanged();
      }
    } else if (resource === "secrets" || resource === "configmaps") {
      for (const session of this.#sessions.values()) {
        if (session.options.view.touchReferred(resource, namespace, name)) session.assignmentsChanged();
      }
    } else if (resource === "registries.orch") {
      this.#registries = undefined;
      for (const session of this.#sessions.values()) {
        session.options.view.touchRegistry(name);
        session.assignmentsChanged();
      }
    } else if (resource === "nodes" && change.type === "deleted") {
      this.#options.liveness.forget(name);
      this.#sessions.get(name)?.end({ reason: "this node was deleted from the cluster", reconnectAfterMs: 1000 });
    }
  }

  #warn(session: AgentSession, thrown: unknown, message: string): void {
    this.#options.logger.warn({ node: session.node, err: thrown }, message);
  }
}
