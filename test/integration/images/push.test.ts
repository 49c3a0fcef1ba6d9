/** Pushes to Debian's docker-registry, read back by skopeo and by another node of ours. Needs root. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { connect, createServer, type Socket } from "node:net";
import { after, before, test } from "node:test";
import { parseReference } from "#node-agent/images/reference.ts";
import { pushImage } from "#node-agent/images/registry/image-push.ts";
import { RegistryTransport } from "#node-agent/images/registry/transport.ts";
import { systemClock } from "#proto/kit/clock.ts";
import { systemRandom } from "#proto/kit/random.ts";
import { busyboxArchive } from "#test/support/busybox-image.ts";
import { buildImage, digestOf, dockerArchive, ociArchive } from "#test/support/image-builder.ts";
import { type RegistryServer, registryUser, startRegistry } from "#test/support/registry-server.ts";
import { type ImageNode, inPieces, never, openImageNode } from "./image-node.ts";

let registry: RegistryServer;
let node: ImageNode;
let other: ImageNode;

before(async () => {
  registry = await startRegistry({ authentication: true });
  const settings = [{ host: registry.host, plainHttp: true }];
  [node, other] = await Promise.all([openImageNode(settings), openImageNode(settings)]);
});
after(async () => {
  await Promise.all([node?.close(), other?.close()]);
  await registry?.stop();
});

const options = { credentials: [registryUser] };
const flags = ["--tls-verify=false", `--creds=${registryUser.username}:${registryUser.password}`];
const rawManifest = (reference: string): string =>
  execFileSync("skopeo", ["inspect", "--raw", ...flags, `docker://${reference}`], { encoding: "utf8" });
const inspect = (reference: string): { readonly Digest: string; readonly Layers: readonly string[] } => {
  return JSON.parse(
    execFileSync("skopeo", ["inspect", ...flags, `docker://${reference}`], { encoding: "utf8", stdio: "pipe" }),
  );
};

test("an image that was loaded without a manifest is pushed with one that others read", async () => {
  await node.images.load(inPieces(busyboxArchive(["bb:1"])), never);
  const target = `${registry.host}/team/bb:1`;
  const pushed = await node.images.push("bb:1", target, options, never);
  assert.equal(pushed.name, target);
  assert.equal(inspect(target).Digest, pushed.digest);
  const pulled = await other.images.pull(target, options, never);
  assert.equal(pulled.digest, pushed.digest);
  assert.equal(pulled.id, (await node.images.find("bb:1"))?.id);
});

test("an image goes to a second repository by mounting its blobs, under the digest it had", async () => {
  const source = `${registry.host}/team/source:1`;
  const built = buildImage({ layers: [[{ name: "noise", content: systemRandom.bytes(100_000) }]] });
  await node.images.load(inPieces(ociArchive(built, ["source:1"])), never);
  const first = await node.images.push("source:1", source, options, never);
  const pulled = await other.images.pull(source, options, never);
  const outcomes: unknown[] = [];
  const onProgress = ({ outcome }: { outcome?: string }): unknown => outcome && outcomes.push(outcome);
  const second = await other.images.push(source, `${registry.host}/team/copy:2`, { ...options, onProgress }, never);
  assert.deepEqual([first.digest, pulled.digest], [built.manifest.digest, second.digest]);
  assert.deepEqual(outcomes, ["mounted", "mounted"]);
});

test("wrong credentials and none say what to do; nothing of the image is there afterwards", async () => {
  await node.images.load(inPieces(dockerArchive(buildImage({ layers: [[{ name: "x" }]] }), ["x:1"])), never);
  const target = `${registry.host}/team/refused:1`;
  for (const credentials of [[], [{ username: "user", password: "wrong" }]]) {
    await assert.rejects(node.images.push("x:1", target, { credentials }, never), {
      code: "unauthenticated",
      hint: new RegExp(`orchctl login ${registry.host}`),
    });
  }
  assert.throws(() => inspect(target), /manifest unknown|name unknown/i);
});

test("what is not here cannot be pushed", async () => {
  await assert.rejects(node.images.push("none:1", `${registry.host}/a:1`, options, never), { code: "not-found" });
});

test("an upload in chunks survives connections that are cut on the way to a real registry", async () => {
  const cuts = [300_000, 200_000];
  const proxy = await startCuttingProxy(registry.host, cuts);
  const registries = [{ host: proxy.host, plainHttp: true }];
  const transport = new RegistryTransport({ registries: () => registries, clock: systemClock });
  try {
    const content = Buffer.from(systemRandom.bytes(1_000_000));
    const layer = {
      digest: digestOf(content),
      size: content.length,
      read: (from: number, end: number) => pieces(content.subarray(from, end)),
    };
    const manifest = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: manifestType,
        config: descriptorOf(layer),
        layers: [descriptorOf(layer)],
      }),
    );
    const document = {
      mediaType: manifestType,
      digest: digestOf(manifest),
      content: manifest,
      blobs: [layer],
      manifests: [],
    };
    const destination = parseReference(`${proxy.host}/team/cut:1`);
    const backoff = { initialMs: 10, maxMs: 20 };
    const given = {
      transport,
      destination,
      ...options,
      chunkBytes: 250_000,
      clock: systemClock,
      random: systemRandom,
      backoff,
    };
    await pushImage(document, given, never);
    assert.equal(rawManifest(`${registry.host}/team/cut:1`), manifest.toString());
    assert.deepEqual(cuts, [], "both connections were cut");
  } finally {
    await transport.close();
    await proxy.close();
  }
});

const manifestType = "application/vnd.oci.image.manifest.v1+json";
const descriptorOf = ({ digest, size }: { digest: string; size: number }): object => ({
  mediaType: "application/octet-stream",
  digest,
  size,
});

async function* pieces(content: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < content.length; at += 16_384) yield content.subarray(at, at + 16_384);
}

/** Passes connections on; one that has sent as much as `cuts` says is cut, once for each number. */
async function startCuttingProxy(target: string, cuts: number[]): Promise<{ host: string; close(): Promise<void> }> {
  const [host = "", port = ""] = target.split(":");
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect({ host, port: Number(port) });
    let sent = 0;
    client.on("data", (chunk) => {
      sent += chunk.length;
      if (cuts[0] === undefined || sent < cuts[0]) return void upstream.write(chunk);
      cuts.shift();
      client.destroy();
      upstream.destroy();
    });
    upstream.pipe(client);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => (socket === client ? upstream.destroy() : client.destroy()));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    host: `127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
