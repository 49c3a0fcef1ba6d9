/** npm run quickstart, as a newcomer runs it: what it says where it cannot run, and what it leaves where it can. */
import assert from "node:assert/strict";
import { chmodSync, cpSync, mkdtempSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import type { Pod } from "#proto/resources/pod.ts";
import { auditHost } from "../support/audit.ts";
import { must, root, run } from "../support/programs.ts";
import { difference } from "../support/shared-cluster.ts";

const name = "quick";
const folder = mkdtempSync(join(tmpdir(), "orch-quickstart-"));
const variables = { ORCH_CONFIG: join(folder, "config") };
/** A clean checkout: the programs that other tests run are not built anew under them. */
const checkout = join(folder, "checkout");
const script = join(checkout, "deploy/quickstart.sh");
const notOurs = new Set(["node_modules", "dist", ".build", ".git"]);
const orchctl = join(folder, "prefix/bin/orchctl");
let clean: readonly string[] = [];

before(() => {
  clean = auditHost(name);
  // Somebody without root reads the script too.
  chmodSync(folder, 0o755);
  cpSync(root, checkout, { recursive: true, filter: (path) => !notOurs.has(basename(path)) });
  symlinkSync(join(root, "node_modules"), join(checkout, "node_modules"));
});

after(
  async () => {
    await must(orchctl, ["cluster", "down", "--name", name, "--purge"], { variables, timeoutMs: 120_000 });
    rmSync(folder, { recursive: true, force: true });
    assert.deepEqual(difference(clean, auditHost(name)), [], "quickstart's cluster left something behind");
  },
  { timeout: 130_000 },
);

/** A PATH with these programs alone, and stand-ins for others. */
function pathWith(programs: readonly string[], standIns: Readonly<Record<string, string>> = {}): string {
  const path = mkdtempSync(join(folder, "path-"));
  chmodSync(path, 0o755);
  for (const program of programs) symlinkSync(`/usr/bin/${program}`, join(path, program));
  for (const [program, text] of Object.entries(standIns)) {
    writeFileSync(join(path, program), `#!/bin/sh\necho ${text}\n`, { mode: 0o755 });
  }
  return path;
}

const basics = ["dirname", "id", "uname"];

async function refusal(path: string, before: readonly string[] = []): Promise<string> {
  const [program = "sh", ...args] = [...before, "/bin/sh", script];
  const { code, out, err } = await run(program, args, { variables: { PATH: path } });
  assert.equal(code, 1);
  assert.equal(out, "");
  assert.match(err, /^[^\n]+\n$/, "one line");
  return err;
}

test("without root, apt or Linux it says in one line what is missing", { timeout: 30_000 }, async () => {
  const path = pathWith(basics);
  assert.match(
    await refusal(path, ["/usr/bin/setpriv", "--reuid=65534", "--clear-groups"]),
    /needs root.*sudo npm run/,
  );
  assert.match(await refusal(path), /apt-get, which this system lacks.*docs\/install\.md/);
  assert.match(await refusal(pathWith(["dirname", "id"], { uname: "Darwin" })), /this is Darwin/);
});

const quickstart = (): Promise<string> =>
  must("sh", [script, "--cluster", name, "--prefix", join(folder, "prefix")], { variables, timeoutMs: 240_000 });

const podsOf = async (): Promise<readonly string[]> => {
  const list = JSON.parse(await must(orchctl, ["get", "pods", "-o", "json"], { variables })) as { items: Pod[] };
  return list.items
    .map(({ metadata, status }) => `${metadata.uid} ${status?.containerStatuses?.[0]?.containerID}`)
    .sort();
};

test("it brings a cluster with an example that answers; run again, it changes nothing", {
  timeout: 500_000,
}, async () => {
  const first = await quickstart();
  assert.match(first, /Cluster quick is up: 3 nodes are ready/);
  assert.match(first, /deployment\.apps\/hello scaled/);
  assert.match(first, /Forwarding from 127\.0\.0\.1:\d+ -> 8080\n[^\n]*hello/i, "an answer from a pod");
  assert.match(first, /Try next:\n {2}orchctl get pods/);
  assert.equal(readlinkSync(orchctl), join(folder, "prefix/lib/orch/bin/orchctl"));
  const pods = await podsOf();
  assert.equal(pods.length, 6);
  assert.match(await quickstart(), /Cluster quick was up already/);
  assert.deepEqual(await podsOf(), pods);
});
