/** An agent's image side is killed with SIGKILL at each step of a pull: what follows finds whole images or none, and nothing left over. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type FakeRegistry, startFakeRegistry } from "#node-agent/images/registry/fake-registry.ts";
import { systemRandom } from "#proto/kit/random.ts";
import { type BuiltImage, buildImage } from "#test/support/image-builder.ts";
import { eventually } from "../../e2e/support/programs.ts";
import { openImageNode } from "./image-node.ts";

const script = fileURLToPath(import.meta.resolve("./pull-once.ts"));
const steps = ["open", "fetching", "unpacking", "done", "recorded", "mounted", "removed", "gone"] as const;

let registry: FakeRegistry;
let reference = "";
before(async () => {
  registry = await startFakeRegistry();
  reference = serve(
    buildImage({
      layers: [1, 2, 3].map((n) => [{ name: `file${n}`, content: systemRandom.bytes(1_500_000) }]),
    }),
  );
});
after(() => registry.close());

function serve(built: BuiltImage): string {
  registry.on("/v2/app/manifests/", (response) => {
    response.writeHead(200, { "content-type": built.manifest.mediaType }).end(built.manifest.content);
  });
  for (const blob of [built.config, ...built.layers]) {
    registry.on(`/v2/app/blobs/${blob.digest}`, (response, request) => {
      const start = Number(/bytes=(\d+)-/.exec(String(request.headers.range))?.[1] ?? 0);
      const headers = start > 0 ? { "content-range": `bytes ${start}-${blob.size - 1}/${blob.size}` } : {};
      response.writeHead(start > 0 ? 206 : 200, headers).end(blob.content.subarray(start));
    });
  }
  return `${registry.host}/app:1`;
}

/** Resolves when the process is gone. */
async function killAt(step: string, directory: string): Promise<void> {
  const child: ChildProcess = spawn(process.execPath, [script, directory, reference], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  let said = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    said += chunk.toString();
    if (said.split("\n").includes(step)) child.kill("SIGKILL");
  });
  await ended;
  assert.ok(said.split("\n").includes(step), `it got as far as ${step}: ${said}`);
}

for (const step of steps) {
  test(`killed when it was ${step}`, { timeout: 120_000 }, async () => {
    const directory = mkdtempSync(join(tmpdir(), "orch-kill-"));
    await killAt(step, directory);
    const blobs = join(directory, "images/blobs/sha256");
    const whole = new Set(existsSync(blobs) ? readdirSync(blobs) : []);
    const asked = registry.requests.length;
    const node = await openImageNode([{ host: registry.host, plainHttp: true }], directory);
    try {
      node.images.startUpkeep();
      await node.images.settled();
      for (const containerId of await node.rootfs.list()) await node.rootfs.remove(containerId);
      const found = await node.images.find(reference);
      for (const diffId of found?.diffIds ?? []) assert.ok(node.images.layers.has(diffId));
      const image = await node.images.pull(reference, { credentials: [] }, AbortSignal.timeout(60_000));
      const fetched = registry.requests.slice(asked).map(({ path }) => path.split("/blobs/sha256:")[1] ?? "");
      assert.deepEqual(
        fetched.filter((digest) => whole.has(digest)),
        [],
        "what was whole is not fetched again",
      );
      await node.rootfs.prepare("c2", image);
      await node.rootfs.remove("c2");
      await node.images.remove(reference);
      await node.images.settled();
      assert.deepEqual([node.images.layers.list(), await node.images.blobs.list()], [[], []]);
      // The worker of the one that was killed notices, and takes what it has written along.
      const left = (): readonly string[] => leftovers(join(directory, "images"));
      await eventually("nothing to be left over", () => {
        if (left().length > 0) throw new Error(left().join());
        return true;
      });
    } finally {
      await node.close();
    }
  });
}

/** Files that no record speaks of. */
function leftovers(root: string): readonly string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== "names.json")
    .map((entry) => join(entry.parentPath, entry.name));
}
