import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { BlobRoutes } from "./blob-routes.ts";

const none: ReadonlySet<string> = new Set();

function world(): { routes: BlobRoutes; has: (node: string) => void; mute: Set<string>; clock: ManualClock } {
  const holders = new Set<string>();
  const mute = new Set<string>();
  const clock = new ManualClock();
  const routes = new BlobRoutes({ clock, holders: () => holders, serves: (node) => !mute.has(node) });
  const has = (node: string): void => {
    holders.add(node);
    routes.ended(node, "blob");
  };
  return { routes, has, mute, clock };
}

test("of many that ask at once one is sent to the registry and the others to each other", () => {
  const { routes } = world();
  assert.deepEqual(routes.route("a", "blob", none), { kind: "registry" });
  for (const node of ["b", "c", "d", "e"]) assert.equal(routes.route(node, "blob", none).kind, "peers");
});

test("a blob that is here is taken from the least busy that has it", () => {
  const { routes, has } = world();
  has("a");
  has("b");
  const seen = ["c", "d", "e", "f"].map((node) => {
    const route = routes.route(node, "blob", none);
    return route.kind === "peers" ? route.nodes[0] : "registry";
  });
  assert.equal(seen.filter((node) => node === "a").length <= 2, true);
  assert.equal(seen.includes("b"), true);
  assert.equal(seen.includes("registry"), false);
});

test("readers form a tree: the registry's fetcher does not feed everybody", () => {
  const { routes } = world();
  routes.route("n0", "blob", none);
  const from = new Map<string, number>();
  for (let i = 1; i < 50; i++) {
    const route = routes.route(`n${i}`, "blob", none);
    assert.equal(route.kind, "peers");
    const [first = ""] = route.kind === "peers" ? route.nodes : [];
    from.set(first, (from.get(first) ?? 0) + 1);
  }
  assert.equal(Math.max(...from.values()) <= 2, true);
});

test("when the fetcher fails one reader takes over and the next is sent to that one", () => {
  const { routes } = world();
  routes.route("a", "blob", none);
  routes.route("b", "blob", none);
  routes.forget("a");
  assert.deepEqual(routes.route("b", "blob", new Set(["a"])), { kind: "registry" });
  assert.deepEqual(routes.route("c", "blob", new Set(["a"])), { kind: "peers", nodes: ["b"] });
});

test("a fetcher that is slow for one is passed over by that one only", () => {
  const { routes } = world();
  routes.route("a", "blob", none);
  assert.deepEqual(routes.route("b", "blob", new Set(["a"])), { kind: "registry" });
  assert.equal(routes.route("c", "blob", none).kind, "peers");
});

test("nobody is sent to one who reads from himself", () => {
  const { routes } = world();
  routes.route("a", "blob", none);
  assert.deepEqual(routes.route("b", "blob", none), { kind: "peers", nodes: ["a"] });
  // `a` starts over: `b` has only what `a` gave.
  assert.deepEqual(routes.route("a", "blob", none), { kind: "registry" });
});

test("a node that serves nobody is not offered", () => {
  const { routes, has, mute } = world();
  has("a");
  mute.add("a");
  assert.deepEqual(routes.route("b", "blob", none), { kind: "registry" });
});

test("a fetch nobody hears of ends by itself", () => {
  const { routes, clock } = world();
  routes.route("a", "blob", none);
  clock.advance(11 * 60_000);
  assert.deepEqual(routes.route("b", "blob", none), { kind: "registry" });
});
