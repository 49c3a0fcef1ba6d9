/** Needs root: layers hold device nodes and owners, root filesystems are mounts. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { isMountPoint, unmountBelow } from "#node-agent/host/mounts.ts";
import { busyboxArchive, busyboxImage } from "#test/support/busybox-image.ts";
import { buildImage, dockerArchive, ociArchive } from "#test/support/image-builder.ts";
import { type TarEntry, tar } from "#test/support/tar-writer.ts";
import { type ImageNode, inPieces, never, openImageNode } from "./image-node.ts";

let node: ImageNode;
beforeEach(async () => {
  node = await openImageNode();
});
afterEach(() => node.close());

const load = (archive: Buffer): ReturnType<ImageNode["images"]["load"]> => node.images.load(inPieces(archive), never);
const leftovers = (): readonly string[] => [
  ...readdirSync(join(node.directory, "images/ingest")),
  ...readdirSync(join(node.directory, "images/layers/tmp")),
  ...readdirSync(join(node.directory, "images/blobs/partial")),
];

test("a docker-archive is loaded, found by name, digest and id, and runs", async () => {
  const [image, ...rest] = await load(busyboxArchive(["busybox:test", "orch.example/bb:1"]));
  assert.ok(image && rest.length === 0);
  assert.deepEqual(image.names, ["docker.io/library/busybox:test", "orch.example/bb:1"]);
  assert.deepEqual(image.config.command, ["sh"]);
  for (const reference of ["busybox:test", "orch.example/bb:1", image.digest, image.id.slice("sha256:".length)]) {
    assert.equal((await node.images.find(reference))?.id, image.id);
  }
  assert.equal(await node.images.find("busybox:other"), undefined);
  const root = await node.rootfs.prepare("c1", image);
  assert.equal(
    execFileSync("chroot", [root, "/bin/sh", "-c", "echo $((6*7)); id -u nobody"], { encoding: "utf8" }),
    "42\n65534\n",
  );
  assert.equal(statSync(join(root, "tmp")).mode & 0o7777, 0o1777);
  assert.deepEqual(leftovers(), []);
});

test("archives compressed with gzip or zstd, in the OCI form or both forms, are loaded", async () => {
  const image = busyboxImage({ compression: "zstd" });
  const both = tar([
    ...[image.manifest, image.config, ...image.layers].map(
      (blob): TarEntry => ({ name: `blobs/sha256/${blob.digest.slice(7)}`, content: blob.content }),
    ),
    {
      name: "index.json",
      content: JSON.stringify({
        schemaVersion: 2,
        manifests: [{ digest: image.manifest.digest, size: image.manifest.size }],
      }),
    },
    {
      name: "manifest.json",
      content: JSON.stringify([
        {
          Config: `blobs/sha256/${image.config.digest.slice(7)}`,
          RepoTags: ["bb:both"],
          Layers: image.layers.map((layer) => `blobs/sha256/${layer.digest.slice(7)}`),
        },
      ]),
    },
  ]);
  for (const [archive, name] of [
    [gzipSync(dockerArchive(image, ["bb:docker"])), "bb:docker"],
    [zstdCompressSync(ociArchive(image, ["bb:oci"])), "bb:oci"],
    [both, "bb:both"],
  ] as const) {
    const [loaded] = await load(archive);
    assert.equal(loaded?.id, image.config.digest);
    assert.equal((await node.images.find(name))?.id, image.config.digest);
    if (name !== "bb:docker") assert.equal((await node.images.find(name))?.digest, image.manifest.digest);
  }
});

test("images, names and root filesystems are found again after a restart", async () => {
  const [image] = await load(busyboxArchive(["bb:1"]));
  assert.ok(image);
  const root = await node.rootfs.prepare("c1", image);
  writeFileSync(join(root, "written"), "kept");
  await node.reopen();
  assert.deepEqual(await node.images.find("bb:1"), image);
  assert.deepEqual(await node.rootfs.list(), ["c1"]);
  assert.equal(await node.rootfs.prepare("c1", image), root);
  assert.equal(readFileSync(join(root, "written"), "utf8"), "kept");
  await node.rootfs.remove("c1");
  assert.deepEqual(await node.rootfs.list(), []);
  assert.equal(await isMountPoint(root), false);
  assert.equal(existsSync(root), false);
  await node.rootfs.remove("c1");
});

test("containers write into layers of their own", async () => {
  const [image] = await load(busyboxArchive(["bb:1"]));
  assert.ok(image);
  const [one, two] = [await node.rootfs.prepare("c1", image), await node.rootfs.prepare("c2", image)];
  rmSync(join(one, "etc/passwd"));
  assert.ok(existsSync(join(two, "etc/passwd")));
});

test("a root filesystem that lost its mount, as after a power failure, is made anew", async () => {
  const [image] = await load(busyboxArchive(["bb:1"]));
  assert.ok(image);
  const root = await node.rootfs.prepare("c1", image);
  writeFileSync(join(root, "written"), "lost");
  await unmountBelow(root);
  await node.reopen();
  assert.deepEqual(await node.rootfs.list(), ["c1"]);
  assert.equal(await node.rootfs.prepare("c1", image), root);
  assert.deepEqual([existsSync(join(root, "written")), existsSync(join(root, "bin/sh"))], [false, true]);
});

test("a tag moves to the image that an archive names so; the other image stays under its other names", async () => {
  await load(busyboxArchive(["bb:1", "bb:old"]));
  const [newer] = await load(busyboxArchive(["bb:1"], { config: { Cmd: ["true"] } }));
  assert.equal((await node.images.find("bb:1"))?.id, newer?.id);
  assert.notEqual((await node.images.find("bb:old"))?.id, newer?.id);
});

test("removing the last name removes layers and blobs, but not what another image or a container needs", async () => {
  const shared: TarEntry[] = [{ name: "shared", content: "1" }];
  const image = (own: string): Buffer =>
    dockerArchive(buildImage({ layers: [shared, [{ name: own, content: own }]] }), [`${own}:1`]);
  const [a] = await load(image("a"));
  const [b] = await load(image("b"));
  assert.ok(a && b);
  const root = await node.rootfs.prepare("c1", b);
  await node.images.remove("a:1");
  assert.equal(await node.images.find("a:1"), undefined);
  await node.images.settled();
  assert.deepEqual([...node.images.layers.list()].sort(), [...b.diffIds].sort());
  await node.images.remove("b:1");
  await node.images.settled();
  assert.ok(existsSync(join(root, "shared")));
  assert.equal(node.images.layers.list().length, 2);
  await node.rootfs.remove("c1");
  await node.images.tidy(async () => undefined);
  assert.deepEqual(node.images.layers.list(), []);
  assert.deepEqual(readdirSync(join(node.directory, "images/blobs/sha256")), []);
});

test("a layer lost behind our back makes the image incomplete, loading it again repairs it", async () => {
  const [image] = await load(busyboxArchive(["bb:1"]));
  assert.ok(image);
  rmSync(join(node.directory, "images/layers/erofs", `${image.diffIds[0]?.slice(7)}.erofs`));
  await node.reopen();
  assert.equal(await node.images.find("bb:1"), undefined);
  await load(busyboxArchive(["bb:1"]));
  assert.ok(await node.images.find("bb:1"));
});

test("200 layers are mounted", async () => {
  const layers = Array.from({ length: 200 }, (_, index): TarEntry[] => [{ name: `f${index}`, content: String(index) }]);
  const [image] = await load(dockerArchive(buildImage({ layers }), ["many:1"]));
  assert.ok(image);
  const root = await node.rootfs.prepare("c1", image);
  assert.equal(readdirSync(root).length, 200);
});

test("an image without layers is an empty root", async () => {
  const [image] = await load(dockerArchive(buildImage({ layers: [] }), ["empty:1"]));
  assert.ok(image);
  assert.deepEqual(readdirSync(await node.rootfs.prepare("c1", image)), []);
});

test("parents that a layer leaves out keep the attributes of the layer below, for each image its own", async () => {
  const base = (mode: number, uid: number): TarEntry[] => [
    { name: "./", type: "directory", mode: 0o711 },
    { name: "a/", type: "directory", mode, uid, mtime: 1000 },
    { name: "a/b/", type: "directory", mode: 0o700, uid, xattrs: { "user.k": "v" } },
  ];
  const top: TarEntry[] = [{ name: "a/b/file", content: "x" }];
  const image = (mode: number, uid: number): Buffer =>
    dockerArchive(buildImage({ layers: [base(mode, uid), top] }), [`p:${uid}`]);
  for (const [mode, uid] of [
    [0o1770, 7],
    [0o755, 8],
  ] as const) {
    const [loaded] = await load(image(mode, uid));
    assert.ok(loaded);
    const root = await node.rootfs.prepare(`c${uid}`, loaded);
    const [a, b] = [lstatSync(join(root, "a")), lstatSync(join(root, "a/b"))];
    assert.deepEqual([a.mode & 0o7777, a.uid, a.mtimeMs], [mode, uid, 1_000_000]);
    assert.deepEqual([b.mode & 0o7777, b.uid], [0o700, uid]);
    assert.equal(statSync(root).mode & 0o7777, 0o711);
    assert.ok(existsSync(join(root, "a/b/file")));
  }
});

test("a whole image looks as umoci unpacks it", async () => {
  const upper: readonly TarEntry[][] = [
    [
      { name: "etc/.wh.group", content: "" },
      { name: "srv/data/", type: "directory", mode: 0o2750, uid: 10, gid: 20, mtime: 1_600_000_000 },
      { name: "srv/data/file", content: "one", mode: 0o640, uid: 10, mtime: 1_600_000_001 },
      { name: "srv/data/hard", type: "hardlink", linkName: "srv/data/file" },
      { name: "srv/link", type: "symlink", linkName: "data/file" },
      { name: "var/log/deep/er/file", content: "x".repeat(10_000) },
    ],
    [
      { name: "srv/data/", type: "directory", mode: 0o755 },
      { name: "srv/data/.wh..wh..opq", content: "" },
      { name: "srv/data/new", content: "two" },
      { name: "etc/.wh.passwd", content: "" },
      { name: "home", type: "symlink", linkName: "srv" },
      { name: "tmp/pipe", type: "fifo" },
      { name: "dev/mem", type: "char", major: 1, minor: 1, mode: 0o640 },
    ],
  ];
  const image = busyboxImage({ layers: upper });
  const file = join(node.directory, "image.tar");
  const layout = join(node.directory, "layout");
  const bundle = join(node.directory, "bundle");
  writeFileSync(file, ociArchive(image, ["compare:1"]));
  execFileSync("skopeo", ["--insecure-policy", "copy", "-q", `oci-archive:${file}:compare:1`, `oci:${layout}:1`]);
  execFileSync("umoci", ["unpack", "--image", `${layout}:1`, bundle], { stdio: "ignore" });
  const [loaded] = await load(readFileSync(file));
  assert.ok(loaded);
  const root = await node.rootfs.prepare("c1", loaded);
  const [ours, theirs] = [describeTree(root), describeTree(join(bundle, "rootfs"))];
  assert.deepEqual(
    ours.filter((line) => !theirs.includes(line)),
    [],
  );
  assert.deepEqual(
    theirs.filter((line) => !ours.includes(line)),
    [],
  );
});

/** Name, type, mode, owner, links, size, time and target of everything; directories' sizes and the root's and implicit parents' times differ by nature. */
function describeTree(root: string): readonly string[] {
  const format = "%P|%y|%m|%U:%G|%n|%s|%T@|%l\\n";
  return execFileSync("find", [".", "-printf", format], { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 })
    .split("\n")
    .map((line) => line.split("|"))
    .map((fields) => (fields[1] === "d" ? fields.slice(0, 4) : fields).join("|"))
    .sort();
}

const broken: readonly (readonly [string, () => Buffer, string])[] = [
  ["no archive at all", () => Buffer.from("this is no tar, and it is longer than nothing".repeat(40)), "invalid"],
  ["an empty stream", () => Buffer.alloc(0), "invalid"],
  ["a tar of something else", () => tar([{ name: "README", content: "hi" }]), "invalid"],
  ["a cut archive", () => busyboxArchive(["bb:1"]).subarray(0, 500_000), "invalid"],
  ["a cut gzip", () => gzipSync(busyboxArchive(["bb:1"])).subarray(0, 300_000), "invalid"],
  ["xz", () => Buffer.concat([Buffer.from("fd377a585a00", "hex"), Buffer.alloc(100)]), "unsupported"],
  [
    "another architecture",
    () => dockerArchive(buildImage({ layers: [], architecture: "s390x" }), ["bb:1"]),
    "unsupported",
  ],
  ["a malformed tag", () => dockerArchive(buildImage({ layers: [] }), ["UPPER CASE"]), "bad-request"],
  [
    "a layer that is not what the config says",
    () => {
      const image = buildImage({ layers: [[{ name: "a" }], [{ name: "b" }]] });
      return dockerArchive({ ...image, tars: [...image.tars].reverse() }, ["bb:1"]);
    },
    "invalid",
  ],
  [
    "fewer layers than diff ids",
    () => {
      const image = buildImage({ layers: [[{ name: "a" }], [{ name: "b" }]] });
      const config = image.config.digest.slice(7);
      return tar([
        { name: `${config}.json`, content: image.config.content },
        { name: "l.tar", content: image.tars[0] ?? "" },
        {
          name: "manifest.json",
          content: JSON.stringify([{ Config: `${config}.json`, RepoTags: null, Layers: ["l.tar"] }]),
        },
      ]);
    },
    "invalid",
  ],
  [
    "a blob that is not what its name says",
    () => {
      const image = buildImage({ layers: [[{ name: "a" }]] });
      const forged = {
        ...image.config,
        content: Buffer.from(image.config.content.toString().replace("linux", "linuX")),
      };
      return ociArchive({ ...image, config: forged }, ["bb:1"]);
    },
    "invalid",
  ],
];
for (const [name, archive, code] of broken) {
  test(`loading ${name} is refused as ${code}, and leaves nothing`, async () => {
    await assert.rejects(load(archive()), { name: "Problem", code });
    assert.deepEqual(await node.images.list(), []);
    assert.deepEqual(leftovers(), []);
  });
}

test("one broken image keeps the others of its archive out: all or nothing", async () => {
  const good = buildImage({ layers: [[{ name: "good" }]] });
  const bad = buildImage({ layers: [[{ name: "x/.wh..", content: "" }]] });
  const item = (_image: typeof good, tag: string): object => ({
    Config: `${tag}.json`,
    RepoTags: [`${tag}:1`],
    Layers: [`${tag}.tar`],
  });
  const archive = tar([
    { name: "good.json", content: good.config.content },
    { name: "good.tar", content: good.tars[0] ?? "" },
    { name: "bad.json", content: bad.config.content },
    { name: "bad.tar", content: bad.tars[0] ?? "" },
    { name: "manifest.json", content: JSON.stringify([item(good, "good"), item(bad, "bad")]) },
  ]);
  await assert.rejects(load(archive), { code: "invalid", message: /no valid whiteout/ });
  assert.deepEqual(await node.images.list(), []);
});

test("a canceled load leaves nothing", async () => {
  const controller = new AbortController();
  const archive = busyboxArchive(["bb:1"]);
  const endless = async function* (): AsyncGenerator<Buffer> {
    yield archive.subarray(0, 100_000);
    controller.abort();
    yield archive.subarray(100_000, 200_000);
    yield archive.subarray(200_000);
  };
  await assert.rejects(node.images.load(endless(), controller.signal), { code: "canceled" });
  assert.deepEqual(leftovers(), []);
});
