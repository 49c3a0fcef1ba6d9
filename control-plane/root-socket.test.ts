import assert from "node:assert/strict";
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { silentLogger } from "#proto/kit/logger.ts";
import type { PeerIdentity } from "#proto/kit/rpc/identity.ts";
import { serveRoot } from "./root-socket.ts";

const uid = "0a1b2c3d-1111-4222-8333-444455556666";

interface Served {
  readonly path: string;
  readonly peer: PeerIdentity;
}

function partsOf(context: TestContext) {
  const runDir = mkdtempSync(join(tmpdir(), "orch-root-"));
  context.after(() => rmSync(runDir, { recursive: true }));
  const served: Served[] = [];
  const server = {
    listenOnSocket: async (path: string, peer: PeerIdentity) => {
      assert.ok(!existsSync(path), "nothing may be there under its name");
      served.push({ path, peer });
    },
  };
  const asked: unknown[] = [];
  const store = {
    get: async (key: unknown) => {
      asked.push(key);
      return { apiVersion: "v1", kind: "Namespace", metadata: { name: "kube-system", uid } };
    },
  };
  return { options: { server, store, runDir, logger: silentLogger }, served, asked };
}

const listening = (path: string): Promise<Server> =>
  new Promise((resolve) => {
    const server = createServer().listen(path, () => resolve(server));
  });
const never = new AbortController().signal;

test("it is named for the cluster itself, and stands for an administrator that no certificate can name", async (context) => {
  const { options, served, asked } = partsOf(context);
  const path = await serveRoot(options, never);
  assert.equal(path, join(options.runDir, "api-0a1b2c3d.sock"));
  assert.deepEqual(asked, [{ group: "", plural: "namespaces", namespace: "", name: "kube-system" }]);
  assert.deepEqual(served, [
    {
      path,
      peer: {
        user: "system:root",
        groups: ["system:masters"],
        serialNumber: "",
        expiresAtMs: Number.POSITIVE_INFINITY,
      },
    },
  ]);
});

test("what a killed predecessor left is replaced; so is a file", async (context) => {
  const { options, served } = partsOf(context);
  const path = join(options.runDir, "api-0a1b2c3d.sock");
  const dead = await listening(`${path}.living`);
  renameSync(`${path}.living`, path);
  await new Promise((resolve) => dead.close(resolve));
  assert.equal(await serveRoot(options, never), path);
  writeFileSync(path, "");
  assert.equal(await serveRoot(options, never), path);
  assert.equal(served.length, 2);
});

test("one that another control plane serves is left to it", async (context) => {
  const { options, served } = partsOf(context);
  const path = join(options.runDir, "api-0a1b2c3d.sock");
  const other = await listening(path);
  context.after(() => other.close());
  assert.equal(await serveRoot(options, never), undefined);
  assert.ok(existsSync(path));
  assert.deepEqual(served, []);
});

test("where its path would be too long there is none: it would be cut off without a word", async (context) => {
  const { options, served } = partsOf(context);
  const fit = 107 - "/api-0a1b2c3d.sock".length;
  const longest = `/${"x".repeat(fit - 1)}`;
  assert.equal((await serveRoot({ ...options, runDir: longest }, never))?.length, 107);
  assert.equal(await serveRoot({ ...options, runDir: `${longest}x` }, never), undefined);
  assert.equal(served.length, 1);
});
