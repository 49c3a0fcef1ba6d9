import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import { seededRandom } from "#proto/kit/random.ts";
import { chooseUser, parseGroup, parsePasswd, resolveUser, type UserRequest } from "./image-user.ts";
import { checkRootfs } from "./rootfs-walk.ts";

const passwd = parsePasswd(
  "root:x:0:0:root:/root:/bin/sh\nweb:x:1000:1001::/home/web:/bin/sh\nodd:x:99999999999:0::/:\n# no\n:x:5:5::\n",
);
const groups = parseGroup("root:x:0:\nweb:x:1001:\nextra:x:2000:root,web\nother:x:3000:nobody\n");
const invalid = (thrown: unknown): boolean => Problem.is(thrown, "invalid");

function choose(imageUser: string, changes: Partial<UserRequest> = {}) {
  return chooseUser({ imageUser, podSecurity: undefined, security: undefined, ...changes }, passwd, groups);
}

test("without a user it is root", () => {
  assert.deepEqual(choose(""), { uid: 0, gid: 0, additionalGids: [0, 2000], home: "/root" });
});

test("names and numbers resolve with group, home and memberships", () => {
  const web = { uid: 1000, gid: 1001, additionalGids: [1001, 2000], home: "/home/web" };
  assert.deepEqual(choose("web"), web);
  assert.deepEqual(choose("1000"), web);
  assert.deepEqual(choose("web:other"), { ...web, gid: 3000, additionalGids: [3000, 2000] });
  assert.deepEqual(choose("web:7"), { ...web, gid: 7, additionalGids: [7, 2000] });
  assert.deepEqual(choose("4711"), { uid: 4711, gid: 0, additionalGids: [0], home: undefined });
});

test("with the policy Strict the image's groups give nothing: only the pod's do", () => {
  const podSecurity = { supplementalGroupsPolicy: "Strict" as const, supplementalGroups: [5000], fsGroup: 6000 };
  assert.deepEqual(choose("web", { podSecurity }).additionalGids, [1001, 5000, 6000]);
  const merged = { ...podSecurity, supplementalGroupsPolicy: "Merge" as const };
  assert.deepEqual(choose("web", { podSecurity: merged }).additionalGids, [1001, 2000, 5000, 6000]);
});

test("odd spellings of users are refused: none becomes root", () => {
  const odd = [
    "4294967296",
    "2147483648",
    "0x0",
    "+0",
    "-1",
    "00",
    "root\n",
    " root",
    "1e3",
    "99999999999999999999",
    ":",
    "a:b:c",
    "root:",
    ":0",
    "ro ot",
    "root/x",
  ];
  for (const user of odd) assert.throws(() => choose(user), invalid, JSON.stringify(user));
  for (const unknown of ["nobody", "web:nobody"]) assert.throws(() => choose(unknown), invalid, unknown);
});

test("whatever the image says, a user is refused or what its text says", () => {
  const random = seededRandom(7);
  const alphabet = "0123456789+-x:abroot\n\0 é";
  for (let round = 0; round < 2_000; round++) {
    const length = Math.floor(random.next() * 12);
    const user = Array.from({ length }, () => alphabet[Math.floor(random.next() * alphabet.length)]).join("");
    try {
      const { uid } = choose(user);
      const [head = ""] = user.split(":");
      if (uid === 0) assert.ok(head === "" ? user === "" : head === "0" || head === "root", JSON.stringify(user));
    } catch (thrown) {
      assert.ok(invalid(thrown), String(thrown));
    }
  }
});

test("the container's word comes before the pod's, the pod's before the image's", () => {
  const podSecurity = { runAsUser: 5, runAsGroup: 6, supplementalGroups: [7], fsGroup: 8 };
  assert.deepEqual(choose("web", { podSecurity }), { uid: 5, gid: 6, additionalGids: [6, 7, 8], home: undefined });
  assert.equal(choose("web", { podSecurity, security: { runAsUser: 1000 } }).uid, 1000);
  assert.equal(choose("web:other", { security: { runAsUser: 1000 } }).gid, 1001);
  assert.throws(() => choose("", { security: { runAsUser: -1 } }), invalid);
  assert.throws(() => choose("", { security: { runAsUser: 2 ** 31 } }), invalid);
});

test("runAsNonRoot refuses root by whatever way it comes", () => {
  const security = { runAsNonRoot: true };
  for (const user of ["", "0", "root", "root:web"]) assert.throws(() => choose(user, { security }), invalid, user);
  assert.equal(choose("web", { security }).uid, 1000);
  assert.throws(() => choose("web", { podSecurity: security, security: { runAsUser: 0 } }), invalid);
  assert.equal(choose("", { podSecurity: security, security: { runAsNonRoot: false } }).uid, 0);
});

async function image(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "orch-image-"));
  t.after(() => rm(directory, { recursive: true }));
  const root = join(directory, "rootfs");
  await mkdir(join(root, "etc"), { recursive: true });
  await writeFile(join(directory, "secret"), "thief:x:0:0::/:\n");
  return root;
}
const asThief = { imageUser: "thief", podSecurity: undefined, security: undefined };

test("links in the image never lead out of it", async (t) => {
  const root = await image(t);
  for (const target of ["../../secret", "/../../secret", `${root}/../secret`]) {
    await symlink(target, join(root, "etc", "passwd"));
    await assert.rejects(resolveUser(root, asThief), invalid, target);
    await rm(join(root, "etc", "passwd"));
  }
  await writeFile(join(root, "real"), "thief:x:7:8::/:\n");
  await symlink("/real", join(root, "etc", "passwd"));
  assert.equal((await resolveUser(root, asThief)).uid, 7);
});

test("loops, devices and giants in place of the files are refused", async (t) => {
  const root = await image(t);
  const path = join(root, "etc", "passwd");
  await symlink("passwd", path);
  await assert.rejects(resolveUser(root, asThief), invalid);
  await rm(path);
  await mkdir(path);
  await assert.rejects(resolveUser(root, asThief), invalid);
  await rm(path, { recursive: true });
  await writeFile(path, "");
  await truncate(path, 2 * 1024 * 1024);
  await assert.rejects(resolveUser(root, asThief), invalid);
});

test("an image whose /dev, /proc or /sys is a link is refused", async (t) => {
  const root = await image(t);
  await checkRootfs(root);
  for (const name of ["dev", "proc", "sys"]) {
    await symlink("/etc", join(root, name));
    await assert.rejects(checkRootfs(root), invalid, name);
    await rm(join(root, name));
  }
});
