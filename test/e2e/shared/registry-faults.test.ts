/**
 * Everything a registry can do wrong while a pod waits for its image: the pod says what and what to do, waits longer each time, other images
 * come meanwhile, it runs as soon as the registry is well, and nothing stays on the disk.
 */
import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { hostAddress, nodePaths } from "#deploy/local-cluster/names.ts";
import { readCluster } from "#deploy/local-cluster/state.ts";
import { json, status } from "#node-agent/images/registry/fake-registry.ts";
import { systemRandom } from "#proto/kit/random.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { gzipBomb, tarBomb } from "../../support/bombs.ts";
import { busyboxImage } from "../../support/busybox-image.ts";
import { type Fault, FaultyRegistry } from "../../support/faulty-registry.ts";
import { type BuiltImage, digestOf, withLastLayer } from "../../support/image-builder.ts";
import { tar } from "../../support/tar-writer.ts";
import { inNamespace, type Scene } from "../support/in-namespace.ts";
import { eventually } from "../support/programs.ts";

const node = "node-1";
const kibibyte = 1024;
const layerBytes = 200 * kibibyte;
const bombRefusal = /unpacks to more than \d+: it is refused/;

const base = busyboxImage({ layers: [[]] });

/** One that runs, with a layer that nobody has seen. */
function image(): BuiltImage {
  const layer = tar([{ name: "data", content: systemRandom.bytes(layerBytes) }]);
  return withLastLayer(base, digestOf(layer), gzipSync(layer));
}

interface Case extends Fault {
  /** What the event says: what happened, and what to do next. */
  readonly says: readonly RegExp[];
  readonly image?: () => BuiltImage;
}

const atManifest = (answer: Fault["answer"], ...says: RegExp[]): Case => ({ at: "manifest", answer, says });
const atLayer = (answer: Fault["answer"], ...says: RegExp[]): Case => ({ at: "layer", answer, says });
const silence = (): void => undefined;
const body =
  (change: (content: Buffer) => Buffer): Fault["answer"] =>
  (response, _, { content }) =>
    void response.writeHead(200).end(change(content));

/** By name of repository and pod. `elsewhere` is a host that nobody has allowed. */
const cases = (elsewhere: string): Readonly<Record<string, Case>> => ({
  "wants-login": atManifest(
    status(401, { "www-authenticate": "Basic realm=r" }),
    ...[/does not exist, or needs credentials/, /add an imagePullSecret/],
  ),
  forbidden: atManifest(
    json({ errors: [{ message: "not you" }] }, {}, 403),
    ...[/does not give .* to anyone without credentials \(it says: not you\)/, /add an imagePullSecret/],
  ),
  missing: atManifest(status(404), /does not exist, or needs credentials/, /check the name and tag/),
  "layer-missing": atLayer(status(404), /does not exist/, /check the name and tag/),
  broken: atManifest(status(500, {}, "oops"), /registry \S+ answered 500/, /see whether \S+ works/),
  "silent-manifest": atManifest(silence, /did not answer in time/, /see whether \S+ is overloaded/),
  "silent-layer": atLayer(silence, /did not answer in time/, /see whether \S+ is overloaded/),
  "silent-in-the-middle": atLayer(
    (response, _, { content }) => void response.writeHead(200).write(content.subarray(0, layerBytes / 2)),
    ...[/fell silent in the middle of an answer/, /see whether \S+ is overloaded/],
  ),
  short: atLayer(
    body((content) => content.subarray(0, content.length - 1)),
    ...[/ended after \d+ of \d+ bytes/, /see whether \S+ works/],
  ),
  long: atLayer(
    body((content) => Buffer.concat([content, Buffer.alloc(1)])),
    ...[/is longer than the \d+ bytes that were announced/, /push the image to \S+ again/],
  ),
  "wrong-digest": atLayer(
    body((content) => Buffer.alloc(content.length)),
    ...[/its digest is sha256:\S+ instead of/, /push the image to \S+ again/],
  ),
  "redirect-loop": atManifest(
    (response, request) => void response.writeHead(307, { location: request.url }).end(),
    ...[/redirects more than 5 times/, /see whether \S+ works/],
  ),
  "redirect-elsewhere": atLayer(
    (response, request) => void response.writeHead(307, { location: `http://${elsewhere}${request.url}` }).end(),
    ...[new RegExp(`sends us on to http://${elsewhere}, which is plain HTTP`), /apply a Registry \(orch\/v1\)/],
  ),
  "gzip-bomb": {
    ...atLayer(
      body((content) => content),
      bombRefusal,
      /build the layer anew/,
    ),
    image: gzipBomb,
  },
  "tar-bomb": {
    ...atLayer(
      body((content) => content),
      /a path is too long/,
      /push the image/,
    ),
    image: tarBomb,
  },
});

const waitSeconds = 2;
const limited = (seconds: number): Case =>
  atManifest(
    status(429, { "retry-after": String(seconds) }),
    new RegExp(`limits how often images are pulled and asks to be left alone for ${seconds} s`),
    /wait, or pull with credentials/,
  );

const pod = (name: string, reference: string): string => `apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec:
  nodeSelector: { kubernetes.io/hostname: ${node} }
  terminationGracePeriodSeconds: 0
  containers: [{ name: main, image: "${reference}", command: [sleep, "1000000"] }]
`;

const registryObject = (name: string, hosts: readonly string[]): string => `apiVersion: orch/v1
kind: Registry
metadata: { name: ${name} }
spec:
  hosts: ${JSON.stringify(hosts)}
  plainHTTP: true
  limits: { stallTimeoutSeconds: 1 }
`;

/** Files of the node's image store with their sizes. When images were used last is no content. */
function stored(cluster: string): readonly string[] {
  const root = join(nodePaths(cluster, node).data, "images");
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => `${path.slice(root.length)} ${statSync(path, { throwIfNoEntry: false })?.size}`)
    .sort();
}

interface Told extends KubeObject {
  readonly reason: string;
  readonly message: string;
  readonly involvedObject: { readonly name: string };
}

/** Each pod waits, and its events name the image, what happened and what to do next. */
async function sayWhy(troubles: readonly Trouble[], { cluster, namespace }: Scene): Promise<void> {
  await eventually("all pods say why they wait", async () => {
    const events = await cluster.list<Told>("events", "-n", namespace);
    for (const { name, reference, wrong } of troubles) {
      const told = events.filter(({ involvedObject }) => involvedObject.name === name).map(({ message }) => message);
      for (const beginning of ["Failed to pull image", "Back-off pulling image"]) {
        const words = `${beginning} "${reference}": `;
        const saysAll = (one: string): boolean => one.startsWith(words) && wrong.says.every((what) => what.test(one));
        assert.ok(told.some(saysAll), `${name}: nobody says ${words}${wrong.says.join()}, but\n${told.join("\n")}`);
      }
    }
    return true;
  });
}

async function areRunning(names: readonly string[], { cluster, namespace }: Scene): Promise<void> {
  await eventually(`${names.join(", ")} run`, async () => {
    const pods = await cluster.pods("-n", namespace);
    const left = names.filter(
      (name) => pods.find(({ metadata }) => metadata.name === name)?.status?.phase !== "Running",
    );
    assert.deepEqual(left, [], "these do not");
    return true;
  });
}

const gapsOf = (askedAtMs: readonly number[]): readonly number[] =>
  askedAtMs.slice(1).map((at, index) => at - (askedAtMs[index] ?? at));

/** Between two attempts of the pod: shorter waits are those of one pull that tries again. */
const podsWaits = (askedAtMs: readonly number[]): readonly number[] => gapsOf(askedAtMs).filter((gap) => gap > 1_900);

interface Trouble {
  readonly name: string;
  readonly wrong: Case;
  readonly registry: FaultyRegistry;
  readonly repository: string;
  readonly reference: string;
  readonly image: BuiltImage;
}

async function waitsLonger({ name, registry, repository }: Trouble): Promise<void> {
  await eventually(`${name} is asked for a third time`, () => {
    const waits = podsWaits(registry.askedAtMs(repository));
    assert.ok(waits.length >= 2, `asked for at ${registry.askedAtMs(repository)}`);
    assert.ok((waits[1] ?? 0) > 3_900, `it waits twice as long the second time, not ${waits}`);
    return true;
  });
}

inNamespace(
  "whatever a registry does wrong: the pod says it and waits longer each time, others run, all heals, nothing stays on the disk",
  async (scene) => {
    const { cluster, namespace } = scene;
    const address = hostAddress(readCluster(cluster.name)?.subnet ?? "");
    const open = (): Promise<FaultyRegistry> => FaultyRegistry.start(address);
    // One that wants to be left alone is asked for nothing at all: those have a registry for themselves.
    const [faulty, busy, closed, elsewhere] = await Promise.all([open(), open(), open(), open()]);
    const trouble = (name: string, wrong: Case, registry = faulty): Trouble => {
      const repository = `${namespace}/${name}`;
      const reference = `${registry.host}/${repository}:1`;
      return { name, wrong, registry, repository, reference, image: (wrong.image ?? image)() };
    };
    const wrongs = Object.entries(cases(elsewhere.host)).map(([name, wrong]) => trouble(name, wrong));
    const limitedFor = [
      trouble("asked-too-often", limited(waitSeconds), busy),
      trouble("closed-for-long", limited(600), closed),
    ] as const;
    const halfway = wrongs.find(({ name }) => name === "silent-in-the-middle") ?? assert.fail();
    const halfwayGivenUp = trouble("given-up", halfway.wrong);
    wrongs.push(halfwayGivenUp);
    const hasHalf = ({ image }: Trouble): boolean => {
      const digest = image.layers.at(-1)?.digest.replace(":", "-");
      return stored(cluster.name).some((file) => file.startsWith(`/blobs/partial/${digest} `));
    };
    const all = [...wrongs, ...limitedFor];
    const fine = `${faulty.host}/${namespace}/fine:1`;
    try {
      const hosts = [faulty, busy, closed].map(({ host }) => host);
      await cluster.apply(registryObject(namespace, hosts));
      await cluster.orchctl(["image", "prune", "--node", node]); // what other tests have left unfinished
      const before = stored(cluster.name);
      for (const { wrong, registry, repository, image } of all) registry.serve(repository, image, wrong);
      faulty.serve(`${namespace}/fine`, image());
      const manifests = all.map(({ name, reference }) => pod(name, reference));
      await cluster.apply([...manifests, pod("fine", fine)].join("---\n"), "-n", namespace);
      await areRunning(["fine"], scene);
      await sayWhy(all, scene);
      const atOnce = wrongs.filter(({ name }) => /login|forbidden|missing|long|digest|redirect/.test(name));
      await Promise.all(atOnce.map(waitsLonger));
      const [often, once] = limitedFor;
      const gaps = gapsOf(busy.askedAtMs(often.repository));
      assert.ok(gaps.length > 0 && gaps.every((gap) => gap > waitSeconds * 1000 - 50), `Retry-After: waited ${gaps}`);
      assert.equal(closed.askedAtMs(once.repository).length, 1, "it is left alone as long as it wants");
      assert.deepEqual(elsewhere.requests, [], "nothing goes where nobody has allowed");

      const bombs = wrongs.filter(({ wrong }) => wrong.image !== undefined);
      const names = [once, halfwayGivenUp, ...bombs].map(({ name }) => name);
      await cluster.orchctl(["delete", "pods", ...names, "-n", namespace]);
      assert.match(await cluster.orchctl(["image", "df", "--node", node]), /UNFINISHED/);
      await cluster.orchctl(["image", "prune", "--node", node]);
      assert.deepEqual(
        [halfway, halfwayGivenUp].map(hasHalf),
        [true, false],
        "a half stays for the pod that waits for it",
      );
      for (const one of all) one.registry.serve(one.repository, one.wrong.image ? image() : one.image);
      await cluster.apply(bombs.map(({ name, reference }) => pod(name, reference)).join("---\n"), "-n", namespace);
      const healed = [...wrongs, often].filter((one) => one !== halfwayGivenUp);
      await areRunning(
        healed.map(({ name }) => name),
        scene,
      );

      await cluster.orchctl(["delete", "pods", "--all", "-n", namespace]);
      await cluster.orchctl(["image", "prune", "--node", node]);
      const pulled = [...all.map(({ reference }) => reference), fine];
      await cluster.orchctl(["image", "rm", ...pulled, "--node", node, "--ignore-not-found"]);
      await eventually("the disk to be as before", () => {
        assert.deepEqual(stored(cluster.name), before);
        return true;
      });
    } finally {
      await cluster.orchctl(["delete", "registry.orch", namespace, "--ignore-not-found"]);
      await Promise.all([faulty, busy, closed, elsewhere].map((registry) => registry.close()));
    }
  },
);
