/** A dockerd of our own as peer: own data, own socket, started and ended here. From Debian's docker.io. */
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { must, type Running, root, run, start } from "../e2e/support/programs.ts";

const folder = "/var/lib/orch-bench-docker";
const runFolder = "/run/orch-bench-docker";
const socket = `unix://${runFolder}/docker.sock`;

export class Docker {
  #daemon: Running | undefined;

  async start(): Promise<void> {
    await must("sh", [join(root, "deploy/setup/packages.sh"), "peer"], { timeoutMs: 600_000 });
    mkdirSync(runFolder, { recursive: true, mode: 0o700 });
    this.#daemon = start("dockerd", [
      "--data-root",
      folder,
      "--exec-root",
      `${runFolder}/exec`,
      "--pidfile",
      `${runFolder}/docker.pid`,
      "-H",
      socket,
    ]);
    await this.#daemon.waitFor(/API listen on/, 60_000);
  }

  docker(...args: string[]): Promise<string> {
    return must("docker", ["-H", socket, ...args], { timeoutMs: 300_000 });
  }

  tryDocker(...args: string[]): ReturnType<typeof run> {
    return run("docker", ["-H", socket, ...args], { timeoutMs: 300_000 });
  }

  async stop(): Promise<void> {
    await this.tryDocker("swarm", "leave", "--force");
    await this.#daemon?.stop();
    if (existsSync(folder)) await run("umount", ["-R", "-l", folder]);
    rmSync(folder, { recursive: true, force: true });
    rmSync(runFolder, { recursive: true, force: true });
  }
}
