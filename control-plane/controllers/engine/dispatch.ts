/**
 * One subscription to the cache for all controllers: each change goes to those that asked for its resource. One that cannot
 * read an object is passed over, so that it takes neither its siblings nor the cache down with it.
 */
import type { CacheChange } from "#control-plane/cache/cache.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Controller } from "./controller.ts";

interface Route {
  readonly controller: string;
  readonly keys: (change: CacheChange) => readonly string[];
  readonly wake: (key: string) => void;
}

export class Dispatch {
  readonly #byResource = new Map<string, Route[]>();
  readonly #everything: Route[] = [];

  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  add(controller: Controller, wake: (key: string) => void): void {
    for (const [resource, keys] of Object.entries(controller.wakes)) {
      const route = { controller: controller.name, keys, wake };
      if (resource === "*") {
        this.#everything.push(route);
        continue;
      }
      const routes = this.#byResource.get(resource) ?? [];
      routes.push(route);
      this.#byResource.set(resource, routes);
    }
  }

  handle(change: CacheChange): void {
    for (const route of this.#byResource.get(change.resource) ?? []) this.#follow(route, change);
    for (const route of this.#everything) this.#follow(route, change);
  }

  #follow(route: Route, change: CacheChange): void {
    try {
      for (const key of route.keys(change)) route.wake(key);
    } catch (thrown) {
      const { resource, namespace, name } = change;
      const object = `${resource} ${namespace}/${name}`;
      const error = Problem.from(thrown).message;
      this.#logger.error({ controller: route.controller, object, error }, "a controller cannot read an object");
    }
  }
}
