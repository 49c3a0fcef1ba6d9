/** Unpacks layers into a directory of their own, beside a victim that hostile names aim at. Needs root. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mount, unmount } from "#node-agent/host/syscalls.ts";
import { mountFromFile } from "#node-agent/images/layers/erofs/erofs-mount.ts";
import { readTrailer } from "#node-agent/images/layers/erofs/trailer.ts";
import type { RecordStart } from "#node-agent/images/layers/layer-output.ts";
import { type LayerFormat, unpackLayer } from "#node-agent/images/layers/unpack-layer.ts";
import { digestOf } from "#test/support/image-builder.ts";
import { type TarEntry, tar } from "#test/support/tar-writer.ts";

export interface Unpacked {
  readonly root: string;
  readonly record: RecordStart;
}

export const layerFormats: readonly LayerFormat[] = ["directory", "erofs"];

export class Unpacking {
  readonly directory: string = mkdtempSync(join(tmpdir(), "orch-unpack-"));
  readonly #format: LayerFormat;
  readonly #mounts: string[] = [];
  #sequence = 0;

  constructor(format: LayerFormat) {
    this.#format = format;
    mkdirSync(join(this.directory, "victim"));
    writeFileSync(join(this.directory, "victim/hello"), "unharmed");
    chmodSync(join(this.directory, "victim/hello"), 0o400);
  }

  /** Fails when the victim is not as it was. */
  checkVictim(message = "the victim has changed"): void {
    const victim = join(this.directory, "victim");
    assert.equal(readFileSync(join(victim, "hello"), "utf8"), "unharmed", message);
    const { mode, uid, nlink } = statSync(join(victim, "hello"));
    assert.deepEqual([mode & 0o7777, uid, nlink], [0o400, 0, 1], message);
    assert.deepEqual(readdirSync(victim), ["hello"], message);
  }

  /** Removes everything, having checked the victim. */
  close(): void {
    this.checkVictim();
    for (const target of this.#mounts) unmount(target, { lazy: true });
    rmSync(this.directory, { recursive: true, force: true });
  }

  async unpack(entries: readonly TarEntry[] | Buffer, maxBytes = 1 << 30): Promise<Unpacked> {
    const archive = Buffer.isBuffer(entries) ? entries : tar(entries);
    const path = join(this.directory, `layer-${this.#sequence++}`);
    const blobPath = `${path}.tar`;
    writeFileSync(blobPath, archive);
    await unpackLayer({ blobPath, diffId: digestOf(archive), format: this.#format, path, maxBytes });
    if (this.#format === "directory") {
      return {
        root: join(path, "fs"),
        record: JSON.parse(readFileSync(join(path, "layer.json"), "utf8")) as RecordStart,
      };
    }
    execFileSync("fsck.erofs", [path], { stdio: "pipe" });
    const root = `${path}-mount`;
    mkdirSync(root);
    mountFromFile(path, root);
    this.#mounts.push(root);
    return { root, record: readTrailer(path).record };
  }

  /** Unpacks each layer on its own and looks at all of them together. Base first. */
  async merged<T>(layers: readonly (readonly TarEntry[])[], look: (root: string) => T): Promise<T> {
    const roots: string[] = [];
    for (const entries of layers) roots.push((await this.unpack(entries)).root);
    const target = join(this.directory, `merged-${this.#sequence++}`);
    const empty = `${target}-empty`;
    for (const path of [target, empty]) mkdirSync(path);
    const data = `lowerdir=${roots.reverse().join(":")}:${empty}`;
    mount({ source: "overlay", target, type: "overlay", flags: ["ro"], data });
    try {
      return look(target);
    } finally {
      unmount(target, { lazy: true });
    }
  }
}

export const D = (name: string, mode = 0o755): TarEntry => ({ name, type: "directory", mode });
export const F = (name: string, content = ""): TarEntry => ({ name, content });
export const S = (name: string, linkName: string): TarEntry => ({ name, type: "symlink", linkName });
export const L = (name: string, linkName: string): TarEntry => ({ name, type: "hardlink", linkName });
