/**
 * A client that watches pods through the API's caches for the whole of a seed (I8): what it is told is ordered and comes once, it goes on from
 * where it was when its control plane goes, and at rest what it has put together is what the store holds.
 */
import { Problem } from "#proto/kit/problem.ts";
import type { SimControlPlane } from "./sim-control-plane.ts";
import type { SimWorld } from "./sim-world.ts";

const resource = "pods";
const pauseMs = 100;
const waitMs = 10_000;

export class WatchReader {
  readonly #world: SimWorld;
  readonly #isStrict: boolean;
  /** resourceVersion by name. */
  #known = new Map<string, string>();
  #resourceVersion: string | undefined;

  /**
   * `isStrict`: nothing is lost between store and cache, so that a change of what is not known is a mistake. Else a control plane may die before
   * its cache has found out what it lost: whoever goes on elsewhere, from the version it was told, never hears of that.
   */
  constructor(world: SimWorld, isStrict: boolean) {
    this.#world = world;
    this.#isStrict = isStrict;
  }

  get isStrict(): boolean {
    return this.#isStrict;
  }

  get known(): ReadonlyMap<string, string> {
    return this.#known;
  }

  start(): void {
    void this.#next();
  }

  async #next(): Promise<void> {
    const { chaos, ready, clock } = this.#world;
    const controlPlane = chaos.pick(ready);
    if (controlPlane) {
      await this.#follow(controlPlane).catch((thrown: unknown) => {
        if (Problem.is(thrown, "expired") || Problem.is(thrown, "too-large")) this.#resourceVersion = undefined;
      });
    }
    clock.after(pauseMs, () => void this.#next());
  }

  async #follow({ cache, life }: SimControlPlane): Promise<void> {
    if (this.#resourceVersion === undefined) {
      this.#known = new Map(
        cache.list(resource).map(({ metadata }) => [metadata.name, metadata.resourceVersion ?? ""]),
      );
      this.#resourceVersion = cache.resourceVersion;
    } else {
      this.#world.chaos.sometimes("a watch is resumed");
      await cache.waitFor(this.#resourceVersion, waitMs, life);
    }
    for await (const change of cache.changesAfter(resource, this.#resourceVersion, life)) {
      if (this.#world.isOver) return;
      const before = Number(this.#resourceVersion);
      const now = Number(change.resourceVersion);
      if (now < before || (now === before && change.type !== "bookmark")) {
        this.#world.violated(`a watch went from version ${before} back to ${now}`);
      }
      this.#resourceVersion = change.resourceVersion;
      if (change.type === "bookmark") continue;
      const isKnown = this.#known.has(change.name);
      if (this.#isStrict && isKnown !== (change.type !== "added")) {
        this.#world.violated(
          `a watch said ${change.type} of ${change.name}, which it had ${isKnown ? "" : "not "}told of`,
        );
      }
      if (change.type === "deleted") this.#known.delete(change.name);
      else this.#known.set(change.name, change.resourceVersion);
    }
  }
}
