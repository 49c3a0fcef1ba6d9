/** People at work: they make, scale, change, pause and delete Deployments, by guarded writes of their own. */
import { born, resourceKeyOf } from "#control-plane/controllers/engine/apply.ts";
import { deletionOf } from "#control-plane/controllers/model/deletion.ts";
import type { ObjectWrite } from "#control-plane/store/object-store.ts";
import type { Deployment } from "#proto/resources/deployment.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { Person, update } from "./person.ts";
import type { SimWorld } from "./sim-world.ts";

const resource = "deployments.apps";

export class Users {
  readonly #world: SimWorld;
  readonly #person: Person;
  #made = 0;

  constructor(world: SimWorld) {
    this.#world = world;
    this.#person = new Person(world);
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
    await this.#person.create(resourceKeyOf(resource, object), object);
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

  /** Everything works from now on: nothing paused, nothing broken. */
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
  }

  async delete(): Promise<void> {
    const deployment = this.#world.chaos.pick(this.#world.truth.list<Deployment>(resource));
    if (!deployment) return;
    const foreground = this.#world.chaos.random.next() < 0.4;
    this.#world.chaos.sometimes(foreground ? "a foreground deletion" : "a background deletion");
    await this.#change(deployment, `deletes ${deployment.metadata.name}`, (current) => {
      const finalizers = [...(current.metadata.finalizers ?? []), "foregroundDeletion"];
      const held = foreground ? { ...current, metadata: { ...current.metadata, finalizers } } : current;
      const deletion = deletionOf(resource, held, this.#world.clock.nowMs());
      const key = resourceKeyOf(resource, current);
      if (deletion.kind === "nothing") return undefined;
      if (deletion.kind === "mark") return update(key, current, deletion.object);
      return { kind: "delete", key, guard: current.metadata.resourceVersion ?? "" };
    });
  }

  async #changeDeployment(
    what: string,
    change: (spec: Deployment["spec"]) => Deployment["spec"],
    chosen = this.#world.chaos.pick(this.#world.truth.list<Deployment>(resource)),
  ): Promise<void> {
    if (!chosen) return;
    await this.#change(chosen, `${what}: ${chosen.metadata.name}`, (current) => {
      if (current.metadata.deletionTimestamp !== undefined) return undefined;
      const spec = change((current as Deployment).spec);
      const metadata = { ...current.metadata, generation: (current.metadata.generation ?? 0) + 1 };
      return update(resourceKeyOf(resource, current), current, { ...current, metadata, spec } as Deployment);
    });
  }

  async #change(
    chosen: Deployment,
    what: string,
    decide: (current: KubeObject) => ObjectWrite | undefined,
  ): Promise<void> {
    this.#world.trace(`user ${what}`);
    await this.#person.change(resourceKeyOf(resource, chosen), decide);
  }
}

function withImage(template: Deployment["spec"]["template"], image: string, isBad: boolean): typeof template {
  const { "sim/never-ready": _bad, ...annotations } = template.metadata?.annotations ?? {};
  const marked = isBad ? { ...annotations, "sim/never-ready": "true" } : annotations;
  const containers = (template.spec?.containers ?? []).map((container) => ({ ...container, image }));
  const metadata = { ...template.metadata, annotations: marked };
  return { ...template, metadata, spec: { ...template.spec, containers } };
}
