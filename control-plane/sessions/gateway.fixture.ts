/** For tests: the agents' gateway over real gRPC and TLS with an in-memory store, and agents that do what a test says. */
import { createSigningRequest } from "#proto/identity/signing-request.ts";
import { systemClock } from "#proto/kit/clock.ts";
import { silentLogger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import { systemRandom } from "#proto/kit/random.ts";
import type { BidiStream } from "#proto/kit/rpc/caller.ts";
import { RpcClient } from "#proto/kit/rpc/client.ts";
import { RpcServer } from "#proto/kit/rpc/server.ts";
import { channelCredentials, TlsServerCredentials } from "#proto/kit/rpc/tls.ts";
import { defaultClusterSettings } from "#proto/resources/cluster-settings.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { agentGatewayService } from "#proto/wire/generated/services.ts";
import { WatchCache } from "../cache/watch-cache.ts";
import { firstState } from "../identity/authority-state.ts";
import { CertificateAuthority, dayMs, validity } from "../identity/certificate-authority.ts";
import { type KeyAndCertificate, makeAuthority, readSigningRequest } from "../identity/certificate-maker.ts";
import { BatchingObjectStore } from "../store/batching-object-store.ts";
import { MemoryKv } from "../store/memory-kv.ts";
import { createObjectCodec } from "../store/object-codec.ts";
import { createSealer } from "../store/sealer.ts";
import { createSecretSealing } from "../store/secret-sealing.ts";
import type { EventSink } from "./agent-events.ts";
import type { AgentMessage, ControlMessage } from "./agent-session.ts";
import { createSessions, type Sessions } from "./sessions.ts";

const clock = systemClock;
const random = systemRandom;
const patienceMs = 5000;

export class GatewayWorld {
  readonly kv: MemoryKv;
  readonly store: BatchingObjectStore;
  readonly cache: WatchCache;
  readonly sessions: Sessions;
  readonly authority: CertificateAuthority;
  readonly events: Parameters<EventSink["record"]>[0][] = [];
  readonly #stop = new AbortController();
  readonly #server: RpcServer;
  readonly #agents: ScriptedAgent[] = [];
  port = 0;
  signer: KeyAndCertificate | undefined;

  readonly material: KeyAndCertificate;

  private constructor(material: KeyAndCertificate, kv: MemoryKv) {
    const authority = new CertificateAuthority({ state: () => firstState("local", material), clock, random });
    this.kv = kv;
    this.material = material;
    this.authority = authority;
    const sealer = createSealer([{ id: "k", secret: Buffer.alloc(32, 1) }], random);
    const codec = createObjectCodec(createSecretSealing(sealer));
    this.store = new BatchingObjectStore({ kv, codec });
    const nodeIndex = {
      resource: "pods",
      name: "node",
      values: (pod: KubeObject) => {
        const node = (pod.spec as { nodeName?: string }).nodeName;
        return node ? [node] : [];
      },
    };
    this.cache = new WatchCache({ kv, codec, clock, random, logger: silentLogger, indexes: [nodeIndex] });
    this.sessions = createSessions({
      kv,
      store: this.store,
      cache: this.cache,
      events: { record: (event) => void this.events.push(event) },
      identities: {
        standing: async () => ({ refusal: undefined, wasDeleted: false }),
        registered: async () => undefined,
        release: async () => undefined,
      },
      revocation: () => undefined,
      isCurrent: async () => true,
      enrollment: { renew: async () => Promise.reject(new Problem("unsupported", "not in this test")) },
      authority,
      settings: { ...defaultClusterSettings, heartbeatIntervalMs: 2000 },
      ticketSigner: () => this.signer,
      controlPlane: "cp-1",
      address: "127.0.0.1:0",
      version: "1.4.0",
      clock,
      random,
      logger: silentLogger,
    });
    this.#server = new RpcServer({ clock, logger: silentLogger });
    this.#server.add(agentGatewayService, this.sessions.gateway.handlers());
  }

  static async start(kv = new MemoryKv({ clock })): Promise<GatewayWorld> {
    const material = await makeAuthority("test", "orch", validity(clock, random, 30 * dayMs));
    const world = new GatewayWorld(material, kv);
    await world.cache.start(world.#stop.signal);
    await world.sessions.start(world.#stop.signal);
    const { authority } = world;
    const server = await authority.issueControlPlane();
    world.signer = server;
    const credentials = new TlsServerCredentials(
      {
        certificateChain: server.certificatePem,
        privateKey: server.privateKeyPem,
        authorities: authority.authoritiesPem,
      },
      { requireClientCertificate: true },
    );
    world.port = await world.#server.listen("127.0.0.1:0", credentials);
    world.sessions.serving(world.#stop.signal);
    return world;
  }

  /** An object as the API would store it. */
  async create(resource: string, object: Partial<KubeObject> & { metadata: { name: string } }): Promise<KubeObject> {
    const namespace = resource === "nodes" ? "" : "default";
    const metadata = { uid: random.uuid(), ...object.metadata, ...(namespace && { namespace }) };
    const whole = { apiVersion: "v1", kind: "Thing", ...object, metadata };
    const key = { group: "", plural: resource, namespace, name: metadata.name };
    const result = await this.store.write({ kind: "create", key, object: whole });
    if (!result.ok) throw new Error(`create: ${result.reason}`);
    return result.object;
  }

  async read(resource: string, name: string): Promise<KubeObject | undefined> {
    const namespace = resource === "nodes" ? "" : "default";
    return await this.store.get({ group: "", plural: resource, namespace, name });
  }

  async change(resource: string, name: string, change: (object: KubeObject) => KubeObject): Promise<void> {
    const object = await this.read(resource, name);
    if (!object) throw new Error(`no ${resource} ${name}`);
    const key = { group: "", plural: resource, namespace: object.metadata.namespace ?? "", name };
    const guard = object.metadata.resourceVersion ?? "";
    const result = await this.store.write({ kind: "update", key, guard, object: change(object) });
    if (!result.ok) return await this.change(resource, name, change);
  }

  async pod(name: string, node: string, more: Record<string, unknown> = {}): Promise<KubeObject> {
    return await this.create("pods", {
      kind: "Pod",
      metadata: { name },
      spec: { nodeName: node, containers: [] },
      ...more,
    });
  }

  async client(node: string, authority = this.authority): Promise<RpcClient> {
    const request = await createSigningRequest(node);
    const issued = await authority.issueNode(node, await readSigningRequest(Buffer.from(request.signingRequestPem)));
    return new RpcClient({
      address: `127.0.0.1:${this.port}`,
      serverName: "control-plane.local.orch",
      credentials: channelCredentials(this.authority.authoritiesPem, {
        certificateChain: issued.chainPem,
        privateKey: request.privateKeyPem,
      }),
      clock,
    });
  }

  /** A connected agent that has said hello; its Node gets an address range as a controller would give it. */
  async agent(node: string, hello: Record<string, unknown> = {}): Promise<ScriptedAgent> {
    const agent = new ScriptedAgent(node, await this.client(node));
    this.#agents.push(agent);
    agent.say({ hello: { version: "1.4.0", instance: "first", node: Buffer.from("{}"), ...hello } });
    void this.#assignCidr(node).catch(() => undefined);
    return agent;
  }

  async #assignCidr(node: string): Promise<void> {
    const found = Promise.withResolvers<void>();
    const stop = this.cache.subscribe(
      (change) => {
        if (change.resource === "nodes" && change.name === node) found.resolve();
      },
      { replay: true },
    );
    await found.promise;
    stop();
    await this.change("nodes", node, (object) => ({
      ...object,
      spec: { ...(object.spec as object), podCIDR: "10.128.1.0/24" },
    }));
  }

  async stop(): Promise<void> {
    for (const agent of this.#agents) agent.close();
    this.#stop.abort();
    await this.#server.stop(200);
    await this.kv.close();
  }
}

/** Remembers all it was told; a test waits for what it expects. */
export class ScriptedAgent {
  readonly node: string;
  readonly client: RpcClient;
  readonly told: ControlMessage[] = [];
  readonly #call: BidiStream<AgentMessage, ControlMessage>;
  #waiters: (() => void)[] = [];
  #ended: { readonly problem: Problem | undefined } | undefined;

  constructor(node: string, client: RpcClient) {
    this.node = node;
    this.client = client;
    this.#call = client.bidi(agentGatewayService.session);
    void this.#listen();
  }

  say(message: AgentMessage): void {
    void this.#call.send(message).catch(() => undefined);
  }

  /** The first message, from `after` on, that the function finds something in. */
  async expect<T>(find: (message: ControlMessage) => T | null | undefined | false, after = 0): Promise<T> {
    return await deadline(async () => {
      for (let next = after; ; next++) {
        while (next >= this.told.length) {
          if (this.#ended) throw this.#ended.problem ?? new Error("the session ended");
          await new Promise<void>((resolve) => this.#waiters.push(resolve));
        }
        const found = find(this.told[next] ?? {});
        if (found) return found;
      }
    });
  }

  /** How the call ended: undefined = orderly. */
  async ended(): Promise<Problem | undefined> {
    return await deadline(async () => {
      while (!this.#ended) await new Promise<void>((resolve) => this.#waiters.push(resolve));
      return this.#ended.problem;
    });
  }

  close(): void {
    this.#call.cancel();
    this.client.close();
  }

  async #listen(): Promise<void> {
    try {
      for await (const message of this.#call.replies) {
        this.told.push(message);
        this.#wake();
      }
      this.#ended = { problem: undefined };
    } catch (thrown) {
      this.#ended = { problem: Problem.from(thrown) };
    }
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiters.splice(0)) wake();
  }
}

export async function deadline<T>(work: () => Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error("the test waited in vain")), patienceMs);
  try {
    return await Promise.race([work(), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
