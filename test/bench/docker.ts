/** A dockerd of our own as peer: own data, own socket, started and ended here. From Debian's docker.io. */
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { must, type Running, root, run, start } from "../e2e/support/programs.ts";
import { weighLikePrograms } from "./cpu-weight.ts";

/** What it adds to the host's network, by listing before and after: it leaves rules and bridges behind when it stops. */
async function hostNetwork(): Promise<{ readonly tables: ReadonlySet<string>; readonly links: ReadonlySet<string> }> {
  const lines = async (command: string, args: readonly string[]): Promise<readonly string[]> =>
    (await run(command, args)).out.split("\n").filter(Boolean);
  const links = (await lines("ip", ["-o", "link"])).map((line) => line.split(":")[1]?.trim().split("@")[0] ?? "");
  return { tables: new Set(await lines("nft", ["list", "tables"])), links: new Set(links) };
}

export class Docker {
  readonly #folder: string;
  readonly #runFolder: string;
  readonly #socket: string;
  readonly #flags: readonly string[];
  #daemon: Running | undefined;
  #undoWeight: () => void = () => undefined;
  #before: Awaited<ReturnType<typeof hostNetwork>> | undefined;

  /** `flags` are more of dockerd's. */
  constructor(name = "bench", flags: readonly string[] = []) {
    this.#flags = flags;
    this.#folder = `/var/lib/orch-${name}-docker`;
    this.#runFolder = `/run/orch-${name}-docker`;
    this.#socket = `unix://${this.#runFolder}/docker.sock`;
  }

  /** Where its images lie. */
  get directory(): string {
    return this.#folder;
  }

  async start(): Promise<void> {
    await must("sh", [join(root, "deploy/setup/packages.sh"), "peer"], { timeoutMs: 600_000 });
    this.#before = await hostNetwork();
    this.#undoWeight = weighLikePrograms("/docker");
    mkdirSync(this.#runFolder, { recursive: true, mode: 0o700 });
    this.#daemon = start("dockerd", [
      "--data-root",
      this.#folder,
      "--exec-root",
      `${this.#runFolder}/exec`,
      "--pidfile",
      `${this.#runFolder}/docker.pid`,
      "-H",
      this.#socket,
      ...this.#flags,
    ]);
    await this.#daemon.waitFor(/API listen on/, 60_000);
  }

  docker(...args: string[]): Promise<string> {
    return must("docker", ["-H", this.#socket, ...args], { timeoutMs: 300_000 });
  }

  tryDocker(...args: string[]): ReturnType<typeof run> {
    return run("docker", ["-H", this.#socket, ...args], { timeoutMs: 300_000 });
  }

  async stop(): Promise<void> {
    this.#undoWeight();
    await this.tryDocker("swarm", "leave", "--force");
    await this.#daemon?.stop();
    if (existsSync(this.#folder)) await run("umount", ["-R", "-l", this.#folder]);
    rmSync(this.#folder, { recursive: true, force: true });
    rmSync(this.#runFolder, { recursive: true, force: true });
    await this.#restoreNetwork();
  }

  async #restoreNetwork(): Promise<void> {
    const [before, now] = [this.#before, await hostNetwork()];
    if (!before) return;
    for (const table of now.tables)
      if (!before.tables.has(table) && !table.includes(" orch_")) await run("nft", ["delete", ...table.split(" ")]);
    for (const link of now.links)
      if (!before.links.has(link) && link.startsWith("docker")) await run("ip", ["link", "del", link]);
  }
}
