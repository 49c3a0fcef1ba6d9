/**
 * Connections to the control plane: one for the session, another for streams and renewals, so that a heartbeat never waits
 * behind a log. Several addresses are tried in turn. A renewed identity is used by the next connection.
 */
import { controlPlaneTlsName } from "#proto/identity/names.ts";
import type { Clock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { CallOptions } from "#proto/kit/rpc/caller.ts";
import { RpcClient } from "#proto/kit/rpc/client.ts";
import { channelCredentials } from "#proto/kit/rpc/tls.ts";
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
  send(frame: orch.v1.Frame.$Properties): Promise<void>;
  end(): void;
  cancel(): void;
}

const connectTimeoutMs = 5_000;

export class ControlPlaneLink {
  readonly #options: ControlPlaneLinkOptions;
  #identity: StoredIdentity;
  #turn = 0;
  #side: RpcClient | undefined;
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
    this.#closeSide();
  }

  /** A session call on a connection of its own; closing it closes the connection. */
  async dialSession(signal: AbortSignal): Promise<SessionCall> {
    const client = this.#client();
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
    this.#side ??= this.#client();
    return this.#side.bidi(agentGatewayService.stream, { signal });
  }

  renewCertificate(signingRequestPem: string, signal: AbortSignal): Promise<orch.v1.EnrollReply.$Properties> {
    this.#side ??= this.#client();
    const signingRequest = Buffer.from(signingRequestPem);
    return this.#side.unary(agentGatewayService.renewCertificate, { signingRequest }, { signal });
  }

  /** Resolves when a control plane answers. */
  async reach(signal: AbortSignal): Promise<void> {
    for (let left = this.#options.addresses.length; left > 0; left--) {
      this.#side ??= this.#client();
      try {
        await this.#side.waitForReady(connectTimeoutMs);
        return;
      } catch (thrown) {
        this.#closeSide();
        this.#turn += 1;
        if (left === 1 || signal.aborted) throw thrown;
      }
    }
  }

  /** This machine leaves the cluster for good. */
  async leave(signal: AbortSignal): Promise<void> {
    await this.reach(signal);
    this.#side ??= this.#client();
    await this.#side.unary(agentGatewayService.leave, {}, { signal });
  }

  pinImage(
    request: orch.v1.PinImageRequest.$Properties,
    options: CallOptions,
  ): Promise<orch.v1.PinImageReply.$Properties> {
    this.#side ??= this.#client();
    return this.#side.unary(agentGatewayService.pinImage, request, options);
  }

  locateBlob(
    request: orch.v1.LocateBlobRequest.$Properties,
    options: CallOptions,
  ): Promise<orch.v1.LocateBlobReply.$Properties> {
    this.#side ??= this.#client();
    return this.#side.unary(agentGatewayService.locateBlob, request, options);
  }

  neededImages(
    request: orch.v1.NeededImagesRequest.$Properties,
    options: CallOptions,
  ): Promise<orch.v1.NeededImagesReply.$Properties> {
    this.#side ??= this.#client();
    return this.#side.unary(agentGatewayService.neededImages, request, options);
  }

  close(): void {
    this.#closeSide();
  }

  #closeSide(): void {
    this.#side?.close();
    this.#side = undefined;
  }

  #client(): RpcClient {
    const { addresses, clock } = this.#options;
    const address = addresses[this.#turn % addresses.length];
    if (address === undefined) throw new Problem("invalid", "no address of a control plane is known");
    const { cluster, certificateChainPem, privateKeyPem, authoritiesPem } = this.#identity;
    return new RpcClient({
      address,
      serverName: controlPlaneTlsName(cluster),
      credentials: channelCredentials(authoritiesPem, {
        certificateChain: certificateChainPem,
        privateKey: privateKeyPem,
      }),
      clock,
    });
  }
}
