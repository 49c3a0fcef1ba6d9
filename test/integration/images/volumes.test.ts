/** Needs root: tmpfs, bind mounts and owners. */
import assert from "node:assert/strict";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { removeTree } from "#node-agent/host/files.ts";
import { mountsBelow, unmountBelow } from "#node-agent/host/mounts.ts";
import { LocalVolumeStore } from "#node-agent/volumes/local-volume-store.ts";
import { objectsOf, podWith, volumeStoreContract } from "#node-agent/volumes/volume-store.contract.ts";
import type { PreparedVolume } from "#node-agent/volumes/volume-store.ts";
import { systemRandom } from "#proto/kit/random.ts";
import type { Volume } from "#proto/resources/pod.ts";

let directory = "";
let store: LocalVolumeStore;
const open = (base: string): Promise<LocalVolumeStore> =>
  LocalVolumeStore.open({
    directory: join(base, "data"),
    runDirectory: join(base, "run"),
    random: systemRandom,
    resourceValue: () => "1",
  });
const close = async (base: string): Promise<void> => {
  await unmountBelow(base);
  await removeTree(base);
};
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "orch-volumes-"));
  store = await open(directory);
});
afterEach(() => close(directory));

volumeStoreContract("local", async () => {
  const base = mkdtempSync(join(tmpdir(), "orch-volumes-"));
  const read = (path: string, file: string): string | undefined =>
    existsSync(join(path, file)) ? readFileSync(join(path, file), "utf8") : undefined;
  return { store: await open(base), read, close: () => close(base) };
});

const uid = podWith([]).metadata.uid ?? "";
const nothing = objectsOf({});
const prepareOne = async (volume: Volume, objects = nothing, fsGroup?: number): Promise<PreparedVolume> => {
  const pod = podWith([volume]);
  if (fsGroup !== undefined) pod.spec.securityContext = { fsGroup };
  const [prepared] = await store.prepare(pod, objects);
  assert.ok(prepared);
  return prepared;
};
const mode = (path: string): number => statSync(path).mode & 0o7777;
const tmpfsMagic = 0x01021994;

test("an emptyDir is open to all, on the disk, and keeps its content when prepared again", async () => {
  const { path } = await prepareOne({ name: "e", emptyDir: {} });
  assert.equal(mode(path), 0o777);
  assert.notEqual(statfsSync(path).type, tmpfsMagic);
  writeFileSync(join(path, "f"), "kept");
  await prepareOne({ name: "e", emptyDir: {} });
  assert.equal(readFileSync(join(path, "f"), "utf8"), "kept");
});

test("an emptyDir in memory is a tmpfs of the size asked for", async () => {
  const { path } = await prepareOne({ name: "e", emptyDir: { medium: "Memory", sizeLimit: "1Mi" } });
  const { type, blocks, bsize } = statfsSync(path);
  assert.deepEqual([type, blocks * bsize], [tmpfsMagic, 1024 * 1024]);
  assert.throws(() => writeFileSync(join(path, "f"), Buffer.alloc(2 * 1024 * 1024)), { code: "ENOSPC" });
});

test("without a size it holds no more than the pod's memory; huge pages are a file system of theirs", async () => {
  const volumes = [
    { name: "m", emptyDir: { medium: "Memory" } },
    { name: "h", emptyDir: { medium: "HugePages" } },
  ];
  const pod = podWith(volumes);
  const limits = { memory: "2Mi", "hugepages-2Mi": "4Mi" };
  pod.spec.containers = [{ name: "c", image: "i", resources: { limits } }];
  const [memory, pages] = await store.prepare(pod, nothing);
  assert.ok(memory && pages);
  const { blocks, bsize } = statfsSync(memory.path);
  assert.equal(blocks * bsize, 2 * 2 ** 20);
  const hugetlbfs = statfsSync(pages.path);
  assert.deepEqual([hugetlbfs.type, hugetlbfs.bsize, mode(pages.path)], [0x958458f6, 2 * 2 ** 20, 0o777]);
});

test("fsGroup owns what can be owned, and reads secrets", async () => {
  const empty = await prepareOne({ name: "e", emptyDir: {} }, nothing, 2000);
  assert.deepEqual([statSync(empty.path).gid, mode(empty.path)], [2000, 0o2777]);
  const objects = objectsOf({}, { s: { key: "v" } });
  const secret = await prepareOne({ name: "s", secret: { secretName: "s", defaultMode: 0o400 } }, objects, 2000);
  assert.deepEqual([statSync(join(secret.path, "key")).gid, mode(join(secret.path, "key"))], [2000, 0o440]);
});

test("secrets are in memory only, in a directory that only root enters", async () => {
  const secret = await prepareOne({ name: "s", secret: { secretName: "s" } }, objectsOf({}, { s: { key: "hidden" } }));
  assert.equal(statfsSync(secret.path).type, tmpfsMagic);
  assert.equal(mode(join(directory, "run")), 0o700);
  assert.deepEqual(readdirSync(join(directory, "data")), []);
});

test("content changes by a swap of one link; what is read before the swap stays whole", async () => {
  const volume: Volume = { name: "c", configMap: { name: "c" } };
  const { path } = await prepareOne(volume, objectsOf({ c: { a: "1", b: "1" } }));
  const before = readlinkSync(join(path, "..data"));
  assert.equal(readlinkSync(join(path, "a")), "..data/a");
  await store.refresh(podWith([volume]), objectsOf({ c: { a: "1", b: "1" } }));
  assert.equal(readlinkSync(join(path, "..data")), before);
  await store.refresh(podWith([volume]), objectsOf({ c: { a: "2", c: "2" } }));
  assert.notEqual(readlinkSync(join(path, "..data")), before);
  assert.deepEqual(
    readdirSync(path)
      .filter((name) => !name.startsWith(".."))
      .sort(),
    ["a", "c"],
  );
  assert.equal(readdirSync(path).filter((name) => name.startsWith("..")).length, 2);
});

test("a write that crashed half way is completed", async () => {
  const volume: Volume = { name: "c", configMap: { name: "c" } };
  const { path } = await prepareOne(volume, objectsOf({ c: { a: "1" } }));
  mkdirSync(join(path, "..left-over"));
  symlinkSync("..left-over", join(path, "..data_tmp"));
  rmSync(join(path, "a"));
  await store.refresh(podWith([volume]), objectsOf({ c: { a: "2" } }));
  assert.equal(readFileSync(join(path, "a"), "utf8"), "2");
  assert.equal(existsSync(join(path, "..left-over")), false);
});

test("a refresh without the object keeps what is there", async () => {
  const volume: Volume = { name: "c", configMap: { name: "c" } };
  const { path } = await prepareOne(volume, objectsOf({ c: { a: "1" } }));
  await assert.rejects(store.refresh(podWith([volume]), nothing), { code: "not-found" });
  assert.equal(readFileSync(join(path, "a"), "utf8"), "1");
});

const hostPaths: readonly (readonly [string, string, string | undefined])[] = [
  ["Directory", "d", undefined],
  ["Directory", "f", "is a file, not a directory"],
  ["Directory", "none", "there is no directory"],
  ["File", "f", undefined],
  ["File", "d", "is a directory, not a file"],
  ["Socket", "s", undefined],
  ["Socket", "f", "is a file, not a socket"],
  ["CharDevice", "/dev/null", undefined],
  ["CharDevice", "f", "is a file, not a character device"],
  ["BlockDevice", "/dev/null", "is a character device, not a block device"],
  ["DirectoryOrCreate", "made/deep", undefined],
  ["FileOrCreate", "made-file", undefined],
  ["FileOrCreate", "none/file", "its directory does not exist"],
  ["", "anything", undefined],
  ["", "../etc", "must be absolute"],
];
test("a hostPath must be what its type says", async () => {
  const host = join(directory, "host");
  mkdirSync(join(host, "d"), { recursive: true });
  writeFileSync(join(host, "f"), "");
  const server = createServer().listen(join(host, "s"));
  for (const [type, name, problem] of hostPaths) {
    const path = name.startsWith("/") ? name : `${host}/${name}`;
    const volume = { name: "h", hostPath: { path, type } } as Volume;
    if (problem === undefined) assert.equal((await prepareOne(volume)).path, path);
    else await assert.rejects(prepareOne(volume), { code: "invalid", message: new RegExp(problem) }, `${type} ${name}`);
  }
  assert.ok(statSync(join(host, "made/deep")).isDirectory() && statSync(join(host, "made-file")).isFile());
  await new Promise((resolve) => server.close(resolve));
});

test("removing a pod's volumes leaves hostPaths, other pods and the targets of links alone", async () => {
  const host = join(directory, "host");
  mkdirSync(host);
  writeFileSync(join(host, "keep"), "");
  const pod = podWith([
    { name: "h", hostPath: { path: host, type: "" } },
    { name: "e", emptyDir: {} },
    { name: "m", emptyDir: { medium: "Memory" } },
    { name: "c", configMap: { name: "c" } },
  ]);
  const objects = objectsOf({ c: { a: "1" } });
  const prepared = await store.prepare(pod, objects);
  await store.prepare(podWith([{ name: "e", emptyDir: {} }], "other"), objects);
  const [hostVolume, empty] = prepared;
  assert.ok(hostVolume && empty);
  await store.subPath(uid, hostVolume, "keep");
  symlinkSync(host, join(empty.path, "link"));
  const again = await open(directory); // as after a crash: nothing is remembered
  await again.remove(uid);
  assert.deepEqual(await again.list(), ["other"]);
  assert.ok(existsSync(join(host, "keep")));
  const mounted = (await mountsBelow(directory)).map((entry) => entry.mountPoint);
  assert.deepEqual(mounted, [join(directory, "run")]);
});

test("a subPath is made as a directory, or pins the file that is there", async () => {
  const volume = await prepareOne({ name: "e", emptyDir: {} });
  const made = await store.subPath(uid, volume, "a/b/");
  writeFileSync(join(made, "f"), "1");
  assert.equal(readFileSync(join(volume.path, "a/b/f"), "utf8"), "1");
  const file = await store.subPath(uid, volume, "a/./b/f");
  assert.equal(readFileSync(file, "utf8"), "1");
  assert.equal(await store.subPath(uid, volume, "a/./b/f"), file);
  rmSync(join(volume.path, "a/b/f"));
  writeFileSync(join(volume.path, "a/b/f"), "2");
  assert.equal(readFileSync(await store.subPath(uid, volume, "a/./b/f"), "utf8"), "2");
});

test("a key of a ConfigMap can be a subPath", async () => {
  const volume = await prepareOne({ name: "c", configMap: { name: "c" } }, objectsOf({ c: { a: "1" } }));
  const path = await store.subPath(uid, volume, "a");
  assert.ok(lstatSync(path).isFile());
  assert.equal(readFileSync(path, "utf8"), "1");
});

test("links in a volume never lead a subPath out of it", async () => {
  const volume = await prepareOne({ name: "e", emptyDir: {} });
  mkdirSync(join(volume.path, "in/side"), { recursive: true });
  writeFileSync(join(volume.path, "file"), "");
  const links: Readonly<Record<string, string>> = {
    abs: "/etc",
    up: "../..",
    loop: "loop",
    deep: "in/../../../etc",
    fine: "in/side",
  };
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(volume.path, name));
  for (const path of ["abs", "abs/passwd", "up", "up/x", "loop", "deep", "file/x", "fine/../../../x"]) {
    await assert.rejects(store.subPath(uid, volume, path), { code: "invalid" }, path);
  }
  const fine = await store.subPath(uid, volume, "fine");
  writeFileSync(join(fine, "f"), "");
  assert.ok(existsSync(join(volume.path, "in/side/f")));
});

test("a pinned subPath stays when the volume's content is turned elsewhere", async () => {
  const volume = await prepareOne({ name: "e", emptyDir: {} });
  const pinned = await store.subPath(uid, volume, "dir");
  writeFileSync(join(pinned, "mine"), "");
  renameSync(join(volume.path, "dir"), join(volume.path, "moved"));
  symlinkSync("/etc", join(volume.path, "dir"));
  assert.deepEqual(readdirSync(pinned), ["mine"]);
  await assert.rejects(store.subPath(uid, volume, "dir"), { code: "invalid" });
});

test("ids and names that are paths are refused", async () => {
  await assert.rejects(store.remove("../x"), { code: "bad-request" });
  await assert.rejects(prepareOne({ name: "../x", emptyDir: {} }), { code: "invalid" });
  await assert.rejects(store.prepare(podWith([{ name: "e", emptyDir: {} }], ".."), nothing), { code: "bad-request" });
});
