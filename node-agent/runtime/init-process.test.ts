import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { getsInit, isInit, withInit } from "./init-process.ts";
import type { OciConfig, OciMount } from "./oci-types.ts";
import { checkProgram } from "./program-check.ts";

const mount = (destination: string, type = "bind"): OciMount => ({ destination, type, source: "/x", options: [] });

function config(
  root: string,
  args: readonly string[],
  mounts: readonly OciMount[] = [mount("/dev", "tmpfs")],
): OciConfig {
  const none: readonly string[] = [];
  return {
    ociVersion: "1.0.2",
    root: { path: root, readonly: false },
    process: {
      args,
      env: ["PATH=/usr/bin:/bin"],
      cwd: "/app",
      terminal: false,
      user: { uid: 0, gid: 0, additionalGids: [] },
      capabilities: { bounding: none, effective: none, permitted: none, inheritable: none, ambient: none },
      rlimits: [],
      noNewPrivileges: false,
      oomScoreAdj: 0,
    },
    mounts,
    linux: {
      namespaces: [],
      cgroupsPath: "/x",
      resources: { devices: [], pids: { limit: 1 } },
      maskedPaths: [],
      readonlyPaths: [],
    },
  };
}

test("commands that are an init process themselves are known", () => {
  for (const args of [["/sbin/init"], ["tini", "--", "web"], ["/usr/bin/dumb-init", "web"], ["/init"]])
    assert.equal(isInit(args), true, args.join(" "));
  assert.equal(isInit(["/bin/busybox", "init"]), true);
  for (const args of [["web"], ["/bin/busybox", "sh"], ["/opt/init/web"], ["initdb"], []])
    assert.equal(isInit(args), false, args.join(" "));
});

test("none for those, when turned off, and among the host's processes", () => {
  const plain = { init: true, hostPid: false };
  assert.equal(getsInit(plain, ["web"]), true);
  assert.equal(getsInit(plain, ["/sbin/init"]), false);
  assert.equal(getsInit({ ...plain, init: false }, ["web"]), false);
  assert.equal(getsInit({ ...plain, hostPid: true }, ["web"]), false);
});

test("it is mounted read-only on the container's own /dev and runs the command", () => {
  const made = withInit(config("/r", ["web", "--port", "80"]), "/usr/bin/tini-static");
  assert.deepEqual(made.process.args, ["/dev/init", "--", "web", "--port", "80"]);
  const { source, options = [] } = made.mounts.at(-1) ?? {};
  assert.equal(source, "/usr/bin/tini-static");
  assert.ok(options.includes("ro"));
});

test("a pod's own /dev is left alone", () => {
  const made = withInit(config("/r", ["web"], [mount("/dev")]), "/usr/bin/tini-static");
  assert.deepEqual(made.process.args, ["/.orch-init", "--", "web"]);
});

suite("the command is looked up before it is given to an init process", () => {
  let root: string;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), "orch-program-check-"));
    for (const directory of ["bin", "app", "opt"]) await mkdir(join(root, directory));
    await writeFile(join(root, "bin", "web"), "", { mode: 0o755 });
    await writeFile(join(root, "bin", "text"), "");
    await chmod(join(root, "bin", "text"), 0o644);
    await symlink("../bin/web", join(root, "app", "run"));
    await symlink("/data/web", join(root, "app", "late"));
    await symlink("/bin", join(root, "usr"));
  });
  after(() => rm(root, { recursive: true }));

  test("on its PATH, by its path, relative to the working directory and through links", async () => {
    for (const name of ["web", "/bin/web", "./run", "/usr/web"]) await checkProgram(config(root, [name]));
  });

  test("what is not there, or cannot be executed, is refused with its name", async () => {
    await assert.rejects(checkProgram(config(root, ["wbe"])), { code: "invalid", message: /"wbe".*PATH/ });
    await assert.rejects(checkProgram(config(root, ["/bin/wbe"])), {
      message: /no program "\/bin\/wbe" in the image$/,
    });
    await assert.rejects(checkProgram(config(root, ["text"])), { code: "invalid", message: /"text".*not executable/ });
    await assert.rejects(checkProgram(config(root, ["/opt"])), { code: "invalid" });
  });

  test("what a mount may hold is left to the start", async () => {
    const mounts = [mount("/data")];
    await checkProgram(config(root, ["/data/web"], mounts));
    await checkProgram(config(root, ["./late"], mounts));
    await assert.rejects(checkProgram(config(root, ["./late"])), { code: "invalid" });
  });
});
