import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { noSecurityModules, readSecurityModules } from "./security-modules.ts";

/** A sysfs with these files. */
async function fakeSys(t: TestContext, files: Readonly<Record<string, string>>): Promise<string> {
  const sys = await mkdtemp(join(tmpdir(), "orch-sys-"));
  t.after(() => rm(sys, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(sys, name)), { recursive: true });
    await writeFile(join(sys, name), text);
  }
  return sys;
}

const enabled = "module/apparmor/parameters/enabled";
const profiles = "kernel/security/apparmor/profiles";

test("a kernel with neither module has neither", async (t) => {
  assert.deepEqual(await readSecurityModules(await fakeSys(t, {})), noSecurityModules);
  assert.deepEqual(
    await readSecurityModules(await fakeSys(t, { [enabled]: "N\n", [profiles]: "" })),
    noSecurityModules,
  );
});

test("AppArmor's loaded profiles are read by name, spaces included", async (t) => {
  const sys = await fakeSys(t, {
    [enabled]: "Y\n",
    [profiles]: "orch-default (enforce)\n/usr/bin/a b (complain)\nodd\n",
  });
  assert.deepEqual(await readSecurityModules(sys), {
    appArmorProfiles: new Set(["orch-default", "/usr/bin/a b"]),
    seLinux: false,
  });
});

test("SELinux is there when its file system is mounted", async (t) => {
  assert.equal((await readSecurityModules(await fakeSys(t, { "fs/selinux/enforce": "1" }))).seLinux, true);
});
