import assert from "node:assert/strict";
import { test } from "node:test";
import type { CacheChange } from "#control-plane/cache/cache.ts";
import { silentLogger } from "#proto/kit/logger.ts";
import { aPod } from "../objects.fixture.ts";
import type { Controller } from "./controller.ts";
import { Dispatch } from "./dispatch.ts";

const change = (resource: string): CacheChange => ({
  type: "added",
  resource,
  namespace: "default",
  name: "a",
  previous: undefined,
  object: aPod("a"),
  resourceVersion: "128",
});

const controller = (name: string, wakes: Controller["wakes"]): Controller => ({
  name,
  source: name,
  wakes,
  decide: () => undefined,
});

test("a change goes to those that asked for its resource, and to those that see all", () => {
  const dispatch = new Dispatch(silentLogger);
  const woken: string[] = [];
  const add = (name: string, wakes: Controller["wakes"]): void =>
    dispatch.add(controller(name, wakes), (key) => woken.push(`${name} ${key}`));
  add("pods", { pods: ({ name }) => [name] });
  add("all", { "*": ({ resource }) => [resource] });
  dispatch.handle(change("pods"));
  dispatch.handle(change("nodes"));
  assert.deepEqual(woken, ["pods a", "all pods", "all nodes"]);
});

test("a controller that cannot read an object is told of in the log, and the others go on", () => {
  const errors: string[] = [];
  const dispatch = new Dispatch({ ...silentLogger, error: (_fields, message) => errors.push(message) });
  const woken: string[] = [];
  const broken = controller("broken", {
    pods: () => {
      throw new TypeError("odd object");
    },
  });
  dispatch.add(broken, () => undefined);
  dispatch.add(controller("well", { pods: () => ["x"] }), (key) => woken.push(key));
  dispatch.handle(change("pods"));
  assert.deepEqual(woken, ["x"]);
  assert.deepEqual(errors, ["a controller cannot read an object"]);
});
