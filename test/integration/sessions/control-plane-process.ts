/** A real control plane with its own etcd, in a folder and on ports of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { access, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import type { Kv } from "#control-plane/store/kv.ts";
import { controlPlaneTlsName } from "#proto/identity/names.ts";
import { systemClock } from "#proto/kit/clock.ts";
import { silentLogger } from "#proto/kit/logger.ts";
import { systemRandom } from "#proto/kit/random.ts";
import { RpcClient } from "#proto/kit/rpc/client.ts";
import { channelCredentials } from "#proto/kit/rpc/tls.ts";

const main = join(import.meta.dirname, "../../../control-plane/main.ts");

interface Context {
  readonly server: string;
  readonly certificateAuthority: string;
  readonly clientCertificate: string;
  readonly clientKey: string;
}

export interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

export class ControlPlaneProcess {
  readonly folder: string;
  readonly cluster: string;
  readonly ports: readonly number[];
  #child: ChildProcess | undefined;
  #ended: Promise<Ended> | undefined;
  output = "";
  errors = "";
  /** ORCH_FAULTS of the next start. */
  faults = "";

  readonly #command: readonly [program: string, ...args: string[]];

  private constructor(folder: string, cluster: string, ports: readonly number[], program: string | undefined) {
    this.folder = folder;
    this.cluster = cluster;
    this.ports = ports;
    this.#command =
      program === undefined ? [process.execPath, "--disable-warning=ExperimentalWarning", main] : [program];
  }

  /** Flags for another control plane to use this one's etcd and keys. */
  get storeFlags(): readonly string[] {
    const pki = join(this.folder, "data/pki/etcd");
    return ["--etcd-endpoints", `https://127.0.0.1:${this.ports[2]}`, "--etcd-ca", `${pki}/ca.pem`]
      .concat(["--etcd-cert", `${pki}/etcd.pem`, "--etcd-key", `${pki}/etcd-key.pem`, "--etcd-tls-name", "etcd.orch"])
      .concat(["--key-file", join(this.folder, "data/encryption-keys.json")]);
  }

  /** From source, or a built `program`. */
  static async create(cluster: string, options: { readonly program?: string } = {}): Promise<ControlPlaneProcess> {
    const folder = await mkdtemp(join(tmpdir(), `orch-${cluster}-`));
    return new ControlPlaneProcess(folder, cluster, await freePorts(4), options.program);
  }

  get port(): number {
    return this.ports[0] ?? 0;
  }

  get enrollmentPort(): number {
    return this.ports[1] ?? 0;
  }

  get etcdPort(): number {
    return this.ports[2] ?? 0;
  }

  get serverName(): string {
    return controlPlaneTlsName(this.cluster);
  }

  get readyFile(): string {
    return join(this.folder, "run/ready");
  }

  /** Starts and waits for the ready file, or for the end. */
  async start(...more: readonly string[]): Promise<void> {
    // A killed predecessor leaves its own behind.
    await rm(this.readyFile, { force: true });
    this.launch(...more);
    for (let tries = 0; tries < 600; tries++) {
      const ready = await access(this.readyFile).then(
        () => true,
        () => false,
      );
      if (ready) return;
      if (this.#child?.exitCode !== null) throw new Error(`it ended: ${this.errors}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`not ready: ${this.errors}`);
  }

  /** What starts it: for a second one beside it. */
  command(...more: readonly string[]): readonly [program: string, ...args: string[]] {
    const [port, enrollmentPort, clientPort, peerPort] = this.ports.map(String);
    const args = ["--cluster", this.cluster, "--name", "cp", "--data-dir", join(this.folder, "data")]
      .concat(["--run-dir", join(this.folder, "run"), "--ready-file", this.readyFile, "--listen-address", "127.0.0.1"])
      .concat(["--port", port ?? "", "--enrollment-port", enrollmentPort ?? ""])
      .concat(["--etcd-client-port", clientPort ?? "", "--etcd-peer-port", peerPort ?? ""], more);
    // One machine has one default port for monitoring, and many of these at a time.
    if (!more.includes("--metrics-address")) args.push("--metrics-address", "none");
    const [program, ...before] = this.#command;
    return [program, ...before, ...args];
  }

  launch(...more: readonly string[]): void {
    // Started dozens of times, it is compiled once.
    const env = { ...process.env, ORCH_FAULTS: this.faults, NODE_COMPILE_CACHE: join(this.folder, "compile-cache") };
    const [program, ...args] = this.command(...more);
    const child = spawn(program, args, { env });
    this.#child = child;
    this.output = "";
    this.errors = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.errors += text;
    });
    this.#ended = new Promise((resolve) => {
      child.once("close", (code) => resolve({ code, output: this.output, errors: this.errors }));
    });
  }

  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The signal that ended it. */
  get endedBy(): NodeJS.Signals | null {
    return this.#child?.signalCode ?? null;
  }

  get isReady(): boolean {
    return existsSync(this.readyFile);
  }

  /** Runs it with these flags to its end. */
  async runOnce(...more: readonly string[]): Promise<Ended> {
    this.launch(...more);
    return await this.ended();
  }

  /** The store of a control plane that has ended, its etcd started for this. */
  async openStore(): Promise<{ readonly kv: Kv; readonly close: () => Promise<void> }> {
    const { openStore } = await import("#control-plane/open-store.ts");
    const { readInvocation } = await import("#control-plane/config.ts");
    const [, , clientPort, peerPort] = this.ports.map(String);
    const flags = ["--cluster", this.cluster, "--name", "cp", "--data-dir", join(this.folder, "data")]
      .concat(["--listen-address", "127.0.0.1"])
      .concat(["--etcd-client-port", clientPort ?? "", "--etcd-peer-port", peerPort ?? ""]);
    const host = { hostname: "h", address: "127.0.0.1", searchPath: process.env.PATH ?? "" };
    const invocation = readInvocation(flags, host);
    if (invocation.kind !== "run") throw new Error("no configuration");
    const dependencies = { clock: systemClock, random: systemRandom, logger: silentLogger };
    const connection = await openStore(invocation.config, dependencies, new AbortController().signal);
    return { kv: connection.kv, close: () => connection.stop() };
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async ended(): Promise<Ended> {
    if (!this.#ended) throw new Error("it was never started");
    return await this.#ended;
  }

  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<Ended> {
    this.#child?.kill(signal);
    return await this.ended();
  }

  async context(): Promise<Context> {
    const text = await readFile(join(this.folder, "data/admin.yaml"), "utf8");
    return (parse(text) as { contexts: [Context] }).contexts[0];
  }

  /** A client with the administrator's certificate, or another. */
  async client(identity?: { readonly certificateChain: string; readonly privateKey: string }): Promise<RpcClient> {
    const { certificateAuthority, clientCertificate, clientKey } = await this.context();
    const admin = { certificateChain: clientCertificate, privateKey: clientKey };
    return new RpcClient({
      address: `127.0.0.1:${this.port}`,
      serverName: controlPlaneTlsName(this.cluster),
      credentials: channelCredentials(certificateAuthority, identity ?? admin),
      clock: systemClock,
    });
  }

  /** Ends etcd too, whatever state the test left. */
  async remove(): Promise<void> {
    if (this.#child && this.#child.exitCode === null && this.#child.signalCode === null) await this.stop();
    const { findRunningEtcd } = await import("#control-plane/etcd/running-etcd.ts");
    const left = await findRunningEtcd(join(this.folder, "data/etcd"));
    if (left) process.kill(left.pid, "SIGKILL");
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => {
          server.listen({ host: "127.0.0.1", port: 0 }, () => resolve((server.address() as { port: number }).port));
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
