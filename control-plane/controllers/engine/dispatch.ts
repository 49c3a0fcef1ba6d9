/** One subscription to the cache for all controllers: each change goes to those that asked for its resource. */
import type { CacheChange } from "#control-plane/cache/cache.ts";
import type { Controller } from "./controller.ts";

interface Route {
  readonly keys: (change: CacheChange) => readonly string[];
  readonly wake: (key: string) => void;
}

export class Dispatch {
  readonly #byResource = new Map<string, Route[]>();
  readonly #everything: Route[] = [];

  add(controller: Controller, wake: (key: string) => void): void {
    for (const [resource, keys] of Object.entries(controller.wakes)) {
      if (resource === "*") {
        this.#everything.push({ keys, wake });
        continue;
      }
      const routes = this.#byResource.get(resource) ?? [];
      routes.push({ keys, wake });
      this.#byResource.set(resource, routes);
    }
  }

  handle(change: CacheChange): void {
    for (const route of this.#byResource.get(change.resource) ?? [])
      for (const key of route.keys(change)) route.wake(key);
    for (const route of this.#everything) for (const key of route.keys(change)) route.wake(key);
  }
}
