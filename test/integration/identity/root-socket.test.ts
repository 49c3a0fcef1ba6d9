/** Root of the control plane's machine: by its socket without a certificate, and nobody else by that way. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmodSync, existsSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { parse } from "yaml";
import { ControlPlaneProcess } from "../sessions/control-plane-process.ts";
import { orchctl } from "./orchctl-process.ts";

const slow = { timeout: 120_000 };
const nobody = 65_534;
let plane: ControlPlaneProcess;
let socket: string;
const adminFile = (): string => join(plane.folder, "data/admin.yaml");

before(async () => {
  plane = await ControlPlaneProcess.create("root-socket");
  await plane.start();
  socket = (parse(readFileSync(adminFile(), "utf8")) as { contexts: [{ socket: string }] }).contexts[0].socket;
});
after(() => plane.remove());

async function whoami(config = adminFile()): Promise<string> {
  const { code, out, err } = await orchctl(config, ["whoami"]);
  assert.equal(code, 0, err);
  return out;
}

/** What a user of the machine meets who tries to open the socket. */
const openedBy = (uid: number): Promise<string> =>
  new Promise((resolve) => {
    const args = ["-u", "/dev/null", `UNIX-CONNECT:${socket}`];
    execFile("socat", args, { uid, gid: uid, cwd: "/" }, (error, _out, err) => resolve(error ? err : "opened"));
  });

test("the administrator's context leads root to the socket: as system:root, of system:masters", slow, async () => {
  assert.match(socket, /\/run\/api-[0-9a-f]{8}\.sock$/);
  assert.match(await whoami(), /^User +system:root\nGroups +system:masters\n[\s\S]*Certificate +not needed by root/);
  const made = await orchctl(adminFile(), ["token", "create", "--description", "by root"]);
  assert.equal(made.code, 0, made.err);
  assert.match((await orchctl(adminFile(), ["token", "list", "-o", "json"])).out, /"createdBy": "system:root"/);
});

test("nobody else can open it: neither past the folder nor, were that open, the socket", slow, async () => {
  assert.equal(statSync(socket).mode & 0o777, 0o600);
  assert.equal(statSync(join(plane.folder, "run")).mode & 0o777, 0o700);
  chmodSync(plane.folder, 0o755);
  assert.match(await openedBy(nobody), /Permission denied/);
  chmodSync(join(plane.folder, "run"), 0o755);
  assert.match(await openedBy(nobody), /Permission denied/);
  chmodSync(join(plane.folder, "run"), 0o700);
  assert.equal(await openedBy(0), "opened");
});

test(
  "where it is not there orchctl goes by TLS with its certificate, as does config renew where it is",
  slow,
  async () => {
    const copy = join(plane.folder, "copy.yaml");
    writeFileSync(copy, readFileSync(adminFile()));
    const renewed = await orchctl(copy, ["config", "renew"]);
    assert.equal(renewed.code, 0, renewed.err);
    assert.match(renewed.err, /certificate of admin is good until/);
    assert.match(await whoami(copy), /system:root/);
    renameSync(socket, `${socket}.away`);
    assert.match(await whoami(copy), /^User +admin\n[\s\S]*Certificate +good until/);
    renameSync(`${socket}.away`, socket);
  },
);

test("a person's context does not name it: their rights are theirs, whoever runs orchctl", slow, async () => {
  const file = join(plane.folder, "ana.yaml");
  const added = await orchctl(adminFile(), ["user", "add", "ana", "--group", "orch:viewers", "--file", file]);
  assert.equal(added.code, 0, added.err);
  assert.match(await whoami(file), /^User +ana\nGroups +orch:viewers\n/);
});

test("a killed control plane's socket is replaced by the next; a stopped one takes its own away", slow, async () => {
  await plane.stop("SIGKILL");
  assert.ok(existsSync(socket));
  await plane.start();
  assert.match(await whoami(), /system:root/);
  assert.equal((await plane.stop()).code, 0);
  assert.ok(!existsSync(socket));
  await plane.start();
  assert.match(await whoami(), /system:root/, "under the same name");
});

test("with --root-socket off there is none, and the administrator goes by TLS", slow, async () => {
  assert.equal((await plane.stop()).code, 0);
  await plane.start("--root-socket", "off");
  assert.ok(!existsSync(socket));
  assert.doesNotMatch(readFileSync(adminFile(), "utf8"), /socket:/);
  assert.match(await whoami(), /^User +admin\n/);
});
