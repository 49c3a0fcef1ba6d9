/** A real control plane with its etcd, real agents beside it and a real registry, for tests that do harm to them; in namespaces of their own. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { identityDirectory, saveIdentity } from "#node-agent/session/node-identity.ts";
import { joinCluster } from "#proto/identity/join.ts";
import { sleep, systemClock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { RpcClient } from "#proto/kit/rpc/client.ts";
import type { Deployment } from "#proto/resources/deployment.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { apiService } from "#proto/wire/generated/services.ts";
import { processesWith } from "#test/e2e/support/containers.ts";
import { ApiCalls } from "#test/support/api-calls.ts";
import { busyboxArchive } from "#test/support/busybox-image.ts";
import { pushArchive } from "#test/support/push-archive.ts";
import { type RegistryServer, startRegistry } from "#test/support/registry-server.ts";
import { type AgentPlace, AgentProcess, emptyPlace, removePlace } from "../agent/agent-process.ts";
import { ControlPlaneProcess } from "./control-plane-process.ts";

const patienceMs = 60_000;

export class OneNode {
  readonly plane: ControlPlaneProcess;
  readonly registry: RegistryServer;
  readonly #places: AgentPlace[] = [];
  /** Called before each look of a wait: a supervisor's chance. */
  onLook: () => void = () => undefined;

  private constructor(plane: ControlPlaneProcess, registry: RegistryServer) {
    this.plane = plane;
    this.registry = registry;
  }

  static async create(cluster: string): Promise<OneNode> {
    const [plane, registry] = await Promise.all([ControlPlaneProcess.create(cluster), startRegistry()]);
    pushArchive(busyboxArchive(["busybox:1"]), `${registry.host}/busybox:1`);
    return new OneNode(plane, registry);
  }

  get flags(): readonly string[] {
    return ["--plain-http-registry", this.registry.host];
  }

  /** Joins and starts an agent, which dials that port on this host. */
  async addNode(port = this.plane.port): Promise<{ readonly agent: AgentProcess; readonly place: AgentPlace }> {
    const place = await emptyPlace(this.plane.cluster);
    this.#places.push(place);
    await saveIdentity(identityDirectory(join(place.directory, "data")), await this.join(place.nodeName));
    const agent = new AgentProcess(place);
    agent.start(`127.0.0.1:${port}`);
    return { agent, place };
  }

  async join(name: string): Promise<Awaited<ReturnType<typeof joinCluster>>> {
    const at = { host: "127.0.0.1", enrollmentPort: this.plane.enrollmentPort, clock: systemClock, timeoutMs: 5_000 };
    return await this.until(`node ${name} joins`, async () => {
      return await this.#withClient(async (client) => {
        const { token } = await client.unary(apiService.createJoinToken, { uses: 1, description: "test" });
        return await joinCluster({ ...at, token, nodeName: name, version: "0.1.0" });
      });
    });
  }

  async remove(): Promise<void> {
    await this.plane.remove();
    await this.registry.stop();
    for (const place of this.#places) await removePlace(place);
  }

  /** Looks until there is an answer; what fails meanwhile is looked at again. */
  async until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
    const untilMs = systemClock.monotonicMs() + patienceMs;
    for (;;) {
      this.onLook();
      let why = "";
      const found = await look().catch((thrown: unknown) => {
        why = Problem.from(thrown).message;
        return undefined;
      });
      if (found !== undefined) return found;
      const isLate = systemClock.monotonicMs() > untilMs;
      assert.ok(
        !isLate,
        `waited in vain for ${what} (${this.plane.faults}; ${why})\n${this.plane.errors.slice(-4_000)}`,
      );
      await sleep(systemClock, 40);
    }
  }

  /** Asks until it is answered, as a person would: what was done already is fine. */
  async insist<T>(what: string, ask: (api: ApiCalls) => Promise<T>): Promise<T | "already"> {
    return await this.until(what, async () => {
      try {
        return await this.ask(ask);
      } catch (thrown) {
        const { code } = Problem.from(thrown);
        if (code === "already-exists" || code === "not-found") return "already";
        assert.ok(["unavailable", "timeout", "canceled", "conflict"].includes(code), `${what}: ${String(thrown)}`);
        return undefined;
      }
    });
  }

  /** Once. */
  async ask<T>(ask: (api: ApiCalls) => Promise<T>): Promise<T> {
    return await this.#withClient((client) => ask(new ApiCalls(client)));
  }

  async list<T = KubeObject>(resource: string, namespace = "default"): Promise<readonly T[]> {
    const reply = await this.insist(`a list of ${resource}`, (api) => api.list(resource, { namespace }));
    return reply === "already" ? [] : (reply.items as unknown as readonly T[]);
  }

  async rolledOut(name: string): Promise<void> {
    await this.until(`${name} is rolled out`, async () => {
      const found = (await this.ask((api) => api.get("deployments.apps", "default", name))) as Deployment;
      const { status, spec, metadata } = found;
      const isSeen = status?.observedGeneration === metadata.generation;
      const counts = [status?.updatedReplicas, status?.availableReplicas, status?.replicas];
      return (isSeen && counts.every((count) => (count ?? 0) === spec.replicas)) || undefined;
    });
  }

  /** Containers that run `sleep WORD`: changes of `version` roll it out anew. */
  deployment(name: string, word: string, replicas: number, version = 0): KubeObject {
    const container = {
      name: "main",
      image: `${this.registry.host}/busybox:1`,
      command: ["sleep", word],
      env: [{ name: "VERSION", value: String(version) }],
    };
    const template = {
      metadata: { labels: { app: name } },
      spec: { terminationGracePeriodSeconds: 0, containers: [container] },
    };
    const spec = { replicas, selector: { matchLabels: { app: name } }, template };
    const metadata = { name, namespace: "default" };
    return { apiVersion: "apps/v1", kind: "Deployment", metadata, spec } as unknown as KubeObject;
  }

  async #withClient<T>(body: (client: RpcClient) => Promise<T>): Promise<T> {
    const client = await this.plane.client();
    try {
      return await body(client);
    } finally {
      client.close();
    }
  }
}

/** Processes with that argument in pods, each by pid and start: equal lists, nothing was restarted. */
export function running(word: string): readonly string[] {
  return processesWith(word)
    .map(({ pid, startTime }) => `${pid} ${startTime}`)
    .sort();
}
