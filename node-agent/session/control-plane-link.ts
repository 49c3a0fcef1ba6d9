/**
 * Connections to the control plane: one for the session, another for streams and renewals, so that a heartbeat never waits
 * behind a log. Several addresses are tried in turn. A renewed identity is used by the next connection.
 */
import { controlPlaneTlsName } from "#proto/identity/names.ts";
import type { Clock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { CallOptions } from "#proto/kit/rpc/caller.ts";
import { RpcClient } from "#proto/kit/rpc/client.ts";
import { Http2Client } from "#proto/kit/rpc/http2-client.ts";
import { openSession } from "#proto/kit/rpc/http2-session.ts";
import { defaultDeadlineMs, flowControlBytes } from "#proto/kit/rpc/limits.ts";
import { channelCredentials } from "#proto/kit/rpc/tls.ts";
import { frameMethod } from "#proto/wire/frame-codec.ts";
import type { orch } from "#proto/wire/generated/messages.js";
import { agentGatewayService } from "#proto/wire/generated/services.ts";
import type { StoredIdentity } from "./node-identity.ts";
import type { SessionCall } from "./session-ports.ts";

export interface ControlPlaneLinkOptions {
  /** `HOST:PORT` each. */
  readonly addresses: readonly string[];
  readonly identity: StoredIdentity;
  readonly clock: Clock;
}

export interface BidiFrames {
  readonly replies: AsyncIterable<orch.v1.Frame.$Properties>;
  /** Resolves when the frame has left: the memory of its bytes may be used again. */
  send(frame: orch.v1.Frame.$Properties): Promise<void>;
  end(): void;
  cancel(): void;
}

const connectTimeoutMs = 5_000;

export class ControlPlaneLink {
  readonly #options: ControlPlaneLinkOptions;
  #identity: StoredIdentity;
  #turn = 0;
  #side: { readonly address: string; readonly client: Http2Client } | undefined;
  #onIdentity: (identity: StoredIdentity) => void = () => undefined;

  constructor(options: ControlPlaneLinkOptions) {
    this.#options = options;
    this.#identity = options.identity;
  }

  get identity(): StoredIdentity {
    return this.#identity;
  }

  /** Called with each renewed identity. */
  onIdentity(listener: (identity: StoredIdentity) => void): void {
    this.#onIdentity = listener;
  }

  /** New connections use it. Streams that run end on the old connection: closing it only takes no more. */
  replaceIdentity(identity: StoredIdentity): void {
    this.#identity = identity;
    this.#onIdentity(identity);
    this.#leaveSide();
  }

  /** A session call on a connection of its own; closing it closes the connection. */
  async dialSession(signal: AbortSignal): Promise<SessionCall> {
    const client = this.#sessionClient();
    try {
      await client.waitForReady(connectTimeoutMs);
      signal.throwIfAborted();
    } catch (thrown) {
      client.close();
      this.#turn += 1;
      throw thrown;
    }
    const call = client.bidi(agentGatewayService.session, { signal });
    return {
      replies: call.replies,
      send: (message) => call.send(message),
      close: () => {
        call.cancel();
        client.close();
      },
    };
  }

  openStream(signal: AbortSignal): BidiFrames {
    return this.#sideClient().bidi(frameMethod(agentGatewayService.stream), { signal });
  }

  renewCertificate(signingRequestPem: string, signal: AbortSignal): Promise<orch.v1.EnrollReply.$Properties> {
    const signingRequest = Buffer.from(signingRequestPem);
    return this.#sideClient().unary(agentGatewayService.renewCertificate, { signingRequest }, { signal });
  }

  /** Resolves when a control plane answers. */
  async reach(signal: AbortSignal): Promise<void> {
    for (let left = this.#options.addresses.length; left > 0; left--) {
      try {
        await this.#sideClient().waitForReady(connectTimeoutMs, signal);
        return;
      } catch (thrown) {
        this.#turn += 1;
        if (left === 1 || signal.aborted) throw thrown;
      }
    }
  }

  /** This machine leaves the cluster for good. */
  async leave(signal: AbortSignal): Promise<void> {
    await this.reach(signal);
    await this.#sideClient().unary(agentGatewayService.leave, {}, { signal });
  }

  pinImage(
    request: orch.v1.PinImageRequest.$Properties,
    options: CallOptions,
  ): Promise<orch.v1.PinImageReply.$Properties> {
    return this.#sideClient().unary(agentGatewayService.pinImage, request, options);
  }

  locateBlob(
    request: orch.v1.LocateBlobRequest.$Properties,
    options: CallOptions,
  ): Promise<orch.v1.LocateBlobReply.$Properties> {
    return this.#sideClient().unary(agentGatewayService.locateBlob, request, options);
  }

  neededImages(
    request: orch.v1.NeededImagesRequest.$Properties,
    options: CallOptions,
  ): Promise<orch.v1.NeededImagesReply.$Properties> {
    return this.#sideClient().unary(agentGatewayService.neededImages, request, options);
  }

  close(): void {
    this.#side?.client.close();
    this.#side = undefined;
  }

  /** To the control plane that holds the session: it is the one that waits for streams. */
  #sideClient(): Http2Client {
    const address = this.#address();
    if (this.#side?.address !== address) this.#leaveSide();
    this.#side ??= { address, client: this.#makeSide(address) };
    return this.#side.client;
  }

  /** What runs there ends there. */
  #leaveSide(): void {
    this.#side?.client.drain();
    this.#side = undefined;
  }

  #makeSide(address: string): Http2Client {
    const { cluster, certificateChainPem, privateKeyPem, authoritiesPem } = this.#identity;
    const target = {
      address,
      serverName: controlPlaneTlsName(cluster),
      certificateAuthority: authoritiesPem,
      clientCertificate: certificateChainPem,
      clientKey: privateKeyPem,
      windowBytes: flowControlBytes,
    };
    return new Http2Client({
      open: (signal) => openSession(target, signal),
      server: "the control plane",
      userAgent: "orch-node-agent",
      clock: this.#options.clock,
      deadlineMs: defaultDeadlineMs,
      connectTimeoutMs,
    });
  }

  #address(): string {
    const { addresses } = this.#options;
    const address = addresses[this.#turn % addresses.length];
    if (address === undefined) throw new Problem("invalid", "no address of a control plane is known");
    return address;
  }

  #sessionClient(): RpcClient {
    const { cluster, certificateChainPem, privateKeyPem, authoritiesPem } = this.#identity;
    return new RpcClient({
      address: this.#address(),
      serverName: controlPlaneTlsName(cluster),
      credentials: channelCredentials(authoritiesPem, {
        certificateChain: certificateChainPem,
        privateKey: privateKeyPem,
      }),
      clock: this.#options.clock,
    });
  }
}
