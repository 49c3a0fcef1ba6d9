/** A client of the cache as API clients are: lists, watches, resumes where it left off, and lists again when told to. */
import assert from "node:assert/strict";
import type { Cache, CacheChange } from "#control-plane/cache/cache.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";

/** One acknowledged write, as the store said it. */
export interface Written {
  readonly type: CacheChange["type"];
  readonly name: string;
  readonly resourceVersion: string;
}

/** From one list to the next, over all watches that were resumed in between. */
interface Stretch {
  readonly from: number;
  readonly events: Written[];
  isAlive: boolean;
}

const resource = "pods";

export class WatchingClient {
  readonly #cache: Cache;
  readonly #random: Random;
  readonly #stretches: Stretch[] = [];
  #view = new Map<string, string>();

  constructor(cache: Cache, random: Random) {
    this.#cache = cache;
    this.#random = random;
  }

  get lists(): number {
    return this.#stretches.length;
  }

  /** Until the signal aborts. Throws AssertionError at the first event that is out of order or comes twice. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      let from = this.#list();
      try {
        while (!signal.aborted) from = await this.#watchFor(from, 1 + Math.floor(this.#random.next() * 20), signal);
      } catch (thrown) {
        if (!Problem.is(thrown, "expired") && !Problem.is(thrown, "too-large")) throw thrown;
        const last = this.#stretches.at(-1);
        if (last) last.isAlive = false;
      }
    }
  }

  #list(): string {
    const { resourceVersion } = this.#cache;
    this.#view = new Map(
      this.#cache.list(resource).map(({ metadata }) => [metadata.name, metadata.resourceVersion ?? ""]),
    );
    this.#stretches.push({ from: Number(resourceVersion), events: [], isAlive: true });
    return resourceVersion;
  }

  /** One watch of so many events; where the next may go on. */
  async #watchFor(from: string, events: number, signal: AbortSignal): Promise<string> {
    const enough = new AbortController();
    let last = from;
    let left = events;
    for await (const change of this.#cache.changesAfter(resource, from, AbortSignal.any([signal, enough.signal]))) {
      const isBookmark = change.type === "bookmark";
      const isNewer = Number(change.resourceVersion) > Number(last);
      assert.ok(isNewer || (isBookmark && change.resourceVersion === last), `${change.resourceVersion} after ${last}`);
      last = change.resourceVersion;
      if (isBookmark) continue;
      const { type, name, resourceVersion } = change;
      this.#stretches.at(-1)?.events.push({ type, name, resourceVersion });
      if (type === "deleted") this.#view.delete(name);
      else this.#view.set(name, resourceVersion);
      if (--left === 0) break;
    }
    return last;
  }

  /** At rest: what it made of lists and events is what stands, and nothing of what was written escaped it. */
  assertComplete(standing: ReadonlyMap<string, string>, written: readonly Written[]): void {
    assert.deepEqual(new Map([...this.#view].sort()), new Map([...standing].sort()));
    const known = new Set(written.map(show));
    for (const { from, events, isAlive } of this.#stretches) {
      for (const event of events) assert.ok(known.has(show(event)), `${show(event)} was never written`);
      if (!isAlive) continue;
      const told = new Set(events.map(show));
      const since = Map.groupBy(
        written.filter((each) => Number(each.resourceVersion) > from),
        ({ name }) => name,
      );
      for (const events of since.values()) assertTold(events, (event) => told.has(show(event)));
    }
  }
}

const show = ({ type, name, resourceVersion }: Written): string => `${type} ${name} ${resourceVersion}`;

/**
 * All events of one name, oldest first, were told, but for what nobody can find out: objects that came and went while nothing was
 * heard of them, and changes of an object whose deletion was the next that was heard.
 */
function assertTold(events: readonly Written[], isTold: (event: Written) => boolean): void {
  let missed: Written[] = [];
  for (const event of events) {
    if (!isTold(event)) {
      missed.push(event);
      continue;
    }
    const isForgivable = event.type === "deleted" ? missed.every(({ type }) => type === "modified") : areWhole(missed);
    assert.ok(isForgivable, `never told: ${missed.map(show).join(", ")}; then ${show(event)}`);
    missed = [];
  }
  assert.ok(areWhole(missed), `never told: ${missed.map(show).join(", ")}`);
}

const areWhole = (missed: readonly Written[]): boolean =>
  missed.length === 0 || (missed[0]?.type === "added" && missed.at(-1)?.type === "deleted");
