/** The authority is replaced under load: present nodes at once, absent ones when they come back, even after the old one is gone. */
import assert from "node:assert/strict";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { nextCertificate } from "#node-agent/session/coming-back.ts";
import { certificateDigest, isSignedBy, splitPem } from "#proto/identity/certificate.ts";
import { systemClock } from "#proto/kit/clock.ts";
import { silentLogger } from "#proto/kit/logger.ts";
import type { AuthorityStatus } from "#proto/resources/administration.ts";
import { apiService } from "#proto/wire/generated/services.ts";
import { ControlPlaneProcess } from "../sessions/control-plane-process.ts";
import { joinAs, LightNode, newToken, withLife } from "./light-node.ts";
import { orchctl } from "./orchctl-process.ts";

const slow = { timeout: 180_000 };
let plane: ControlPlaneProcess;
let config: string;
const done = async (args: readonly string[], context = config): Promise<string> => {
  const ran = await orchctl(context, args);
  assert.equal(ran.code, 0, `${args.join(" ")}: ${ran.out}${ran.err}`);
  return ran.out + ran.err;
};
const status = async (): Promise<AuthorityStatus> => {
  const ran = await orchctl(config, ["cluster", "ca", "status", "-o", "json"]);
  return JSON.parse(ran.out) as AuthorityStatus;
};
const stateOf = async (name: string): Promise<string | undefined> =>
  (await status()).holders.find((holder) => holder.name === name)?.state;

before(async () => {
  plane = await ControlPlaneProcess.create("certs-rotate");
  await plane.start();
  config = join(plane.folder, "person.yaml");
  await copyFile(join(plane.folder, "data/admin.yaml"), config);
});
after(() => plane.remove());

test(
  "a change of the authority reaches everybody, drops no request, and lets absent machines back in",
  slow,
  async () => {
    const oldAuthority = (await plane.context()).certificateAuthority;
    const present = await LightNode.join(plane, "present");
    const away = await LightNode.join(plane, "away");
    await away.stop();
    const gone = await LightNode.join(plane, "gone");
    await gone.stop();
    const oldToken = await newToken(plane, 5);
    const person = join(plane.folder, "ana.yaml");
    await done(["user", "add", "ana", "--group", "orch:viewers", "--file", person]);

    const client = await plane.client();
    const failures: string[] = [];
    let isOver = false;
    let calls = 0;
    const load = (async () => {
      while (!isOver) {
        const fresh = await plane.client();
        for (const one of [client, fresh]) {
          await one.unary(apiService.list, { resource: "nodes" }).then(
            () => calls++,
            (thrown: unknown) => failures.push(String(thrown)),
          );
        }
        fresh.close();
      }
    })();

    const said = await done(["cluster", "ca", "rotate", "--window", "1h", "--no-wait"]);
    assert.match(said, /Authority number 2 signs from now on/);
    await present.until("its new certificate", () => present.serials.length >= 2);
    const waited = await orchctl(config, ["cluster", "ca", "rotate"]);
    assert.equal(waited.code, 1, "somebody is missing");
    assert.match(waited.err, /being replaced already; waiting[\s\S]*1 of 3 nodes have a certificate/);
    assert.match(waited.out, /node +away +not yet: not connected/);
    assert.match(waited.out, /person +ana +not yet: orchctl config renew/);
    assert.deepEqual(
      [await stateOf("present"), await stateOf("away"), await stateOf("ana")],
      ["renewed", "waiting", "waiting"],
    );
    const newAuthority = splitPem((await plane.context()).certificateAuthority)[0] ?? "";
    assert.ok(isSignedBy(present.link.identity.certificateChainPem, newAuthority), "signed by the new one");
    assert.ok(!isSignedBy(present.link.identity.certificateChainPem, oldAuthority));

    isOver = true;
    await load;
    assert.deepEqual(failures, []);
    assert.ok(calls > 20, `${calls}`);
    assert.equal(present.ends, 0, "it was never without a session");

    // The half-way state outlives a crash.
    await plane.stop("SIGKILL");
    client.close();
    await plane.start();
    assert.equal((await status()).rotation?.startedBy, "system:root");

    // Back within the window: by its old certificate, as if nothing were.
    const back = new LightNode(plane, "away", { ...away.link.identity, expiresAtMs: 0 });
    await back.start();
    await back.until("its new certificate", () => back.serials.length >= 2);
    const joined = await joinAs(plane, "by-old-token", oldToken);
    assert.ok(splitPem(joined.authoritiesPem).includes(newAuthority.trimEnd()));
    await done(["get", "nodes"], person);
    const early = await orchctl(config, ["cluster", "ca", "finish"]);
    assert.equal(early.code, 4, early.err);
    assert.match(early.err, /not everybody .*: node gone, person ana[\s\S]*--force/);
    await done(["config", "renew"], person);
    await done(["cluster", "ca", "finish", "--force"]);
    assert.equal((await status()).rotation, undefined);
    await done(["get", "nodes"], person);

    // After the end: the old certificate opens nothing, but leads back.
    const late = withLife({ ...gone.link.identity, expiresAtMs: 0 });
    const stranger = new LightNode(plane, "gone", { ...late, expiresAtMs: 0 });
    void stranger.session.run(AbortSignal.timeout(20_000));
    await stranger.until("trouble with certificates", () => /certificate|alert/i.test(stranger.said));
    const options = { identity: () => late, clock: systemClock, logger: silentLogger };
    const next = await nextCertificate(
      {
        ...options,
        enrollmentAddresses: [`127.0.0.1:${plane.enrollmentPort}`],
        renew: (signal) =>
          stranger.link.renewCertificate("", signal).then(() => Promise.reject(new Error("it was taken"))),
      },
      AbortSignal.timeout(30_000),
    );
    assert.deepEqual(
      splitPem(next.authoritiesPem).map((pem) => certificateDigest(pem)),
      [certificateDigest(newAuthority)],
    );
    const returned = new LightNode(plane, "gone", next);
    await returned.start();
    assert.equal(await stateOf("gone"), "renewed");
    await present.until(
      "a certificate without the old authority",
      () => splitPem(present.link.identity.authoritiesPem).length === 1,
    );
    assert.deepEqual(
      (await status()).holders.filter(({ state, kind }) => kind === "node" && state !== "renewed"),
      [],
    );
    await assert.rejects(joinAs(plane, "too-late", oldToken), /belongs? to/);
    for (const node of [present, back, returned]) await node.stop();
    stranger.link.close();
  },
);
