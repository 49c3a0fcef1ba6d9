/** Pulls from Debian's docker-registry what skopeo has pushed. Needs root. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { imageStoreContract } from "#node-agent/images/image-store.contract.ts";
import { busyboxArchive } from "#test/support/busybox-image.ts";
import { buildImage, dockerArchive } from "#test/support/image-builder.ts";
import { pushArchive } from "#test/support/push-archive.ts";
import { type RegistryServer, registryUser, startRegistry } from "#test/support/registry-server.ts";
import { type ImageNode, never, openImageNode } from "./image-node.ts";

let open: RegistryServer;
let closed: RegistryServer;
let directory = "";

const user = `${registryUser.username}:${registryUser.password}`;

/** With the password where it is asked for. */
function push(archive: Buffer, destination: string, ...flags: string[]): void {
  pushArchive(archive, destination, `--dest-creds=${user}`, ...flags);
}

before(async () => {
  directory = mkdtempSync(join(tmpdir(), "orch-push-"));
  [open, closed] = await Promise.all([startRegistry(), startRegistry({ authentication: true })]);
  push(busyboxArchive(["bb:1"]), `${open.host}/team/bb:1`);
  push(busyboxArchive(["bb:1"]), `${open.host}/team/bb:zstd`, "--format=oci", "--dest-compress-format=zstd");
  push(busyboxArchive(["bb:1"]), `${closed.host}/private/bb:1`);
});
after(async () => {
  await Promise.all([open?.stop(), closed?.stop()]);
  rmSync(directory, { recursive: true, force: true });
});

/** Both registries speak plain HTTP, and are configured so. */
const openNode = (): Promise<ImageNode> => openImageNode([open, closed].map(({ host }) => ({ host, plainHttp: true })));
async function withNode(run: (node: ImageNode) => Promise<void>): Promise<void> {
  const node = await openNode();
  try {
    await run(node);
  } finally {
    await node.close();
  }
}
const anonymous = { credentials: [] };

imageStoreContract("local", async () => {
  const node = await openNode();
  return {
    store: node.images,
    reference: `${open.host}/team/bb:1`,
    missing: `${open.host}/team/none:1`,
    archive: (name) => (name === "" ? Buffer.alloc(0) : busyboxArchive([name])),
    close: () => node.close(),
  };
});

test("a pulled image runs, with progress up to its whole size", () =>
  withNode(async (node) => {
    let last = { doneBytes: 0, totalBytes: -1 };
    const image = await node.images.pull(
      `${open.host}/team/bb:1`,
      { credentials: [], onProgress: (progress) => (last = progress) },
      never,
    );
    assert.equal(last.doneBytes, last.totalBytes);
    const root = await node.rootfs.prepare("c1", image);
    assert.equal(execFileSync("chroot", [root, "/bin/sh", "-c", "echo ok"], { encoding: "utf8" }), "ok\n");
  }));

test("an image by digest, and one with zstd layers", () =>
  withNode(async (node) => {
    const image = await node.images.pull(`${open.host}/team/bb:zstd`, anonymous, never);
    const byDigest = `${open.host}/team/bb@${image.digest}`;
    assert.equal((await node.images.pull(byDigest, anonymous, never)).digest, image.digest);
    assert.deepEqual((await node.images.find(byDigest))?.names, [`${open.host}/team/bb:zstd`, byDigest]);
    assert.equal(await node.images.find(`${open.host}/other/bb@${image.digest}`), undefined);
  }));

test("a registry with passwords: the right one pulls, a wrong one and none say what to do", () =>
  withNode(async (node) => {
    const reference = `${closed.host}/private/bb:1`;
    const pull = (...passwords: string[]): Promise<unknown> =>
      node.images.pull(
        reference,
        { credentials: passwords.map((password) => ({ username: "user", password })) },
        never,
      );
    await assert.rejects(pull(), { code: "unauthenticated", hint: /imagePullSecret/ });
    await assert.rejects(pull("wrong"), {
      code: "unauthenticated",
      message: /refused the credentials/,
      hint: /password/,
    });
    assert.ok(await pull("wrong", registryUser.password));
  }));

test("plain HTTP is refused unless configured, and the message says how to allow it", async () => {
  const node = await openImageNode();
  try {
    await assert.rejects(node.images.pull(`${open.host}/team/bb:1`, anonymous, never), {
      code: "unavailable",
      message: /does not speak HTTPS/,
      hint: /--plain-http-registry/,
    });
  } finally {
    await node.close();
  }
});

test("a registry that is down is unavailable, with its host", async () => {
  const down = await startRegistry();
  await down.stop();
  const node = await openImageNode([{ host: down.host, plainHttp: true }]);
  try {
    await assert.rejects(node.images.pull(`${down.host}/a:1`, anonymous, AbortSignal.timeout(20_000)), {
      code: "unavailable",
      message: new RegExp(`registry ${down.host} cannot be reached: it refuses connections`),
      retry: "later",
    });
  } finally {
    await node.close();
  }
});

test("a download that was cut goes on where it stopped, also after a restart", () =>
  withNode(async (node) => {
    const content = Buffer.alloc(3_000_000, "layer content that does not compress to nothing ");
    for (let at = 0; at < content.length; at += 7)
      content.writeUInt32LE(Math.imul(at, 2654435761) >>> 0, Math.min(at, content.length - 4));
    push(dockerArchive(buildImage({ layers: [[{ name: "big", content }]] }), ["big:1"]), `${open.host}/team/big:1`);
    const image = await node.images.pull(`${open.host}/team/big:1`, anonymous, never);
    const blobs = join(node.directory, "images/blobs");
    const name = readdirSync(join(blobs, "sha256"))
      .map((file) => ({ file, size: readFileSync(join(blobs, "sha256", file)).length }))
      .sort((a, b) => b.size - a.size)[0]?.file;
    assert.ok(name);
    const half = readFileSync(join(blobs, "sha256", name)).subarray(0, 1_000_000);
    await node.images.remove(image.digest);
    await node.images.settled();
    assert.deepEqual(readdirSync(join(blobs, "sha256")), []);
    writeFileSync(join(blobs, "partial", `sha256-${name}`), half);
    await node.reopen();
    const progress: number[] = [];
    const onProgress = ({ doneBytes }: { doneBytes: number }): unknown => progress.push(doneBytes);
    await node.images.pull(`${open.host}/team/big:1`, { credentials: [], onProgress }, never);
    const whole = readFileSync(join(blobs, "sha256", name)).length;
    assert.deepEqual([progress[0], progress.at(-1)], [half.length, whole]);
  }));

test("a blob broken in the registry is refused, and what was pulled before stays", () =>
  withNode(async (node) => {
    push(
      dockerArchive(buildImage({ layers: [[{ name: "x", content: "intact" }]] }), ["b:1"]),
      `${open.host}/team/broken:1`,
    );
    const skopeo = [
      "--insecure-policy",
      "inspect",
      "--raw",
      "--tls-verify=false",
      `docker://${open.host}/team/broken:1`,
    ];
    const manifest = JSON.parse(execFileSync("skopeo", skopeo, { encoding: "utf8" })) as {
      layers: { digest: string }[];
    };
    const hex = manifest.layers[0]?.digest.slice(7) ?? "";
    truncateSync(join(open.directory, "data/docker/registry/v2/blobs/sha256", hex.slice(0, 2), hex, "data"), 10);
    const reference = `${open.host}/team/broken:1`;
    await assert.rejects(
      node.images.pull(reference, anonymous, AbortSignal.timeout(30_000)),
      (thrown: Error & { code?: string }) => ["invalid", "unavailable"].includes(thrown.code ?? ""),
    );
    assert.deepEqual(await node.images.list(), []);
  }));

test("a pull that is aborted ends soon and can be done again", () =>
  withNode(async (node) => {
    const controller = new AbortController();
    const pull = node.images.pull(
      `${open.host}/team/bb:1`,
      { credentials: [], onProgress: () => controller.abort() },
      controller.signal,
    );
    await assert.rejects(pull, { code: "canceled" });
    assert.ok(await node.images.pull(`${open.host}/team/bb:1`, anonymous, never));
  }));
