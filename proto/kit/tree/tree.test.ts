import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Problem } from "../problem.ts";
import { seededRandom } from "../random.ts";
import { findPlace, openDirectory } from "./beneath.ts";
import { type ReadTally, readTree } from "./read-tree.ts";
import { encodeEnd, encodeEntry, encodePiece, type TreeEntry } from "./tree-stream.ts";
import { writeTree } from "./write-tree.ts";

const folder = mkdtempSync(join(tmpdir(), "orch-tree-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const fresh = (): string => mkdtempSync(join(folder, "t-"));
const random = seededRandom(1);

async function* cut(source: AsyncIterable<Buffer> | Iterable<Buffer>, size: number): AsyncGenerator<Buffer> {
  const all: Buffer[] = [];
  for await (const part of source) all.push(part);
  const bytes = Buffer.concat(all);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function copy(from: string, name: string, to: string, as: string, size = 7): Promise<ReadTally> {
  const tally: ReadTally = { files: 0, bytes: 0, skipped: [] };
  const [source, target] = [await openDirectory(from), await openDirectory(to)];
  try {
    const stream = cut(readTree(source, Buffer.from(name), tally), size);
    const written = await writeTree(stream, { directory: target, name: Buffer.from(as), modeMask: 0o7777, random });
    assert.equal(written.bytes, tally.bytes);
  } finally {
    await Promise.all([source.close(), target.close()]);
  }
  return tally;
}

/** Writes these entries as an adversary would, without any of our reader's manners. */
async function write(
  to: string,
  entries: readonly (Partial<TreeEntry> & { readonly content?: string })[],
): Promise<void> {
  const parts = entries.flatMap(({ content, ...entry }) => {
    const whole: TreeEntry = {
      path: Buffer.alloc(0),
      type: "directory",
      mode: 0o755,
      modifiedMs: 0,
      linkTarget: undefined,
      ...entry,
    };
    const file = whole.type === "file" ? [...(content ? [encodePiece(Buffer.from(content))] : []), encodeEnd()] : [];
    return [encodeEntry(whole), ...file];
  });
  const target = await openDirectory(to);
  try {
    await writeTree(cut([...parts, encodeEnd()], 1_000), {
      directory: target,
      name: Buffer.from("in"),
      modeMask: 0o777,
      random,
    });
  } finally {
    await target.close();
  }
}

test("a tree arrives whole: names that are no text, modes, times, links, empty files and large ones", async () => {
  const [from, to] = [fresh(), fresh()];
  const strange = Buffer.from([0x61, 0xff, 0xfe]);
  mkdirSync(join(from, "app/deep/er"), { recursive: true });
  writeFileSync(join(from, "app/empty"), "");
  writeFileSync(join(from, "app/large"), Buffer.alloc(700_000, "orch"));
  writeFileSync(Buffer.concat([Buffer.from(`${from}/app/`), strange]), "strange");
  symlinkSync("../nowhere", join(from, "app/deep/link"));
  writeFileSync(join(from, "app/deep/run"), "#!");
  chmodSync(join(from, "app/deep/run"), 0o4750);
  utimesSync(join(from, "app/deep"), 1_000_000, 1_000_000);
  const tally = await copy(from, "app", to, "other");
  assert.deepEqual([tally.files, tally.skipped], [4, []]);
  assert.deepEqual(readFileSync(join(to, "other/large")), Buffer.alloc(700_000, "orch"));
  assert.equal(lstatSync(join(to, "other/empty")).size, 0);
  assert.equal(readFileSync(Buffer.concat([Buffer.from(`${to}/other/`), strange]), "utf8"), "strange");
  assert.equal(readlinkSync(join(to, "other/deep/link")), "../nowhere");
  assert.equal(lstatSync(join(to, "other/deep/run")).mode & 0o7777, 0o4750);
  assert.equal(lstatSync(join(to, "other/deep")).mtimeMs, 1_000_000_000);
  assert.ok(existsSync(join(to, "other/deep/er")));
});

test("a single file takes the new name, replaces a file, and breaks no hard link", async () => {
  const [from, to] = [fresh(), fresh()];
  writeFileSync(join(from, "a"), "new");
  writeFileSync(join(to, "b"), "old");
  linkSync(join(to, "b"), join(to, "twin"));
  await copy(from, "a", to, "b");
  assert.equal(readFileSync(join(to, "b"), "utf8"), "new");
  assert.equal(readFileSync(join(to, "twin"), "utf8"), "old");
  assert.deepEqual(readdirSync(to).sort(), ["b", "twin"], "no temporary file stays");
});

test("an existing directory is filled, keeps its mode, and the content of a directory can go straight in", async () => {
  const [from, to] = [fresh(), fresh()];
  mkdirSync(join(from, "d"));
  writeFileSync(join(from, "d/x"), "x");
  mkdirSync(join(to, "d"), { mode: 0o711 });
  writeFileSync(join(to, "d/kept"), "k");
  await copy(from, "d", to, "d");
  assert.deepEqual(readdirSync(join(to, "d")).sort(), ["kept", "x"]);
  assert.equal(lstatSync(join(to, "d")).mode & 0o777, 0o711);
  await copy(join(from, "d"), "", to, "");
  assert.equal(readFileSync(join(to, "x"), "utf8"), "x");
});

const file = (path: string, content = "evil") => ({ path: Buffer.from(path), type: "file" as const, content });
const link = (path: string, target: string) => ({
  path: Buffer.from(path),
  type: "link" as const,
  linkTarget: Buffer.from(target),
});

test("entries that name a way out, or come out of order, are refused and write nothing", async () => {
  for (const path of ["..", "../x", "a/../x", "/x", "a//x", ".", "a/.", "x/", "a\0b"]) {
    const to = fresh();
    await assert.rejects(write(to, [{}, file(path)]), (thrown) => Problem.is(thrown, "invalid"), path);
    assert.deepEqual(readdirSync(join(to, "in")), []);
  }
  for (const entries of [[file("a")], [{}, file("a/b")], [{}, {}]])
    await assert.rejects(write(fresh(), entries), (thrown) => Problem.is(thrown, "invalid"));
});

test("no link is followed: neither one that came with the tree, nor one that was there", async () => {
  const [to, outside] = [fresh(), fresh()];
  await assert.rejects(
    write(to, [{}, link("a", outside), { path: Buffer.from("a") }, file("a/evil")]),
    /symbolic link|no directory/,
  );
  await write(to, [{}, link("b", join(outside, "evil")), file("b")]);
  assert.equal(readFileSync(join(to, "in/b"), "utf8"), "evil", "the link is replaced, not written through");
  symlinkSync(outside, join(to, "in/c"));
  await assert.rejects(write(to, [{}, { path: Buffer.from("c") }, file("c/evil")]));
  rmSync(join(to, "in"), { recursive: true });
  symlinkSync(outside, join(to, "in"));
  await assert.rejects(write(to, [{}, file("evil")]));
  assert.deepEqual(readdirSync(outside), []);
});

test("a stream that ends too early, or is none, says so and leaves no half file", async () => {
  const to = fresh();
  const target = await openDirectory(to);
  const options = { directory: target, name: Buffer.from("in"), modeMask: 0o777, random };
  const entry = encodeEntry({ path: Buffer.alloc(0), type: "file", mode: 0o644, modifiedMs: 0, linkTarget: undefined });
  const broken: readonly (readonly [Buffer, string])[] = [
    [Buffer.concat([entry, encodePiece(Buffer.from("half"))]), "unavailable"],
    [Buffer.from([0xff, 0xff, 0xff, 0xff]), "invalid"],
    [encodePiece(Buffer.from([0xff, 0xff])), "invalid"],
  ];
  for (const [bytes, code] of broken)
    await assert.rejects(
      writeTree(cut([bytes], 3), options),
      (thrown) => thrown instanceof Problem && thrown.code === code,
    );
  await target.close();
  assert.deepEqual(readdirSync(to), []);
});

test("a path is found as if its root were /: links within it, never above it", async () => {
  const root = fresh();
  mkdirSync(join(root, "var/data"), { recursive: true });
  writeFileSync(join(root, "var/data/x"), "x");
  symlinkSync("/var/data", join(root, "absolute"));
  symlinkSync("../../../../var", join(root, "var/up"));
  symlinkSync("loop", join(root, "loop"));
  const handle = await openDirectory(root);
  const find = async (path: string, follow = false) => {
    const { directory, name, stats } = await findPlace(handle, path, follow);
    const inside = readdirSync(`/proc/self/fd/${directory.fd}`).sort();
    await directory.close();
    return {
      name: name.toString(),
      kind: stats?.isDirectory() ? "d" : stats?.isFile() ? "f" : stats?.isSymbolicLink() ? "l" : "-",
      inside,
    };
  };
  assert.deepEqual(await find("/absolute/x"), { name: "x", kind: "f", inside: ["x"] });
  assert.deepEqual(await find("var/up/data/x"), { name: "x", kind: "f", inside: ["x"] });
  assert.deepEqual(await find("../../var/data/../data/new"), { name: "new", kind: "-", inside: ["x"] });
  assert.equal((await find("/absolute")).kind, "l");
  assert.deepEqual([(await find("/absolute/")).name, (await find("/absolute", true)).name], ["data", "data"]);
  assert.deepEqual([(await find("/")).name, (await find("/..")).kind], ["", "d"]);
  for (const bad of ["nowhere/x", "var/data/x/y", "loop/x"]) await assert.rejects(find(bad), Problem, bad);
  await handle.close();
});

test("while a directory is exchanged for a link again and again, nothing outside is read or written", async () => {
  const [root, outside, from] = [fresh(), fresh(), fresh()];
  const [real, spare] = [join(root, "real"), join(root, "spare")];
  writeFileSync(join(outside, "file"), "the host's");
  mkdirSync(real);
  mkdirSync(join(from, "d"));
  writeFileSync(join(from, "d/file"), "the container's");
  const handle = await openDirectory(root);
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  let racing = true;
  /** The copies work in threads of their own: they may make the directory anew at any moment. */
  const put = (exchange: () => void): void => {
    for (let attempt = 0; attempt < 1_000; attempt++) {
      try {
        rmSync(real, { recursive: true, force: true });
        exchange();
        return;
      } catch {
        // Somebody was faster.
      }
    }
    assert.fail("the exchange does not come about");
  };
  const race = async (): Promise<void> => {
    while (racing) {
      renameSync(real, spare);
      put(() => symlinkSync(outside, real));
      await turn();
      put(() => renameSync(spare, real));
      await turn();
    }
  };
  const raced = race();
  let refused = 0;
  for (let i = 0; i < 300; i++) {
    const tally: ReadTally = { files: 0, bytes: 0, skipped: [] };
    for await (const part of readTree(handle, Buffer.from("real"), tally)) assert.ok(!part.includes("host's"));
    await copy(from, "d", root, "real").catch(() => refused++);
  }
  racing = false;
  await raced;
  await handle.close();
  assert.ok(refused > 0, "the exchange was met");
  assert.equal(readFileSync(join(outside, "file"), "utf8"), "the host's");
  assert.deepEqual(readdirSync(outside), ["file"]);
});
