import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { certificateDigest } from "#proto/identity/certificate.ts";
import { createJoinToken, formatJoinToken } from "#proto/identity/join-token.ts";
import { systemClock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { seededRandom } from "#proto/kit/random.ts";
import { type TestAuthority, testAuthority } from "#test/support/certificates.ts";
import type { JoinConfig } from "./config.ts";
import { joinNode } from "./join.ts";
import { findDataDirectory, loadMembership, saveMembership } from "./membership.ts";
import { identityDirectory, loadIdentity, saveIdentity } from "./session/node-identity.ts";

const authority = await testAuthority();

const tokenOf = (of: TestAuthority): string =>
  formatJoinToken(createJoinToken(certificateDigest(of.pem), seededRandom(1)));

async function inJoinedDirectory(run: (directory: string, config: JoinConfig) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "orch-join-"));
  const material = await authority.issue("CN=system:node:n1, O=system:nodes");
  await saveIdentity(identityDirectory(directory), {
    cluster: "home",
    privateKeyPem: material.privateKey,
    certificateChainPem: material.certificateChain,
    authoritiesPem: material.authorities,
    expiresAtMs: 0,
  });
  try {
    await run(directory, {
      server: { host: "127.0.0.1", port: 1 },
      controlPlane: ["127.0.0.1:7443"],
      token: tokenOf(authority),
      tokenFile: undefined,
      nodeName: "n1",
      dataDirectory: directory,
      cluster: undefined,
      labels: {},
      taints: [],
    });
  } finally {
    await rm(directory, { recursive: true });
  }
}

const joinAgain = (config: JoinConfig) => joinNode(config, "0.1.0", systemClock, AbortSignal.timeout(5_000));

test("a machine that has joined asks for nothing again, and learns the new address", async () => {
  await inJoinedDirectory(async (directory, config) => {
    const { membership } = await joinAgain({ ...config, controlPlane: ["10.0.0.9:7443"] });
    const known = { cluster: "home", nodeName: "n1", controlPlane: ["10.0.0.9:7443"], labels: {}, taints: [] };
    assert.deepEqual({ ...membership, enrollment: undefined }, { ...known, enrollment: undefined });
    assert.match(membership.enrollment ?? "", /:\d+$/);
    assert.deepEqual(await loadMembership(directory), membership);
  });
});

test("a machine of one cluster does not join another, nor under another name", async () => {
  const stranger = await testAuthority("stranger");
  await inJoinedDirectory(async (_, config) => {
    const isConflict = (pattern: RegExp) => (thrown: unknown) => {
      return Problem.is(thrown, "conflict") && pattern.test(thrown.message);
    };
    await assert.rejects(joinAgain({ ...config, token: tokenOf(stranger) }), isConflict(/another cluster, home/));
    await assert.rejects(joinAgain({ ...config, nodeName: "n2" }), isConflict(/as node n1/));
  });
});

test("without a data directory the machine's own is found by name; two of them must be told apart", async () => {
  const root = await mkdtemp(join(tmpdir(), "orch-state-"));
  try {
    const known = (nodeName: string) => ({ cluster: "home", nodeName, controlPlane: [] });
    assert.equal(await findDataDirectory({}, root), undefined);
    await saveMembership(join(root, "home/nodes/n1"), known("n1"));
    assert.equal(await findDataDirectory({}, root), join(root, "home/nodes/n1"));
    await saveMembership(join(root, "home/nodes/n2"), known("n2"));
    assert.equal(await findDataDirectory({ nodeName: "n2" }, root), join(root, "home/nodes/n2"));
    await assert.rejects(
      findDataDirectory({}, root),
      (thrown) => Problem.is(thrown, "conflict") && /n1, .*n2/.test(thrown.message),
    );
  } finally {
    await rm(root, { recursive: true });
  }
});

test("key and certificate are in one file that only root reads; a broken one is named", async () => {
  await inJoinedDirectory(async (directory) => {
    const path = join(identityDirectory(directory), "identity.json");
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    const identity = await loadIdentity(identityDirectory(directory));
    assert.ok(identity && identity.notAfterMs > identity.notBeforeMs);
    await writeFile(path, (await readFile(path, "utf8")).slice(0, 100));
    await assert.rejects(loadIdentity(identityDirectory(directory)), (thrown) => Problem.is(thrown, "invalid"));
  });
});
