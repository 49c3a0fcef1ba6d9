/** The agents' service on the wire: who may speak, hello and welcome, then the session; streams called back; renewal. */
import { readCertificate } from "#proto/identity/certificate.ts";
import { nodeNameOf } from "#proto/identity/names.ts";
import { type Clock, sleep } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { BidiCall, CallContext, ServiceHandlers } from "#proto/kit/rpc/handlers.ts";
import { bidi, unary } from "#proto/kit/rpc/handlers.ts";
import type { ClusterSettings } from "#proto/resources/cluster-settings.ts";
import type { orch } from "#proto/wire/generated/messages.js";
import type { agentGatewayService } from "#proto/wire/generated/services.ts";
import type { Cache } from "../cache/cache.ts";
import type { CertificateAuthority } from "../identity/certificate-authority.ts";
import type { Enrollment } from "../identity/enrollment.ts";
import type { NodeIdentities } from "../identity/node-identities.ts";
import type { ImageDesk } from "../images/image-desk.ts";
import { endOfRevision } from "../store/resource-version.ts";
import type { EventSink } from "./agent-events.ts";
import type { AgentHub } from "./agent-hub.ts";
import { type AgentMessage, AgentSession, type ControlMessage } from "./agent-session.ts";
import { assertServable } from "./agent-version.ts";
import { AssignmentView } from "./assignment-view.ts";
import type { NodeRegistration } from "./node-registration.ts";
import type { SessionDirectory } from "./session-directory.ts";
import type { StreamBroker } from "./stream-broker.ts";

export interface AgentGatewayOptions {
  readonly hub: AgentHub;
  readonly directory: SessionDirectory;
  readonly registration: NodeRegistration;
  readonly cache: Pick<Cache, "waitFor" | "get">;
  readonly events: EventSink;
  readonly broker: StreamBroker;
  readonly images: Pick<ImageDesk, "pin" | "locate" | "needed">;
  readonly identities: Pick<NodeIdentities, "standing" | "registered" | "release">;
  readonly enrollment: Pick<Enrollment, "renew">;
  readonly authority: Pick<CertificateAuthority, "authoritiesPem">;
  /** Why a certificate is no good though it has not expired. */
  readonly revocation: (serial: string) => Problem | undefined;
  /** Whether a certificate is what its holder should have now; notes that it is in use. */
  readonly isCurrent: (serial: string, signal: AbortSignal) => Promise<boolean>;
  readonly settings: ClusterSettings;
  readonly version: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

const helloTimeoutMs = 10_000;
const podCidrTimeoutMs = 10_000;
const cacheTimeoutMs = 10_000;
const maxFeatures = 64;
/** Processes of one machine within the longest time that a claim may be on its way. */
const maxReplaced = 8;
const maxInstanceLength = 64;
/** 50 certificates a second: a small part of what a core signs. */
const renewalSpacingMs = 20;
const features: readonly string[] = ["images"];
/** A pin may wait for another node's answer. */
const pinDeadlineMs = 60_000;

type SessionBidi = BidiCall<AgentMessage, ControlMessage>;

export class AgentGateway {
  readonly #options: AgentGatewayOptions;

  constructor(options: AgentGatewayOptions) {
    this.#options = options;
  }

  /** The authority has changed: agents are asked to renew, evenly over a moment, so that not all sign at once. */
  async renewOutdated(signal: AbortSignal): Promise<void> {
    const { hub, clock } = this.#options;
    for (const session of hub.sessions()) {
      if (signal.aborted) return;
      await this.#checkCertificate(session);
      await sleep(clock, renewalSpacingMs, signal).catch(() => undefined);
    }
  }

  handlers(): ServiceHandlers<typeof agentGatewayService> {
    return {
      session: bidi((call) => this.#session(call)),
      stream: bidi(async (call) => {
        const node = peerNode(call).name;
        await this.#options.broker.accept(node, { ...call, send: (frame) => call.send(frame) });
      }),
      pinImage: unary(
        (request, context) => this.#options.images.pin(this.#connected(context), request, context.signal),
        {
          deadlineMs: pinDeadlineMs,
        },
      ),
      locateBlob: unary(async (request, context) => this.#options.images.locate(this.#connected(context), request)),
      neededImages: unary(async (request, context) => {
        this.#connected(context);
        return this.#options.images.needed(request);
      }),
      leave: unary(async (_request, context) => {
        const { name, keyDigest } = peerNode(context);
        await this.#leave(name, keyDigest, context.signal);
        return {};
      }),
      renewCertificate: unary(async (request, context) => {
        const peer = peerNode(context);
        const { enrollment, authority, settings } = this.#options;
        const issued = await enrollment.renew(
          peer.certificate,
          request.signingRequest ?? new Uint8Array(),
          context.signal,
        );
        return {
          certificateChain: Buffer.from(issued.chainPem),
          authorities: Buffer.from(authority.authoritiesPem),
          cluster: settings.clusterName,
          expiresAtMs: issued.expiresAtMs,
        };
      }),
    };
  }

  /** What is known of a node's images hangs on its session here. */
  #connected(context: CallContext): string {
    const { name } = peerNode(context);
    if (this.#options.hub.sessionOf(name)) return name;
    throw new Problem("unavailable", `node ${name} has no session with this control plane`, { retry: "later" });
  }

  /** The Node goes first: should we die between the two, the name is free for this key alone. */
  async #leave(node: string, keyDigest: string, signal: AbortSignal): Promise<void> {
    const { identities, registration, hub, logger } = this.#options;
    const { refusal, wasDeleted } = await identities.standing(node, keyDigest, signal);
    // A repeated goodbye, or one of a node that somebody deleted first: there is nothing left but its binding.
    if (refusal && !wasDeleted && (await registration.exists(node, signal))) throw refusal;
    hub.left(node);
    await registration.remove(node, signal);
    // The caller's certificate ends with its Node, and this call may with it: the name is free all the same.
    await identities.release(node, keyDigest);
    logger.info({ node }, "node has left the cluster");
  }

  async #session(call: SessionBidi): Promise<void> {
    const { logger } = this.#options;
    const peer = peerNode(call);
    const requests = call.requests[Symbol.asyncIterator]();
    const hello = await this.#hello(requests);
    if (await this.#isTurnedAway(call, peer)) return;
    const instance = (hello.instance || "unknown").slice(0, maxInstanceLength);
    const replaces = (hello.replaces ?? []).slice(-maxReplaced).map((one) => one.slice(0, maxInstanceLength));
    const epoch = await this.#claim(call, peer.name, instance, replaces);
    if (epoch === undefined) return;
    try {
      const session = new AgentSession({
        node: peer.name,
        instance,
        version: hello.version ?? "",
        features: (hello.features ?? []).slice(0, maxFeatures),
        epoch,
        standing: this.#options.directory.standing(peer.name, epoch),
        view: new AssignmentView(peer.name, this.#options.hub.source),
        clock: this.#options.clock,
        handlers: this.#options.hub,
        certificateExpiresAtMs: peer.expiresAtMs,
        serial: peer.serial,
      });
      await this.#welcome(call, hello, session);
      this.#options.hub.opened(session);
      void this.#checkCertificate(session);
      logger.info({ node: peer.name, epoch, version: hello.version }, "agent connected");
      try {
        await session.run({
          requests: { [Symbol.asyncIterator]: () => requests },
          send: (message) => call.send(message),
        });
      } finally {
        this.#options.hub.closed(session);
        logger.info({ node: peer.name, epoch }, "agent disconnected");
      }
    } finally {
      await this.#options.directory.release(peer.name, epoch).catch((thrown: unknown) => {
        logger.warn(
          { node: peer.name, err: thrown },
          "the record of a session could not be removed; it will be tried again",
        );
      });
    }
  }

  async #hello(requests: AsyncIterator<AgentMessage>): Promise<orch.v1.AgentHello.$Properties> {
    const late = Promise.withResolvers<never>();
    const timer = this.#options.clock.after(helloTimeoutMs, () => {
      late.reject(new Problem("timeout", "the agent did not say hello"));
    });
    try {
      const first = await Promise.race([requests.next(), late.promise]);
      const hello = first.done ? undefined : first.value.hello;
      if (!hello) throw new Problem("bad-request", "a session begins with hello");
      assertServable(hello.version ?? "", this.#options.version);
      return hello;
    } finally {
      timer.cancel();
    }
  }

  /** An agent whose certificate is of an authority that is being replaced is asked to renew it now. */
  async #checkCertificate(session: AgentSession): Promise<void> {
    try {
      if (await this.#options.isCurrent(session.options.serial, session.signal)) return;
      session.send({ renewNow: { reason: "the cluster's authority has changed" } });
    } catch (thrown) {
      if (session.signal.aborted) return;
      this.#options.logger.warn(
        { node: session.node, err: thrown },
        "the certificate of a session could not be looked up",
      );
    }
  }

  /** A machine whose certificate stands for nothing any more is told why, and not to come back. */
  async #isTurnedAway(call: SessionBidi, peer: PeerNode): Promise<boolean> {
    const { identities, revocation } = this.#options;
    const { refusal: standing, wasDeleted } = await identities.standing(peer.name, peer.keyDigest, call.signal);
    const refusal = standing ?? revocation(peer.serial);
    if (!refusal) return false;
    const { remoteAddress } = call;
    this.#options.logger.warn({ node: peer.name, remoteAddress, problem: refusal.message }, "an agent was turned away");
    const reason = `${refusal.message}. ${refusal.hint ?? ""}`;
    await call.send({ goodbye: { reason, reconnectAfterMs: -1, nodeDeleted: wasDeleted, identityRefused: true } });
    return true;
  }

  /** Undefined when the agent process has been replaced by a newer one; it is told not to come back. */
  async #claim(
    call: SessionBidi,
    node: string,
    instance: string,
    replaces: readonly string[],
  ): Promise<number | undefined> {
    try {
      return await this.#options.directory.claim(node, instance, { replaces, signal: call.signal });
    } catch (thrown) {
      if (!Problem.is(thrown, "forbidden")) throw thrown;
      this.#options.logger.warn(
        { node, remoteAddress: call.remoteAddress },
        "a replaced agent process was turned away",
      );
      this.#recordClone(node, call.remoteAddress);
      await call.send({ goodbye: { reason: `${thrown.message} ${thrown.hint ?? ""}`, reconnectAfterMs: -1 } });
      return undefined;
    }
  }

  /** Two live agents with one identity take turns: it is the one that was replaced and comes back which shows that there are two. */
  #recordClone(node: string, remoteAddress: string): void {
    const { cache, events } = this.#options;
    const regarding = cache.get("nodes", "", node);
    if (!regarding) return;
    const message = `another agent with this node's key, at ${remoteAddress}, was turned away: if its machine was cloned from this one, join it anew under another name`;
    events.record({ regarding, type: "Warning", reason: "DuplicateIdentity", message, source: "control-plane" });
  }

  async #welcome(call: SessionBidi, hello: orch.v1.AgentHello.$Properties, session: AgentSession): Promise<void> {
    const { registration, identities, settings, version, clock, cache } = this.#options;
    await registration.register(session.node, hello.node ?? Buffer.from("{}"), session.speaker);
    await identities.registered(session.node, call.signal);
    const podCidr = await registration.podCidr(session.node, podCidrTimeoutMs, call.signal);
    // A COMPLETE set from a cache that lags behind another control plane's would stop pods that were just placed.
    await cache.waitFor(endOfRevision(session.options.epoch), cacheTimeoutMs, call.signal);
    await call.send({
      welcome: {
        version,
        features: [...features],
        cluster: settings.clusterName,
        epoch: session.options.epoch,
        heartbeatIntervalMs: settings.heartbeatIntervalMs,
        wallClockMs: clock.nowMs(),
        podCidr,
        settings: Buffer.from(JSON.stringify(settings)),
      },
    });
  }
}

interface PeerNode {
  readonly name: string;
  readonly certificate: Uint8Array;
  readonly keyDigest: string;
  readonly serial: string;
  readonly expiresAtMs: number;
}

/** Throws Problem `forbidden` for anybody who is not a node. */
function peerNode(context: CallContext): PeerNode {
  const { peer } = context;
  const name = peer && nodeNameOf(peer);
  if (!peer?.certificate || name === undefined) {
    throw new Problem("forbidden", "only node agents may call this service", {
      hint: "People and tools use orchctl; a machine becomes a node with `orch-node-agent join`.",
    });
  }
  const { certificate, expiresAtMs, serialNumber } = peer;
  return { name, certificate, expiresAtMs, serial: serialNumber, keyDigest: readCertificate(certificate).keyDigest };
}
