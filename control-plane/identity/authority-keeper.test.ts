import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { beforeEach, test } from "node:test";
import { certificateDigest, isSignedBy, isVouchedFor, splitPem } from "#proto/identity/certificate.ts";
import { silentLogger } from "#proto/kit/logger.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { seededRandom } from "#proto/kit/random.ts";
import { MemoryKv } from "../store/memory-kv.ts";
import { createSealer } from "../store/sealer.ts";
import { AuthorityKeeper } from "./authority-keeper.ts";
import { absenceMs, enrollmentChainPem, recognizedPems, trustedDigests } from "./authority-state.ts";
import { loadAuthority } from "./authority-store.ts";
import { CertificateAuthority, dayMs } from "./certificate-authority.ts";
import { makeKey } from "./certificate-maker.ts";

const random = seededRandom(11);
const sealer = createSealer([{ id: "k", secret: Buffer.alloc(32, 1) }], random);
let clock: ManualClock;
let kv: MemoryKv;
beforeEach(() => {
  clock = new ManualClock();
  kv = new MemoryKv({ clock });
});

async function keeper(): Promise<AuthorityKeeper> {
  const options = { kv, sealer, cluster: "local", clock, random };
  return new AuthorityKeeper({ ...options, first: await loadAuthority(options), logger: silentLogger });
}
const turns = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await new Promise(setImmediate);
};

test("a new authority signs at once, the old one vouches for it, and both are trusted until the end", async () => {
  const one = await keeper();
  const authority = new CertificateAuthority({ state: () => one.state, clock, random });
  const old = authority.authoritiesPem;
  await one.rotate(dayMs, "ana");
  const issued = await authority.issueNode("n1", (await makeKey()).publicKey);
  const [leaf = "", cross = ""] = splitPem(issued.chainPem);
  assert.ok(isSignedBy(leaf, splitPem(authority.authoritiesPem)[0] ?? "") && !isSignedBy(leaf, old));
  assert.ok(isVouchedFor(leaf, old, [cross]), "who knows only the old one is shown the way");
  assert.equal(splitPem(authority.authoritiesPem).length, 2);
  assert.equal(trustedDigests(one.state)[1], certificateDigest(old));
  assert.equal(
    new X509Certificate(cross).subject,
    new X509Certificate(splitPem(authority.authoritiesPem)[0] ?? "").subject,
  );
  await assert.rejects(one.rotate(dayMs, "ben"), (thrown) => Problem.is(thrown, "conflict"));
  await one.finish();
  assert.equal(splitPem(authority.authoritiesPem).length, 1);
  assert.ok(!trustedDigests(one.state).includes(certificateDigest(old)));
  await one.finish();
});

test("machines that know an authority of two changes ago find back within 30 days, and not later", async () => {
  const one = await keeper();
  const first = one.state.active.certificatePem;
  for (let change = 0; change < 2; change++) {
    await one.rotate(dayMs, "ana");
    await one.finish();
  }
  const authority = new CertificateAuthority({ state: () => one.state, clock, random });
  const [leaf = ""] = splitPem((await authority.issueControlPlane()).certificatePem);
  assert.ok(isVouchedFor(leaf, first, splitPem(enrollmentChainPem(one.state, clock.nowMs()))));
  assert.ok(recognizedPems(one.state, clock.nowMs()).includes(first));
  clock.advance(absenceMs + 1);
  assert.ok(!isVouchedFor(leaf, first, splitPem(enrollmentChainPem(one.state, clock.nowMs()))));
  assert.deepEqual(recognizedPems(one.state, clock.nowMs()), [one.state.active.certificatePem]);
});

test("all control planes follow, and whoever lives ends it when the window is over, also after a restart", async () => {
  const [one, two] = [await keeper(), await keeper()];
  const stop = new AbortController();
  await two.start(stop.signal);
  let changes = 0;
  two.onChange(() => changes++);
  await one.rotate(2 * 60_000, "ana");
  await turns();
  assert.deepEqual([two.state, changes], [one.state, 1]);
  await assert.rejects(two.rotate(dayMs, "ben"), /being rotated already/);
  stop.abort();
  clock.advance(3 * 60_000);
  const restarted = await keeper();
  const life = new AbortController();
  await restarted.start(life.signal);
  await turns();
  assert.equal(restarted.state.rotation, undefined);
  assert.equal(restarted.state.generation, 2);
  life.abort();
});

test("two control planes that begin at the same moment make one new authority", async () => {
  const [one, two] = [await keeper(), await keeper()];
  const results = await Promise.allSettled([one.rotate(dayMs, "ana"), two.rotate(dayMs, "ben")]);
  assert.deepEqual(results.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
  assert.equal((await keeper()).state.generation, 2);
});
