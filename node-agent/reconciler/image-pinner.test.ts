import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import type { Pod } from "#proto/resources/pod.ts";
import type { Image } from "../images/image-store.ts";
import { absentOffice, type ImageOffice, type PinRequest } from "../images/peers/image-office.ts";
import { fakeImage } from "./fake-host.ts";
import { ImagePinner } from "./image-pinner.ts";
import { testContainer, testPod } from "./pod-builder.ts";

const named = (letter: string): string => `sha256:${letter.repeat(64)}`;
const never = new AbortController().signal;
const image = "registry.test/app:1";

const controlled = testPod({
  metadata: {
    ownerReferences: [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: "web", uid: "web-uid", controller: true }],
  },
});

/** A node, a registry and a control plane that answers in turn. */
function world(options: {
  readonly pod?: Pod;
  readonly here?: Image;
  readonly registry?: string | Problem;
  readonly answers?: readonly (string | undefined | Problem)[];
}) {
  const asked: PinRequest[] = [];
  const answers = [...(options.answers ?? [])];
  let resolved = 0;
  const office: ImageOffice = {
    state: options.answers ? "open" : "absent",
    pin: async (request) => {
      asked.push(request);
      const answer = answers.shift();
      if (answer instanceof Problem) throw answer;
      return answer;
    },
    locate: absentOffice.locate,
    needed: absentOffice.needed,
  };
  const images = {
    find: async () => options.here,
    resolve: async () => {
      resolved++;
      if (options.registry instanceof Problem) throw options.registry;
      return options.registry ?? named("f");
    },
  };
  const pinner = new ImagePinner(images, office);
  const find = (imagePullPolicy: "Always" | "IfNotPresent" | "Never" = "IfNotPresent") =>
    pinner.find(options.pod ?? controlled, testContainer({ image, imagePullPolicy }), [], never);
  return { find, asked, resolved: () => resolved };
}

const localImage = (names: readonly string[]): Image => ({ ...fakeImage(image), digest: named("1"), names });

test("what the revision is pinned to is taken, and nobody else is asked", async () => {
  const { find, resolved, asked } = world({ answers: [named("a")] });
  assert.deepEqual(await find(), { digest: named("a"), isFresh: false });
  assert.equal(resolved(), 0);
  assert.equal(asked[0]?.name, image);
});

test("the first to need it asks the registry and runs what all agree on", async () => {
  const { find, asked } = world({ registry: named("b"), answers: [undefined, named("b")] });
  assert.deepEqual(await find(), { digest: named("b"), isFresh: true });
  assert.equal(asked[1]?.resolved, named("b"));
  const late = world({ registry: named("b"), answers: [undefined, named("c")] });
  assert.deepEqual(await late.find(), { digest: named("c"), isFresh: false });
});

test("a copy that is here is offered by its registry's digest, but never for Always", async () => {
  const here = localImage([image, `registry.test/app@${named("2")}`]);
  const offered = world({ here, answers: [named("2")] });
  await offered.find();
  assert.equal(offered.asked[0]?.present, named("2"));
  const always = world({ here, answers: [named("2")] });
  await always.find("Always");
  assert.equal(always.asked[0]?.present, undefined);
});

test("when the registry cannot be asked, a copy elsewhere in the cluster will do; else its problem is told", async () => {
  const down = new Problem("unavailable", "the registry is down");
  const rescued = world({ registry: down, answers: [undefined, named("d")] });
  assert.deepEqual(await rescued.find(), { digest: named("d"), isFresh: false });
  assert.equal(rescued.asked[1]?.failed, true);
  await assert.rejects(world({ registry: down, answers: [undefined, undefined] }).find(), down);
});

test("Never asks no registry", async () => {
  const { find, resolved } = world({ answers: [undefined] });
  assert.deepEqual(await find("Never"), { digest: undefined, isFresh: false });
  assert.equal(resolved(), 0);
});

test("pods of a revision ask together", async () => {
  const { find, asked, resolved } = world({ answers: [undefined, named("f")] });
  const found = await Promise.all([find(), find(), find()]);
  assert.deepEqual(new Set(found.map(({ digest }) => digest)), new Set([named("f")]));
  assert.deepEqual([asked.length, resolved()], [2, 1]);
});

test("a control plane that does not know about images leaves the node to itself; one that is away is waited for", async () => {
  assert.deepEqual(await world({ here: localImage([image]) }).find(), { digest: named("1"), isFresh: false });
  assert.deepEqual(await world({ registry: named("e") }).find(), { digest: named("e"), isFresh: true });
  const away = new Problem("unavailable", "there is no session with the control plane");
  await assert.rejects(world({ answers: [away] }).find(), (thrown: Problem) => {
    assert.match(`${thrown.message} ${thrown.hint}`, /registry\.test\/app:1.*no session.*asked again/);
    return true;
  });
});

test("a pod of its own runs the copy that is here without asking anybody", async () => {
  const alone = world({ pod: testPod(), here: localImage([image]), answers: [named("a")] });
  assert.deepEqual(await alone.find(), { digest: named("1"), isFresh: false });
  assert.equal(alone.asked.length, 0);
  const absent = world({ pod: testPod(), answers: [named("a")] });
  assert.deepEqual(await absent.find(), { digest: named("a"), isFresh: false });
});
