/**
 * People who empty nodes, as `orchctl drain` does: cordon, then ask each pod to leave once another copy is available (or evict it), look
 * again until none is left, or lose patience and go away. The wish stays in the pods; whoever drains again goes on from there.
 */
import { resourceKeyOf } from "#control-plane/controllers/engine/apply.ts";
import { deletionOf } from "#control-plane/controllers/model/deletion.ts";
import { isToBeReplaced } from "#control-plane/controllers/model/pod-state.ts";
import { toTime } from "#proto/kit/clock.ts";
import type { Deployment } from "#proto/resources/deployment.ts";
import type { Node } from "#proto/resources/node.ts";
import { controllerOf } from "#proto/resources/owner.ts";
import type { Pod } from "#proto/resources/pod.ts";
import { replaceRequestedAnnotation } from "#proto/resources/replace-request.ts";
import { Person, update } from "./person.ts";
import type { SimWorld } from "./sim-world.ts";

const lookEveryMs = 500;

export class Drains {
  readonly #world: SimWorld;
  readonly #person: Person;
  readonly #running = new Set<string>();

  constructor(world: SimWorld) {
    this.#world = world;
    this.#person = new Person(world);
  }

  /** Begins at a node, or goes on at one that somebody left half empty. */
  begin(): void {
    const { chaos, clock, truth } = this.#world;
    const idle = truth.list<Node>("nodes").filter(({ metadata }) => !this.#running.has(metadata.name));
    const node =
      idle.find((one) => one.spec?.unschedulable === true && this.#podsOn(one).length > 0) ?? chaos.pick(idle);
    if (!node) return;
    if (this.#podsOn(node).some(isToBeReplaced)) chaos.sometimes("a drain is taken up again");
    const { name } = node.metadata;
    const surge = chaos.random.next() < 0.7;
    this.#world.trace(`user drains ${name}${surge ? "" : " without surge"}`);
    this.#running.add(name);
    const untilMs = clock.monotonicMs() + chaos.between(2_000, 20_000);
    const run = async (): Promise<void> => {
      await this.cordon(node, true);
      await this.#look(node, surge, untilMs);
    };
    void run();
  }

  async cordon(node: Node, unschedulable: boolean): Promise<void> {
    const key = resourceKeyOf("nodes", node);
    await this.#person.change(key, (current) => {
      const { spec } = current as Node;
      if ((spec?.unschedulable === true) === unschedulable) return undefined;
      this.#world.trace(`user ${unschedulable ? "cordons" : "uncordons"} ${node.metadata.name}`);
      return update(key, current, { ...current, spec: { ...spec, unschedulable } } as Node);
    });
  }

  async cordonOrNot(): Promise<void> {
    const node = this.#world.chaos.pick(this.#world.truth.list<Node>("nodes"));
    if (node && !this.#running.has(node.metadata.name)) await this.cordon(node, node.spec?.unschedulable !== true);
  }

  /** Nobody drains any more, and every node takes pods again. */
  async end(): Promise<void> {
    this.#running.clear();
    for (const node of this.#world.truth.list<Node>("nodes")) await this.cordon(node, false);
  }

  async #look(node: Node, surge: boolean, untilMs: number): Promise<void> {
    const { clock, chaos } = this.#world;
    const { name } = node.metadata;
    if (!this.#running.has(name)) return;
    const pods = this.#podsOn(node);
    const isOver = pods.length === 0 || clock.monotonicMs() > untilMs;
    if (isOver) {
      chaos.sometimes(pods.length === 0 ? "a node is drained" : "a drain is given up");
      this.#world.trace(`user has drained ${name}: ${pods.length} pods are left`);
      this.#running.delete(name);
      return;
    }
    for (const pod of pods) await this.#ask(pod, surge);
    clock.after(lookEveryMs, () => void this.#look(node, surge, untilMs));
  }

  async #ask(pod: Pod, surge: boolean): Promise<void> {
    const { chaos, clock } = this.#world;
    const key = resourceKeyOf("pods", pod);
    const replaces = surge && !this.#recreates(pod);
    await this.#person.change(key, (current) => {
      const { metadata } = current;
      if (metadata.uid !== pod.metadata.uid || metadata.deletionTimestamp !== undefined) return undefined;
      if (!replaces) return this.#evict(current as Pod);
      if (isToBeReplaced(current as Pod)) return undefined;
      chaos.sometimes("a pod is asked to be replaced");
      const annotations = { ...metadata.annotations, [replaceRequestedAnnotation]: toTime(clock.nowMs()) };
      return update(key, current, { ...current, metadata: { ...metadata, annotations } });
    });
  }

  #evict(pod: Pod): ReturnType<Parameters<Person["change"]>[1]> {
    const key = resourceKeyOf("pods", pod);
    const deletion = deletionOf("pods", pod, this.#world.clock.nowMs());
    if (deletion.kind === "nothing") return undefined;
    this.#world.chaos.sometimes("a pod is evicted");
    this.#world.evicted(pod);
    if (deletion.kind === "mark") return update(key, pod, deletion.object);
    return { kind: "delete", key, guard: pod.metadata.resourceVersion ?? "" };
  }

  /** Two copies at a time are not for everybody. */
  #recreates(pod: Pod): boolean {
    const { truth } = this.#world;
    const setUid = controllerOf(pod)?.uid;
    const set = truth.list("replicasets.apps").find(({ metadata }) => metadata.uid === setUid);
    const uid = set && controllerOf(set)?.uid;
    const deployment = truth.list<Deployment>("deployments.apps").find(({ metadata }) => metadata.uid === uid);
    return deployment?.spec.strategy?.type === "Recreate";
  }

  #podsOn(node: Node): readonly Pod[] {
    return this.#world.truth.list<Pod>("pods").filter(({ spec }) => spec.nodeName === node.metadata.name);
  }
}
