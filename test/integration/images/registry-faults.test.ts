/** Everything a registry can do wrong while an image is pulled: a clear Problem, other images unaffected, nothing left on the disk. */
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import type { Image, RegistrySettings } from "#node-agent/images/image-store.ts";
import {
  type Answer,
  type FakeRegistry,
  json,
  startFakeRegistry,
  status,
} from "#node-agent/images/registry/fake-registry.ts";
import { systemRandom } from "#proto/kit/random.ts";
import {
  type Blob,
  type BuiltImage,
  buildImage,
  descriptor,
  jsonBlob,
  mediaTypes,
} from "#test/support/image-builder.ts";
import { eventually } from "../../e2e/support/programs.ts";
import { type ImageNode, openImageNode } from "./image-node.ts";

const kibibyte = 1024;
const stallMs = 800;
const credentials = [{ username: "ada", password: "secret" }];

let registry: FakeRegistry;
let other: FakeRegistry;
let node: ImageNode;
let settings: RegistrySettings[];
/** More registries, for those that have asked to be left alone. */
let fakes: FakeRegistry[];
beforeEach(async () => {
  [registry, other] = await Promise.all([startFakeRegistry(), startFakeRegistry()]);
  fakes = [];
  settings = [registry, other].map(({ host }) => ({ host, plainHttp: true }));
  node = await openImageNode(settings, undefined, undefined, {
    impatience: { stallTimeoutMs: stallMs, backoff: { initialMs: 10, maxMs: 20 } },
  });
});
afterEach(async () => {
  await node.close();
  await Promise.all([registry, other, ...fakes].map((one) => one.close()));
});

const silence: Answer = () => undefined;
const image = (): BuiltImage =>
  buildImage({
    layers: [[{ name: "base", content: "base" }], [{ name: "n", content: systemRandom.bytes(200 * kibibyte) }]],
  });
const whole =
  (blob: Blob): Answer =>
  (response) =>
    void response.writeHead(200, { "content-type": blob.mediaType }).end(blob.content);

function serve(built: BuiltImage, name = "app", from = registry): string {
  from.on(`/v2/${name}/manifests/`, whole(built.manifest));
  for (const blob of [built.config, ...built.layers]) from.on(`/v2/${name}/blobs/${blob.digest}`, whole(blob));
  return `${from.host}/${name}:1`;
}

async function fresh(): Promise<FakeRegistry> {
  const one = await startFakeRegistry();
  fakes.push(one);
  settings.push({ host: one.host, plainHttp: true });
  return one;
}

const pull = (reference: string, timeoutMs = 30_000): Promise<Image> =>
  node.images.pull(reference, { credentials }, AbortSignal.timeout(timeoutMs));

/** What lies below the store's directories, besides what a later attempt goes on with. */
function files(): readonly string[] {
  const root = join(node.directory, "images");
  return ["blobs/sha256", "layers", "images", "ingest"]
    .filter((name) => existsSync(join(root, name)))
    .flatMap((name) =>
      readdirSync(join(root, name), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(name, entry.name)),
    )
    .sort();
}
const partials = (): readonly string[] => readdirSync(join(node.directory, "images/blobs/partial"));

/**
 * The fault shows as this, a good image is pulled beside it, and nothing is left when nobody will try again; `keptPartials` when somebody will.
 */
async function fails(reference: string, expected: object, keptPartials = 0): Promise<void> {
  const good = serve(image(), "good", other);
  const [bad, fine] = await Promise.allSettled([pull(reference), pull(good)]);
  assert.equal(fine.status, "fulfilled", "the other image is unaffected");
  assert.equal(bad.status, "rejected");
  await assert.rejects(Promise.reject(bad.status === "rejected" ? bad.reason : undefined), expected);
  assert.equal(await node.images.find(reference), undefined);
  await node.images.remove(good);
  await node.images.settled();
  assert.equal(partials().length, keptPartials);
  if (keptPartials > 0) return;
  await node.images.tidy(async () => undefined);
  // A worker that is being stopped takes its file along a moment later.
  await eventually("the disk to be as before", async () => files().length === 0 || undefined);
  assert.deepEqual(files(), [], "disk use is back to what it was");
}

const answers: readonly (readonly [string, Answer, object])[] = [
  [
    "401",
    status(401, { "www-authenticate": "Basic realm=r" }),
    { code: "unauthenticated", message: /refused the credentials/ },
  ],
  [
    "403",
    json({ errors: [{ message: "no" }] }, {}, 403),
    { code: "forbidden", message: /does not give .*it says: no/ },
  ],
  ["404", status(404), { code: "not-found", message: /does not exist, or is not for these credentials/ }],
  [
    "429 for longer than a pull waits",
    status(429, { "retry-after": "120" }),
    { code: "too-many-requests", retry: "later" },
  ],
  ["500", status(500), { code: "unavailable", message: /answered 500/, retry: "later" }],
  ["a web page", status(200, { "content-type": "text/html" }, "<html>"), { code: "invalid" }],
];
test("refusals, for the manifest and for a layer", async () => {
  for (const [index, [name, answer, expected]] of answers.entries()) {
    const refusing = await fresh();
    refusing.on(`/v2/m${index}/manifests/`, answer);
    await fails(`${refusing.host}/m${index}:1`, expected);
    if (name === "a web page") continue;
    const built = image();
    const reference = serve(built, `l${index}`, await fresh());
    fakes.at(-1)?.on(`/v2/l${index}/blobs/${built.layers[1]?.digest}`, answer);
    await fails(reference, expected);
  }
});

test("429 with a short Retry-After is waited for, by every pull from that registry", async () => {
  const reference = serve(image());
  let refused = 0;
  registry.on("/v2/app/manifests/", (response, request) => {
    refused += 1;
    if (refused === 1) status(429, { "retry-after": "1" })(response, request);
    else whole(first.manifest)(response, request);
  });
  const first = image();
  for (const blob of [first.config, ...first.layers]) registry.on(`/v2/app/blobs/${blob.digest}`, whole(blob));
  const startedAt = performance.now();
  await pull(reference);
  assert.ok(performance.now() - startedAt >= 900);
  assert.equal(refused, 2);
});

test("a hang before the header", async () => {
  const built = image();
  const reference = serve(built);
  registry.on(`/v2/app/blobs/${built.layers[1]?.digest}`, silence);
  await fails(reference, { code: "timeout", message: /did not answer in time/ });
});

test("a hang in the middle of a layer: what came is kept for the next attempt, which goes on from there", async () => {
  const built = image();
  const reference = serve(built);
  const layer = built.layers[1];
  assert.ok(layer);
  const path = `/v2/app/blobs/${layer.digest}`;
  registry.on(path, (response) => void response.writeHead(200).write(layer.content.subarray(0, 100 * kibibyte)));
  await fails(reference, { code: "timeout" }, 1);
  const ranges: unknown[] = [];
  registry.on(path, (response, request) => {
    ranges.push(request.headers.range);
    const start = Number(/bytes=(\d+)-/.exec(String(request.headers.range))?.[1]);
    const headers = { "content-range": `bytes ${start}-${layer.size - 1}/${layer.size}` };
    response.writeHead(206, headers).end(layer.content.subarray(start));
  });
  await node.reopen();
  await pull(reference);
  assert.deepEqual(ranges, [`bytes=${100 * kibibyte}-`]);
  const base = registry.requests.filter(({ path: asked }) => asked.endsWith(built.layers[0]?.digest ?? ""));
  assert.equal(
    base.length,
    1,
    "the layer that was whole is not fetched again, although another image was removed meanwhile",
  );
});

test("bodies that are too short, too long or something else", async () => {
  const changes: readonly (readonly [(content: Buffer) => Buffer, object, number])[] = [
    [
      (content) => content.subarray(0, content.length - 1),
      { code: "unavailable", message: /ended after \d+ of \d+ bytes/ },
      1,
    ],
    [
      (content) => Buffer.concat([content, Buffer.alloc(1)]),
      { code: "invalid", message: /longer than the \d+ bytes/ },
      0,
    ],
    [(content) => Buffer.alloc(content.length), { code: "invalid", message: /its digest is sha256:\S+ instead of/ }, 0],
  ];
  for (const [index, [change, expected, kept]] of changes.entries()) {
    const built = image();
    const reference = serve(built, `app${index}`);
    const layer = built.layers[1];
    assert.ok(layer);
    registry.on(
      `/v2/app${index}/blobs/${layer.digest}`,
      (response) => void response.writeHead(200).end(change(layer.content)),
    );
    await fails(reference, expected, kept);
    await node.images.tidy(async () => undefined);
    assert.deepEqual([...partials(), ...files()], [], "halves go too, when nobody will go on with them");
  }
});

test("redirects: a loop ends, another host gets the request without the credentials", async () => {
  registry.on("/v2/loop/", status(307, { location: "/v2/loop/manifests/1" }));
  await fails(`${registry.host}/loop:1`, { code: "unavailable", message: /redirects more than 5 times/ });
  const built = image();
  const reference = serve(built);
  registry.on("/v2/app/", (response, request) => {
    if (request.headers.authorization === undefined) {
      status(401, { "www-authenticate": "Basic realm=r" })(response, request);
    } else response.writeHead(307, { location: `http://${other.host}/store${request.url}` }).end();
  });
  other.on("/store/v2/app/manifests/", whole(built.manifest));
  for (const blob of [built.config, ...built.layers]) other.on(`/store/v2/app/blobs/${blob.digest}`, whole(blob));
  await pull(reference);
  assert.ok(registry.requests.some(({ authorization }) => authorization?.startsWith("Basic ")));
  const there = other.requests.filter(({ path }) => path.startsWith("/store/"));
  assert.deepEqual([...new Set(there.map(({ authorization }) => authorization))], [undefined]);
});

test("documents that lie: two kinds at once, another type, too large, too many layers", async () => {
  const built = image();
  const manifest = JSON.parse(built.manifest.content.toString()) as Record<string, unknown>;
  const documents: readonly (readonly [object, string, RegExp])[] = [
    [{ ...manifest, manifests: [] }, mediaTypes.manifest, /both an index and a manifest/],
    [manifest, mediaTypes.index, /announced as .*index.* but says it is/],
    [{ ...manifest, padding: "x".repeat(4 * kibibyte ** 2) }, mediaTypes.manifest, /larger than 4194304 bytes/],
    [
      { ...manifest, config: { ...descriptor(built.config), size: 9 * kibibyte ** 2 } },
      mediaTypes.manifest,
      /config is larger/,
    ],
    [
      { ...manifest, layers: Array.from({ length: 501 }, () => descriptor(built.config)) },
      mediaTypes.manifest,
      /501 layers/,
    ],
  ];
  for (const [index, [document, type, message]] of documents.entries()) {
    const reference = serve(built, `doc${index}`);
    registry.on(`/v2/doc${index}/manifests/`, whole({ ...jsonBlob(type, document), mediaType: type }));
    await fails(reference, { code: "invalid", message });
  }
});

test("two registries that hang in the middle of a layer do not keep a third image from being unpacked", async () => {
  const stuck = [image(), image()].map((built, index) => {
    const reference = serve(built, `stuck${index}`);
    for (const layer of built.layers) {
      registry.on(`/v2/stuck${index}/blobs/${layer.digest}`, (response) => {
        response.writeHead(200).write(layer.content.subarray(0, Math.ceil(layer.size / 2)));
      });
    }
    return pull(reference);
  });
  const stop = Promise.allSettled(stuck);
  await pull(serve(image(), "good", other), 20_000);
  await stop;
});

test("a name that nobody knows is given up soon, and the sentence says so", async () => {
  const startedAt = performance.now();
  await assert.rejects(pull("no-such-registry.invalid/app:1"), {
    code: "unavailable",
    message: /registry no-such-registry.invalid cannot be reached: its name (is unknown|cannot be looked up)/,
    hint: /resolv.conf/,
  });
  assert.ok(performance.now() - startedAt < 15_000);
});
