/** Other programs that unpack images, as oracles: umoci, and a containerd of our own. Need root. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { must, type Running, run, start } from "../e2e/support/programs.ts";

/** Unpacks the image `name` of an OCI archive; returns its root. */
export async function unpackByUmoci(archive: string, name: string, folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const layout = join(folder, "layout");
  await must("skopeo", ["--insecure-policy", "copy", "-q", `oci-archive:${archive}:${name}`, `oci:${layout}:it`]);
  await must("umoci", ["unpack", "--image", `${layout}:it`, join(folder, "bundle")], { timeoutMs: 300_000 });
  return join(folder, "bundle/rootfs");
}

export class Containerd {
  readonly #folder: string;
  readonly #mounts: string[] = [];
  #daemon: Running | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async start(): Promise<void> {
    mkdirSync(this.#folder, { recursive: true });
    const config = join(this.#folder, "config.toml");
    // What serves Kubernetes and file systems that are not there would only slow it down.
    writeFileSync(config, 'version = 2\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\n');
    this.#daemon = start("containerd", [
      ...["--config", config, "--root", join(this.#folder, "root"), "--state", join(this.#folder, "state")],
      ...["--address", this.#socket],
    ]);
    await this.#daemon.waitFor(/containerd successfully booted/, 60_000);
  }

  /** Unpacks the image of an OCI archive; returns its root. */
  async unpack(archive: string): Promise<string> {
    const target = join(this.#folder, `mount-${this.#mounts.length}`);
    mkdirSync(target);
    const reference = `oracle:${this.#mounts.length}`;
    await this.#ctr("images", "import", "--index-name", reference, archive);
    await this.#ctr("images", "mount", reference, target);
    this.#mounts.push(target);
    return target;
  }

  async stop(): Promise<void> {
    for (const target of this.#mounts) await run("umount", ["-l", target]);
    await this.#daemon?.stop();
  }

  get #socket(): string {
    return join(this.#folder, "socket");
  }

  #ctr(...args: string[]): Promise<string> {
    return must("ctr", ["--address", this.#socket, ...args], { timeoutMs: 300_000 });
  }
}
