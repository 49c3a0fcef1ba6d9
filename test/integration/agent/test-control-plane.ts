/** A control plane in this process, as small as the agent's protocol allows: real gRPC and TLS, everything else in memory. */
import { randomUUID } from "node:crypto";
import { controlPlaneTlsName } from "#proto/identity/names.ts";
import { systemClock } from "#proto/kit/clock.ts";
import { silentLogger } from "#proto/kit/logger.ts";
import { bidi, unary } from "#proto/kit/rpc/handlers.ts";
import { RpcServer } from "#proto/kit/rpc/server.ts";
import { TlsServerCredentials } from "#proto/kit/rpc/tls.ts";
import { defaultClusterSettings } from "#proto/resources/cluster-settings.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Pod, PodStatus } from "#proto/resources/pod.ts";
import type { orch } from "#proto/wire/generated/messages.js";
import { agentGatewayService } from "#proto/wire/generated/services.ts";
import type { TestAuthority } from "#test/support/certificates.ts";

type Frame = orch.v1.Frame.$Properties;
type ControlMessage = orch.v1.ControlMessage.$Properties;

export interface Report {
  readonly status: PodStatus;
  readonly finished: boolean;
}

export interface StreamOutcome {
  readonly output: string;
  readonly errors: string;
  readonly result: orch.v1.StreamResult.$Properties | undefined;
}

export class TestControlPlane {
  readonly cluster: string;
  registries: (typeof defaultClusterSettings)["registries"] = [];
  readonly podCidr = "10.130.1.0/24";
  readonly reports = new Map<string, Report>();
  readonly events: { readonly reason: string; readonly message: string }[] = [];
  sessions = 0;
  readonly #authority: TestAuthority;
  readonly #pods = new Map<string, Pod>();
  readonly #objects: KubeObject[] = [];
  readonly #waiters = new Set<() => void>();
  readonly #streams = new Map<string, (call: StreamCall) => Promise<void>>();
  #send: ((message: ControlMessage) => Promise<void>) | undefined;
  #server: RpcServer | undefined;
  #port = 0;
  #version = 0;

  constructor(cluster: string, authority: TestAuthority) {
    this.cluster = cluster;
    this.#authority = authority;
  }

  get pods(): readonly Pod[] {
    return [...this.#pods.values()];
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    const server = new RpcServer({ clock: systemClock, logger: silentLogger });
    server.add(agentGatewayService, {
      session: bidi((call) => this.#session(call)),
      stream: bidi((call) => this.#stream(call)),
      pinImage: unary(() => Promise.reject(new Error("not served"))),
      locateBlob: unary(() => Promise.reject(new Error("not served"))),
      neededImages: unary(async ({ names }) => ({ needed: names ?? [] })),
      leave: unary(async () => ({})),
      renewCertificate: unary(() => Promise.reject(new Error("not served"))),
    });
    const material = await this.#authority.issue("CN=control-plane", [controlPlaneTlsName(this.cluster)]);
    const credentials = new TlsServerCredentials(material, { requireClientCertificate: true });
    this.#port = await server.listen(`127.0.0.1:${this.#port}`, credentials);
    this.#server = server;
  }

  async stop(): Promise<void> {
    await this.#server?.stop(100);
    this.#server = undefined;
    this.#send = undefined;
  }

  async assign(pod: Pod): Promise<void> {
    const appliesTo = this.#version;
    this.#pods.set(pod.metadata.uid ?? "", pod);
    this.#version += 1;
    const upserts = [assigned("pods", pod as unknown as KubeObject)];
    await this.#send?.({
      assignments: { complete: false, appliesTo, resultsIn: this.#version, upserts, removals: [] },
    });
  }

  async addObject(object: KubeObject): Promise<void> {
    this.#objects.push(object);
    await this.#sendAll();
  }

  async remove(uid: string): Promise<void> {
    this.#pods.delete(uid);
    this.reports.delete(uid);
    await this.#sendAll();
  }

  async waitFor(what: string, condition: () => boolean, timeoutMs = 15_000): Promise<void> {
    const deadline = AbortSignal.timeout(timeoutMs);
    while (!condition()) {
      await new Promise<void>((resolve, reject) => {
        this.#waiters.add(resolve);
        deadline.addEventListener("abort", () => reject(new Error(`waited in vain for: ${what}`)), { once: true });
      });
    }
  }

  /** Opens a stream to the agent; `input` is sent and half-closed. */
  async stream(target: orch.v1.StreamOpen.$Properties, input: Uint8Array = Buffer.alloc(0)): Promise<StreamOutcome> {
    const id = randomUUID();
    const done = Promise.withResolvers<StreamOutcome>();
    this.#streams.set(id, async (call) => done.resolve(await converse(call, input)));
    await this.#send?.({ openStream: { id, deadlineMs: 5_000, target } });
    return await done.promise;
  }

  async #session(call: {
    requests: AsyncIterable<orch.v1.AgentMessage.$Properties>;
    send(message: ControlMessage): Promise<void>;
  }): Promise<void> {
    this.sessions += 1;
    const send = (sent: ControlMessage): Promise<void> => call.send(sent);
    try {
      await this.#serve(call.requests, send);
    } finally {
      if (this.#send === send) this.#send = undefined;
    }
  }

  async #serve(
    requests: AsyncIterable<orch.v1.AgentMessage.$Properties>,
    send: (message: ControlMessage) => Promise<void>,
  ): Promise<void> {
    for await (const message of requests) {
      if (message.hello) {
        this.#send = send;
        await send({ welcome: this.#welcome() });
        await this.#sendAll();
      } else if (message.heartbeat) await send({ heartbeatAck: { sequence: message.heartbeat.sequence ?? 0 } });
      else if (message.gap) await this.#sendAll();
      else if (message.status) {
        this.#takeStatuses(message.status);
        await send({ statusAck: { sequence: message.status.sequence ?? 0 } });
      } else for (const event of message.events?.events ?? []) this.events.push(JSON.parse(String(Buffer.from(event))));
      this.#changed();
    }
  }

  #welcome(): orch.v1.Welcome.$Properties {
    return {
      version: "0.1.0",
      cluster: this.cluster,
      epoch: this.sessions,
      heartbeatIntervalMs: 1_000,
      wallClockMs: systemClock.nowMs(),
      podCidr: this.podCidr,
      settings: Buffer.from(
        JSON.stringify({ ...defaultClusterSettings, clusterName: this.cluster, registries: this.registries }),
      ),
    };
  }

  #takeStatuses(batch: orch.v1.StatusBatch.$Properties): void {
    for (const update of batch.pods ?? []) {
      const status = JSON.parse(Buffer.from(update.status ?? []).toString("utf8")) as PodStatus;
      this.reports.set(update.uid ?? "", { status, finished: update.finished ?? false });
    }
  }

  async #sendAll(): Promise<void> {
    const upserts = [
      ...this.#objects.map((object) => assigned(object.kind === "Secret" ? "secrets" : "configmaps", object)),
      ...[...this.#pods.values()].map((pod) => assigned("pods", pod as unknown as KubeObject)),
    ];
    this.#version += 1;
    await this.#send?.({ assignments: { complete: true, resultsIn: this.#version, upserts, removals: [] } });
  }

  async #stream(call: StreamCall): Promise<void> {
    const frames = call.requests[Symbol.asyncIterator]();
    const first = await frames.next();
    const id = first.done ? "" : (first.value.open?.id ?? "");
    await this.#streams.get(id)?.({
      requests: { [Symbol.asyncIterator]: () => frames },
      send: (sent) => call.send(sent),
    });
  }

  #changed(): void {
    for (const wake of this.#waiters) wake();
    this.#waiters.clear();
  }
}

interface StreamCall {
  readonly requests: AsyncIterable<Frame>;
  send(frame: Frame): Promise<void>;
}

async function converse(call: StreamCall, input: Uint8Array): Promise<StreamOutcome> {
  let credit = 512 * 1024;
  let roomed = Promise.withResolvers<void>();
  const sending = (async () => {
    for (let offset = 0; offset < input.length; ) {
      while (credit === 0) await roomed.promise;
      const chunk = input.subarray(offset, offset + Math.min(credit, 32 * 1024));
      offset += chunk.length;
      credit -= chunk.length;
      await call.send({ data: chunk });
    }
    await call.send({ endOfInput: true });
  })();
  sending.catch(() => undefined);
  let output = "";
  let errors = "";
  for await (const frame of call.requests) {
    if (frame.data) output += Buffer.from(frame.data).toString("utf8");
    if (frame.errorData) errors += Buffer.from(frame.errorData).toString("utf8");
    const taken = (frame.data?.length ?? 0) + (frame.errorData?.length ?? 0);
    if (taken > 0) await call.send({ credit: taken });
    if (frame.credit) {
      credit += Number(frame.credit);
      roomed.resolve();
      roomed = Promise.withResolvers();
    }
    if (frame.result) return { output, errors, result: frame.result };
  }
  return { output, errors, result: undefined };
}

function assigned(resource: string, object: KubeObject): orch.v1.AssignedObject.$Properties {
  const { namespace = "default", name, uid = "" } = object.metadata;
  return {
    reference: { resource, namespace, name, uid },
    resourceVersion: object.metadata.resourceVersion ?? "1",
    object: Buffer.from(JSON.stringify(object)),
  };
}
