import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { Problem, type ProblemCode } from "#proto/kit/problem.ts";
import { seededRandom } from "#proto/kit/random.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { type Frame, type FrameCall, StreamBroker } from "./stream-broker.ts";
import { type StreamAccess, StreamService } from "./stream-service.ts";
import type { StreamOpen } from "./stream-target.ts";

const clock = new ManualClock();

function node(name: string, ready: boolean): KubeObject {
  const conditions = [{ type: "Ready", status: ready ? "True" : "Unknown" }];
  return { apiVersion: "v1", kind: "Node", metadata: { name }, status: { conditions } };
}

function setUp(nodes: readonly KubeObject[] = []) {
  const broker = new StreamBroker({ clock, random: seededRandom(1), sessionOf: () => undefined, deadlineMs: 1000 });
  const service = new StreamService({
    cache: { get: () => undefined, list: () => nodes, byIndex: () => [] },
    images: { grant: () => () => undefined },
    broker,
    clock,
  });
  const asked: StreamAccess[] = [];
  const serve = (open: StreamOpen | undefined, refuse?: Problem): Promise<void> => {
    const requests = (async function* (): AsyncGenerator<Frame> {
      yield open ? { open } : { data: Buffer.from("x") };
    })();
    const call: FrameCall = { requests, send: async () => undefined, signal: new AbortController().signal };
    return service.serve(call, (access) => {
      asked.push(access);
      if (refuse) throw refuse;
    });
  };
  return { serve, asked };
}

const refusal = (code: ProblemCode, message: RegExp) => (thrown: unknown) => {
  assert.ok(thrown instanceof Problem, String(thrown));
  assert.deepEqual([thrown.code, message.test(thrown.message)], [code, true], thrown.message);
  return true;
};

test("a stream begins with what to open, of a kind that is known", async () => {
  const { serve } = setUp();
  await assert.rejects(serve(undefined), refusal("bad-request", /first frame/));
  await assert.rejects(
    serve({ kind: "teleport" }),
    refusal("unsupported", /"teleport" are not known here; known are: logs/),
  );
});

const rights: readonly [StreamOpen, StreamAccess][] = [
  [
    { kind: "logs", pod: "p" },
    { verb: "get", resource: "pods", subresource: "log", namespace: "default", name: "p" },
  ],
  [
    { kind: "exec", pod: "p", namespace: "x" },
    { verb: "create", resource: "pods", subresource: "exec", namespace: "x", name: "p" },
  ],
  [
    { kind: "port-forward", pod: "p" },
    { verb: "create", resource: "pods", subresource: "portforward", namespace: "default", name: "p" },
  ],
  [{ kind: "image-load" }, { verb: "create", resource: "nodes", subresource: "images", namespace: "", name: "" }],
  [
    { kind: "image", node: "a", image: Buffer.from('{"verb": "list"}') },
    { verb: "get", resource: "nodes", subresource: "images", namespace: "", name: "a" },
  ],
  [
    { kind: "image", node: "a", image: Buffer.from('{"verb": "remove", "images": ["web:1"]}') },
    { verb: "delete", resource: "nodes", subresource: "images", namespace: "", name: "a" },
  ],
];
for (const [open, access] of rights) {
  test(`${open.kind} asks for ${access.verb} ${access.resource}/${access.subresource} before anything is told`, async () => {
    const { serve, asked } = setUp();
    const no = new Problem("forbidden", "you may not");
    await assert.rejects(serve(open, no), no);
    assert.deepEqual(asked, [access]);
  });
}

test("an image goes to a ready node; none, an unknown or an absent one is told as such", async () => {
  await assert.rejects(setUp().serve({ kind: "image-load" }), refusal("unavailable", /no node is ready/));
  const two = setUp([node("a", true), node("b", false)]);
  await assert.rejects(
    two.serve({ kind: "image-load", node: "c" }),
    refusal("not-found", /no node "c"; there are: a, b/),
  );
  await assert.rejects(
    two.serve({ kind: "image-load" }),
    refusal("unavailable", /the agent of node a is not connected/),
  );
});
