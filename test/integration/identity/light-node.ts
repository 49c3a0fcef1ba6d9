/** A node as the control plane sees it: the agent's own session, link and renewal, with no host below. */

import { ControlPlaneLink } from "#node-agent/session/control-plane-link.ts";
import type { StoredIdentity } from "#node-agent/session/node-identity.ts";
import { Session } from "#node-agent/session/session.ts";
import type { Dismissal } from "#node-agent/session/session-ports.ts";
import { readCertificate } from "#proto/identity/certificate.ts";
import { joinCluster, type NodeIdentity } from "#proto/identity/join.ts";
import { nodeUser } from "#proto/identity/names.ts";
import { CertificateRenewal } from "#proto/identity/renewal.ts";
import { createSigningRequest } from "#proto/identity/signing-request.ts";
import { systemClock } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { systemRandom } from "#proto/kit/random.ts";
import { apiService } from "#proto/wire/generated/services.ts";
import type { ControlPlaneProcess } from "../sessions/control-plane-process.ts";

export async function newToken(plane: ControlPlaneProcess, uses = 1): Promise<string> {
  const client = await plane.client();
  const { token } = await client.unary(apiService.createJoinToken, { uses });
  client.close();
  return token ?? "";
}

export async function joinAs(plane: ControlPlaneProcess, nodeName: string, token?: string): Promise<NodeIdentity> {
  return await joinCluster({
    ...{ host: "127.0.0.1", enrollmentPort: plane.enrollmentPort, nodeName, version: "0.1.0" },
    ...{ token: token ?? (await newToken(plane)), timeoutMs: 10_000, clock: systemClock },
  });
}

export class LightNode {
  readonly name: string;
  readonly link: ControlPlaneLink;
  readonly session: Session;
  readonly renewal: CertificateRenewal;
  /** Serial numbers of the certificates it had, in order. */
  readonly serials: string[] = [];
  readonly #said: string[] = [];
  #welcomes = 0;
  #ends = 0;
  readonly #stop = new AbortController();
  readonly #wakers = new Set<() => void>();
  #ended: Promise<Dismissal | undefined> = Promise.resolve(undefined);

  constructor(plane: ControlPlaneProcess, name: string, identity: NodeIdentity) {
    this.name = name;
    const clock = systemClock;
    this.link = new ControlPlaneLink({ addresses: [`127.0.0.1:${plane.port}`], identity: withLife(identity), clock });
    this.#noteSerial();
    const logger = this.#logger();
    const instance = systemRandom.uuid();
    const { session, link } = {
      link: this.link,
      session: new Session({
        ...{ clock, random: systemRandom, logger },
        dial: (signal) => this.link.dialSession(signal),
        handlers: {
          hello: () => ({ version: "0.1.0", instance, node: nodeObject() }),
          welcome: () => this.#note(() => this.#welcomes++),
          assignments: () => true,
          statusAck: () => undefined,
          openStream: (request) => void echo(this.link, request.id ?? "", this.#stop.signal),
          operation: () => undefined,
          renewNow: () => this.renewal.soon(),
          ended: () => this.#note(() => this.#ends++),
        },
      }),
    };
    this.session = session;
    this.renewal = new CertificateRenewal({
      ...{ clock, random: systemRandom, logger, what: `the certificate of ${name}` },
      life: () => link.identity,
      renew: async (signal) => {
        const { privateKeyPem, signingRequestPem } = await createSigningRequest(nodeUser(name));
        const reply = await link.renewCertificate(signingRequestPem, signal);
        const text = (pem: Uint8Array | null | undefined): string => Buffer.from(pem ?? []).toString("utf8");
        const renewed = { certificateChainPem: text(reply.certificateChain), authoritiesPem: text(reply.authorities) };
        link.replaceIdentity(withLife({ ...link.identity, privateKeyPem, ...renewed, expiresAtMs: 0 }));
        this.#noteSerial();
        this.session.reconnect();
      },
    });
  }

  static async join(plane: ControlPlaneProcess, name: string): Promise<LightNode> {
    const node = new LightNode(plane, name, await joinAs(plane, name));
    await node.start();
    return node;
  }

  get welcomes(): number {
    return this.#welcomes;
  }

  /** How often it was without a session. */
  get ends(): number {
    return this.#ends;
  }

  /** What it warned of. */
  get said(): string {
    return this.#said.join("\n");
  }

  async start(): Promise<void> {
    this.#ended = this.session.run(this.#stop.signal);
    void this.renewal.run(this.#stop.signal);
    await this.until("a welcome", () => this.#welcomes > 0);
  }

  /** Why it was sent away for good. */
  async dismissal(): Promise<Dismissal | undefined> {
    return await this.#ended;
  }

  async until(what: string, isSo: () => boolean, timeoutMs = 30_000): Promise<void> {
    const late = AbortSignal.timeout(timeoutMs);
    while (!isSo()) {
      await new Promise<void>((resolve, reject) => {
        this.#wakers.add(resolve);
        late.addEventListener("abort", () => reject(new Error(`${this.name}: no ${what}; it said: ${this.said}`)));
      });
    }
  }

  async stop(): Promise<void> {
    this.#stop.abort(new DOMException("stop", "AbortError"));
    await this.#ended;
    this.link.close();
  }

  #noteSerial(): void {
    this.#note(() => this.serials.push(readCertificate(this.link.identity.certificateChainPem).serialNumber));
  }

  #note(change: () => void): void {
    change();
    for (const wake of this.#wakers) wake();
    this.#wakers.clear();
  }

  #logger(): Logger {
    const say = (fields: object, message: string): void =>
      this.#note(() => this.#said.push(`${message} ${JSON.stringify(fields)}`));
    const logger: Logger = {
      debug: () => undefined,
      info: () => undefined,
      warn: say,
      error: say,
      child: () => logger,
    };
    return logger;
  }
}

export function withLife(identity: NodeIdentity): StoredIdentity {
  const { notBeforeMs, notAfterMs } = readCertificate(identity.certificateChainPem);
  return { ...identity, notBeforeMs, notAfterMs };
}

function nodeObject(): Uint8Array {
  const resources = { cpu: "4", memory: "4Gi", pods: "100" };
  return Buffer.from(JSON.stringify({ status: { capacity: resources, allocatable: resources } }));
}

/** Calls back and sends what comes back again, until the other side has no more. */
async function echo(link: ControlPlaneLink, id: string, signal: AbortSignal): Promise<void> {
  const call = link.openStream(signal);
  try {
    await call.send({ open: { id } });
    // Leaving a loop over them would cancel the call.
    const frames = call.replies[Symbol.asyncIterator]();
    for (let next = await frames.next(); !next.done && !next.value.endOfInput; next = await frames.next()) {
      const { data } = next.value;
      if (data && data.length > 0) await call.send({ data });
    }
    await call.send({ result: { exitCode: 0 } });
    call.end();
  } catch {
    call.cancel(); // The caller sees it, and counts it.
  }
}
