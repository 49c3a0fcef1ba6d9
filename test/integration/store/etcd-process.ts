/** A plain etcd for tests, on loopback and free ports, its data on tmpfs where there is one. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EtcdKv } from "#control-plane/store/etcd-kv.ts";
import { systemClock } from "#proto/kit/clock.ts";
import { type Logger, silentLogger } from "#proto/kit/logger.ts";
import { systemRandom } from "#proto/kit/random.ts";

export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || !address) throw new Error("no port");
  return address.port;
}

export async function scratchFolder(name: string): Promise<string> {
  return mkdtemp(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), `orch-${name}-`));
}

export class EtcdProcess {
  readonly endpoint: string;
  readonly #folder: string;
  readonly #peerPort: number;
  readonly #flags: readonly string[];
  #child: ChildProcess | undefined;

  private constructor(folder: string, ports: readonly [client: number, peer: number], flags: readonly string[]) {
    const [clientPort, peerPort] = ports;
    this.#flags = flags;
    this.#folder = folder;
    this.endpoint = `http://127.0.0.1:${clientPort}`;
    this.#peerPort = peerPort;
  }

  static async start(...flags: string[]): Promise<EtcdProcess> {
    const ports = [await freePort(), await freePort()] as const;
    const etcd = new EtcdProcess(await scratchFolder("store"), ports, flags);
    await etcd.start();
    return etcd;
  }

  async start(): Promise<void> {
    const peer = `http://127.0.0.1:${this.#peerPort}`;
    const args = ["--name", "test", "--data-dir", join(this.#folder, "data"), "--max-txn-ops", "1024"];
    args.push("--listen-client-urls", this.endpoint, "--advertise-client-urls", this.endpoint);
    args.push("--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", `test=${peer}`);
    args.push("--experimental-watch-progress-notify-interval", "1s", "--log-level", "error");
    this.#child = spawn("etcd", [...args, ...this.#flags], { stdio: "ignore", cwd: this.#folder });
    const kv = this.client();
    for (let attempt = 0; attempt < 100; attempt++) {
      try {
        await kv.get("ready");
        await kv.close();
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
    throw new Error("etcd did not start");
  }

  client(prefix = "/test/", logger: Logger = silentLogger): EtcdKv {
    return new EtcdKv({
      endpoints: [this.endpoint],
      prefix,
      clock: systemClock,
      random: systemRandom,
      logger,
    });
  }

  signal(name: "SIGKILL" | "SIGSTOP" | "SIGCONT"): void {
    this.#child?.kill(name);
  }

  /** SIGSTOP, and waits until every thread stands still: a fast question may be answered before. */
  async freeze(): Promise<void> {
    const tasks = `/proc/${this.#child?.pid}/task`;
    this.signal("SIGSTOP");
    const isStill = (task: string): boolean => / T /.test(readFileSync(`${tasks}/${task}/stat`, "latin1"));
    while (!readdirSync(tasks).every(isStill)) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }

  async end(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
