/**
 * A registry with the images that image benchmarks pull: a Debian root filesystem and real trees of files of this machine, gzip as in most
 * registries. Made once and kept for later runs.
 */
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { must, root, start } from "../../e2e/support/programs.ts";
import { debianArchive } from "../../support/debian-image.ts";
import type { Say } from "../benchmark.ts";

const cache = "/var/cache/orch-test/bench-images-1";

/** 5 layers. */
export const bigImage = "bench/big:1";
/** The same with one layer of 1 MB more. */
export const bigAndMore = "bench/big:2";
/** One layer of about 200 MB of files. */
export const oneLayer = "bench/one:1";

export interface BenchRegistry {
  readonly address: string;
  /** Compressed bytes of an image's layers. */
  sizeBytes(image: string): number;
  /** Bytes it sent of blobs since the last call, from its access log. */
  sentBytes(): number;
  stop(): Promise<void>;
}

interface Layer {
  readonly digest: string;
  readonly diffId: string;
  readonly size: number;
}

export async function startBenchRegistry(address: string, say: Say): Promise<BenchRegistry> {
  if (!existsSync(join(cache, "done"))) await makeImages(say);
  const folder = mkdtempSync(join(tmpdir(), "orch-bench-registry-"));
  const config = `version: 0.1\nlog: { level: info }\nstorage:\n  filesystem: { rootdirectory: ${join(cache, "data")} }\nhttp: { addr: "${address}" }\n`;
  writeFileSync(join(folder, "config.yml"), config);
  const server = start("docker-registry", ["serve", join(folder, "config.yml")]);
  await server.waitFor(/listening on/, 20_000);
  let read = 0;
  return {
    address,
    sizeBytes: (image) => Number(JSON.parse(readFileSync(join(cache, "done"), "utf8"))[image]),
    sentBytes() {
      const text = server.text();
      const lines = text.slice(read).split("\n");
      read = text.length;
      return lines.reduce(
        (sum, line) => sum + Number(/"GET \/v2\/[^"]*\/blobs\/[^"]*" 20[06] (\d+)/.exec(line)?.[1] ?? 0),
        0,
      );
    },
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function makeImages(say: Say): Promise<void> {
  say("making the images, once: a Debian root filesystem and trees of files of this machine");
  rmSync(cache, { recursive: true, force: true });
  const work = mkdtempSync(join(tmpdir(), "orch-bench-images-"));
  try {
    const layout = join(work, "layout");
    mkdirSync(join(layout, "blobs/sha256"), { recursive: true });
    writeFileSync(join(layout, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
    await must("tar", ["-C", work, "-xf", await debianArchive("debian:bench"), "layer.tar"], { timeoutMs: 120_000 });
    const debian = await addLayer(layout, join(work, "layer.tar"));
    const trees = chooseTrees();
    const layers: Layer[] = [debian];
    for (const [index, paths] of trees.entries()) {
      layers.push(await addLayer(layout, await tarOf(join(work, `tree-${index}.tar`), paths)));
    }
    const small = join(work, "small");
    mkdirSync(join(small, "opt"), { recursive: true });
    writeFileSync(join(small, "opt/more"), Buffer.alloc(1 << 20, createHash("sha256").update("more").digest()));
    await must("tar", ["-C", small, "-cf", join(work, "small.tar"), "opt"]);
    const more = await addLayer(layout, join(work, "small.tar"));
    const one = await addLayer(layout, await tarOf(join(work, "one.tar"), pick(candidates(), 200e6, 0)));
    const images: Readonly<Record<string, readonly Layer[]>> = {
      [bigImage]: layers,
      [bigAndMore]: [...layers, more],
      [oneLayer]: [one],
    };
    await push(layout, images, work);
    const sizes = Object.entries(images).map(([name, all]) => [name, all.reduce((sum, { size }) => sum + size, 0)]);
    writeFileSync(join(cache, "done.new"), JSON.stringify(Object.fromEntries(sizes)));
    renameSync(join(cache, "done.new"), join(cache, "done"));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

interface Tree {
  readonly path: string;
  readonly files: number;
  readonly bytes: number;
}

/** Folders of programs, documents and sources, as machines have them. */
function candidates(): readonly Tree[] {
  const folders = ["/usr/share", "/usr/lib/python3", "/usr/lib/git-core", join(root, "node_modules")];
  const paths = folders.flatMap((folder) =>
    existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [],
  );
  return ["/usr/include", ...paths]
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory())
    .map((path) => ({ path, ...weigh(path) }))
    .filter(({ files }) => files > 20);
}

function weigh(folder: string): { readonly files: number; readonly bytes: number } {
  let [files, bytes] = [0, 0];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    files += 1;
    if (entry.isFile()) bytes += statSync(join(entry.parentPath, entry.name)).size;
  }
  return { files, bytes };
}

/** Four layers' worth: 34,000 files and 230 MB besides the root filesystem, many small files first. */
function chooseTrees(): readonly (readonly string[])[] {
  const chosen = pick(candidates(), 230e6, 34_000);
  const layers: string[][] = [[], [], [], []];
  for (const [index, path] of chosen.entries()) layers[index % layers.length]?.push(path);
  return layers;
}

function pick(trees: readonly Tree[], bytes: number, files: number): readonly string[] {
  const smallFirst = trees.toSorted((a, b) => a.bytes / a.files - b.bytes / b.files);
  const chosen: Tree[] = [];
  const sum = (of: (tree: Tree) => number): number => chosen.reduce((total, tree) => total + of(tree), 0);
  for (const tree of smallFirst) {
    const missing = sum((one) => one.files) < files || sum((one) => one.bytes) < bytes;
    if (missing && tree.bytes < 150e6) chosen.push(tree);
  }
  if (sum((one) => one.files) < files || sum((one) => one.bytes) < bytes) {
    throw new Error(`this machine has too few files for the benchmark: ${bytes} bytes in ${files} files are needed`);
  }
  return chosen.map(({ path }) => path);
}

async function tarOf(path: string, folders: readonly string[]): Promise<string> {
  const names = folders.map((folder) => folder.slice(1));
  await must(
    "tar",
    ["--numeric-owner", "--sort=name", "--transform", "s,^,srv/,RH", "-C", "/", "-cf", path, ...names],
    {
      timeoutMs: 300_000,
    },
  );
  return path;
}

async function addLayer(layout: string, tar: string): Promise<Layer> {
  const zipped = `${tar}.gz`;
  await must("sh", ["-c", `gzip -6 -n < '${tar}' > '${zipped}'`], { timeoutMs: 300_000 });
  const [diffId, digest] = [await digestOf(tar), await digestOf(zipped)];
  const { size } = statSync(zipped);
  renameSync(zipped, join(layout, "blobs/sha256", digest));
  return { digest: `sha256:${digest}`, diffId: `sha256:${diffId}`, size };
}

async function digestOf(path: string): Promise<string> {
  return (await must("sha256sum", [path], { timeoutMs: 120_000 })).split(" ")[0] ?? "";
}

async function push(layout: string, images: Readonly<Record<string, readonly Layer[]>>, work: string): Promise<void> {
  const address = "127.0.0.1:5999";
  writeFileSync(
    join(work, "config.yml"),
    `version: 0.1\nlog: { level: error }\nstorage:\n  filesystem: { rootdirectory: ${join(cache, "data")} }\nhttp: { addr: "${address}" }\n`,
  );
  mkdirSync(cache, { recursive: true });
  const server = start("docker-registry", ["serve", join(work, "config.yml")]);
  try {
    for (const [name, layers] of Object.entries(images)) {
      writeFileSync(join(layout, "index.json"), JSON.stringify(imageIndex(layout, layers)));
      const copy = ["--insecure-policy", "copy", "--dest-tls-verify=false", "--retry-times", "5"];
      await must("skopeo", [...copy, `oci:${layout}`, `docker://${address}/${name}`], { timeoutMs: 300_000 });
    }
  } finally {
    await server.stop();
  }
}

function imageIndex(layout: string, layers: readonly Layer[]): unknown {
  const architecture = process.arch === "arm64" ? "arm64" : "amd64";
  const config = putJson(layout, {
    architecture,
    os: "linux",
    config: { Cmd: ["bash"], Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"] },
    rootfs: { type: "layers", diff_ids: layers.map(({ diffId }) => diffId) },
  });
  const manifest = putJson(layout, {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: { mediaType: "application/vnd.oci.image.config.v1+json", ...config },
    layers: layers.map(({ digest, size }) => ({
      mediaType: "application/vnd.oci.image.layer.v1.tar+gzip",
      digest,
      size,
    })),
  });
  const descriptor = { mediaType: "application/vnd.oci.image.manifest.v1+json", ...manifest };
  return { schemaVersion: 2, mediaType: "application/vnd.oci.image.index.v1+json", manifests: [descriptor] };
}

function putJson(layout: string, value: unknown): { readonly digest: string; readonly size: number } {
  const content = Buffer.from(JSON.stringify(value));
  const hex = createHash("sha256").update(content).digest("hex");
  writeFileSync(join(layout, "blobs/sha256", hex), content);
  return { digest: `sha256:${hex}`, size: content.length };
}
