/** People at work: they make, scale, change, pause and delete Deployments, and cordon nodes, by guarded writes of their own. */
import { born, resourceKeyOf } from "#control-plane/controllers/engine/apply.ts";
import { deletionOf } from "#control-plane/controllers/model/deletion.ts";
import { BatchingObjectStore } from "#control-plane/store/batching-object-store.ts";
import { type ResourceKey, resourceKey } from "#control-plane/store/keyspace.ts";
import { MemoryKv } from "#control-plane/store/memory-kv.ts";
import { createObjectCodec } from "#control-plane/store/object-codec.ts";
import type { ObjectWrite } from "#control-plane/store/object-store.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Deployment } from "#proto/resources/deployment.ts";
import type { Node } from "#proto/resources/node.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { SimWorld } from "./sim-world.ts";

const resource = "deployments.apps";

export class Users {
  readonly #world: SimWorld;
  readonly #store: BatchingObjectStore;
  #made = 0;

  constructor(world: SimWorld) {
    this.#world = world;
    const faults = world.chaos.storeFaults(() => false);
    const kv = new MemoryKv({ clock: world.clock, etcd: world.etcd, faults });
    this.#store = new BatchingObjectStore({ kv, codec: createObjectCodec() });
  }

  async create(): Promise<void> {
    const { chaos } = this.#world;
    const name = `app-${this.#made++}`;
    const recreate = chaos.random.next() < 0.15;
    const maxSurge = chaos.pick([0, 1, 2, "25%", "50%"]) ?? 1;
    const maxUnavailable = maxSurge === 0 ? 1 : (chaos.pick([0, 1, "25%"]) ?? 0);
    const deployment: Deployment = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name, namespace: "default", labels: { app: name } },
      spec: {
        replicas: chaos.between(1, 7),
        selector: { matchLabels: { app: name } },
        strategy: recreate
          ? { type: "Recreate" }
          : { type: "RollingUpdate", rollingUpdate: { maxSurge, maxUnavailable } },
        minReadySeconds: chaos.random.next() < 0.3 ? 2 : 0,
        progressDeadlineSeconds: 30,
        template: {
          metadata: { labels: { app: name } },
          spec: {
            containers: [{ name: "main", image: "example:1", resources: { requests: { cpu: "100m" } } }],
            terminationGracePeriodSeconds: 2,
          },
        },
      },
    };
    this.#world.trace(`user creates ${name} with ${deployment.spec.replicas} replicas`);
    const object = born(deployment, this.#world);
    const key = resourceKeyOf(resource, object);
    for (let tries = 0; tries < 20 && !(await this.#write({ kind: "create", key, object })); tries++);
  }

  async scale(): Promise<void> {
    const replicas = this.#world.chaos.between(0, 9);
    await this.#changeDeployment(`scales to ${replicas}`, (spec) => ({ ...spec, replicas }));
  }

  async update(): Promise<void> {
    const { chaos } = this.#world;
    const image = `example:${chaos.between(2, 6)}`;
    const isBad = chaos.random.next() < 0.15;
    if (isBad) chaos.sometimes("a broken version is rolled out");
    await this.#changeDeployment(`updates to ${image}${isBad ? ", which never gets ready" : ""}`, (spec) => ({
      ...spec,
      template: withImage(spec.template, image, isBad),
    }));
  }

  async pause(): Promise<void> {
    await this.#changeDeployment("pauses or resumes", (spec) => ({ ...spec, paused: spec.paused !== true }));
  }

  /** Everything works from now on: nothing paused, nothing broken, nothing cordoned. */
  async mend(): Promise<void> {
    for (const deployment of this.#world.truth.list<Deployment>(resource)) {
      await this.#changeDeployment(
        "mends",
        (spec) => ({
          ...spec,
          paused: false,
          template: withImage(spec.template, spec.template.spec?.containers[0]?.image ?? "example:1", false),
        }),
        deployment,
      );
    }
    for (const node of this.#world.truth.list<Node>("nodes")) await this.#setCordon(node, false);
  }

  async delete(): Promise<void> {
    const deployment = this.#world.chaos.pick(this.#world.truth.list<Deployment>(resource));
    if (!deployment) return;
    const foreground = this.#world.chaos.random.next() < 0.4;
    this.#world.chaos.sometimes(foreground ? "a foreground deletion" : "a background deletion");
    await this.#retry(deployment.metadata.name, `deletes ${deployment.metadata.name}`, async (current) => {
      const finalizers = [...(current.metadata.finalizers ?? []), "foregroundDeletion"];
      const held = foreground ? { ...current, metadata: { ...current.metadata, finalizers } } : current;
      const deletion = deletionOf(resource, held, this.#world.clock.nowMs());
      const key = resourceKeyOf(resource, current);
      const guard = current.metadata.resourceVersion ?? "";
      if (deletion.kind === "nothing") return true;
      const write =
        deletion.kind === "remove"
          ? ({ kind: "delete", key, guard } as const)
          : ({ kind: "update", key, object: deletion.object, guard } as const);
      return await this.#write(write);
    });
  }

  async cordon(): Promise<void> {
    const node = this.#world.chaos.pick(this.#world.truth.list<Node>("nodes"));
    if (node) await this.#setCordon(node, node.spec?.unschedulable !== true);
  }

  async #setCordon(node: Node, unschedulable: boolean): Promise<void> {
    if ((node.spec?.unschedulable === true) === unschedulable) return;
    this.#world.trace(`user ${unschedulable ? "cordons" : "uncordons"} ${node.metadata.name}`);
    const key = resourceKeyOf("nodes", node);
    for (let attempt = 0; attempt < 20; attempt++) {
      const current = (await this.#read(key)) as Node | "unknown" | undefined;
      if (current === "unknown") continue;
      if (!current) return;
      const object = { ...current, spec: { ...current.spec, unschedulable } };
      const guard = current.metadata.resourceVersion ?? "";
      if (await this.#write({ kind: "update", key, object, guard })) return;
    }
  }

  async #changeDeployment(
    what: string,
    change: (spec: Deployment["spec"]) => Deployment["spec"],
    chosen = this.#world.chaos.pick(this.#world.truth.list<Deployment>(resource)),
  ): Promise<void> {
    if (!chosen) return;
    const { name } = chosen.metadata;
    await this.#retry(name, `${what}: ${name}`, async (current) => {
      if (current.metadata.deletionTimestamp !== undefined) return true;
      const spec = change((current as Deployment).spec);
      const metadata = { ...current.metadata, generation: (current.metadata.generation ?? 0) + 1 };
      const guard = current.metadata.resourceVersion ?? "";
      const key = resourceKeyOf(resource, current);
      return await this.#write({ kind: "update", key, object: { ...current, metadata, spec }, guard });
    });
  }

  async #retry(name: string, what: string, attempt: (current: KubeObject) => Promise<boolean>): Promise<void> {
    this.#world.trace(`user ${what}`);
    const key = { group: "apps", plural: "deployments", namespace: "default", name };
    for (let tries = 0; tries < 20; tries++) {
      const current = await this.#read(key);
      if (current === "unknown") continue;
      if (!current || (await attempt(current))) return;
    }
  }

  async #read(key: ResourceKey): Promise<KubeObject | "unknown" | undefined> {
    return await this.#store.get(key).catch(() => "unknown" as const);
  }

  /** True once it is done. What was acknowledged must be in the store from then on (I7); a lost answer may mean either. */
  async #write(write: ObjectWrite): Promise<boolean> {
    try {
      const result = await this.#store.write(write);
      const isOwn = !result.ok && write.kind === "create" && result.current?.metadata.uid === write.object.metadata.uid;
      if (result.ok) this.#world.acknowledged(resourceKey(write.key), result.object.metadata.resourceVersion ?? "");
      return result.ok || isOwn;
    } catch (thrown) {
      if (Problem.from(thrown).retry === "never") throw thrown;
      this.#world.chaos.sometimes("a person does not know whether it was done");
      return false;
    }
  }
}

function withImage(template: Deployment["spec"]["template"], image: string, isBad: boolean): typeof template {
  const { "sim/never-ready": _bad, ...annotations } = template.metadata?.annotations ?? {};
  const marked = isBad ? { ...annotations, "sim/never-ready": "true" } : annotations;
  const containers = (template.spec?.containers ?? []).map((container) => ({ ...container, image }));
  const metadata = { ...template.metadata, annotations: marked };
  return { ...template, metadata, spec: { ...template.spec, containers } };
}
