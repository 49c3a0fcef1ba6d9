/** The agents' service on the wire: who may speak, hello and welcome, then the session; streams called back; renewal. */
import { readCertificate } from "#proto/identity/certificate.ts";
import { nodeNameOf } from "#proto/identity/names.ts";
import type { Clock } from "#proto/kit/clock.ts";
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
  readonly cache: Pick<Cache, "waitFor">;
  readonly broker: StreamBroker;
  readonly images: Pick<ImageDesk, "pin" | "locate" | "needed">;
  readonly identities: Pick<NodeIdentities, "assertHolds" | "release">;
  readonly enrollment: Pick<Enrollment, "renew">;
  readonly authority: Pick<CertificateAuthority, "authoritiesPem">;
  readonly settings: ClusterSettings;
  readonly version: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

const helloTimeoutMs = 10_000;
const podCidrTimeoutMs = 10_000;
const cacheTimeoutMs = 10_000;
const maxFeatures = 64;
const features: readonly string[] = ["images"];
/** A pin may wait for another node's answer. */
const pinDeadlineMs = 60_000;

type SessionBidi = BidiCall<AgentMessage, ControlMessage>;

export class AgentGateway {
  readonly #options: AgentGatewayOptions;

  constructor(options: AgentGatewayOptions) {
    this.#options = options;
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
    await identities.assertHolds(node, keyDigest, signal);
    hub.left(node);
    await registration.remove(node, signal);
    await identities.release(node, keyDigest, signal);
    logger.info({ node }, "node has left the cluster");
  }

  async #session(call: SessionBidi): Promise<void> {
    const { logger } = this.#options;
    const peer = peerNode(call);
    const requests = call.requests[Symbol.asyncIterator]();
    const hello = await this.#hello(requests);
    await this.#options.identities.assertHolds(peer.name, peer.keyDigest, call.signal);
    const instance = hello.instance || "unknown";
    const epoch = await this.#claim(call, peer.name, instance);
    if (epoch === undefined) return;
    try {
      const session = new AgentSession({
        node: peer.name,
        instance,
        version: hello.version ?? "",
        features: (hello.features ?? []).slice(0, maxFeatures),
        epoch,
        view: new AssignmentView(peer.name, this.#options.hub.source),
        clock: this.#options.clock,
        handlers: this.#options.hub,
        certificateExpiresAtMs: peer.expiresAtMs,
      });
      await this.#welcome(call, hello, session);
      this.#options.hub.opened(session);
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
        logger.warn({ node: peer.name, err: thrown }, "the record of a session could not be removed; its lease will");
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

  /** Undefined when the agent process has been replaced by a newer one; it is told not to come back. */
  async #claim(call: SessionBidi, node: string, instance: string): Promise<number | undefined> {
    try {
      return await this.#options.directory.claim(node, instance, call.signal);
    } catch (thrown) {
      if (!Problem.is(thrown, "forbidden")) throw thrown;
      this.#options.logger.warn(
        { node, remoteAddress: call.remoteAddress },
        "a replaced agent process was turned away",
      );
      await call.send({ goodbye: { reason: `${thrown.message} ${thrown.hint ?? ""}`, reconnectAfterMs: -1 } });
      return undefined;
    }
  }

  async #welcome(call: SessionBidi, hello: orch.v1.AgentHello.$Properties, session: AgentSession): Promise<void> {
    const { registration, settings, version, clock, cache } = this.#options;
    await registration.register(session.node, hello.node ?? Buffer.from("{}"));
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
  const { certificate, expiresAtMs } = peer;
  return { name, certificate, expiresAtMs, keyDigest: readCertificate(certificate).keyDigest };
}
