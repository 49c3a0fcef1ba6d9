/** An etcd as a user runs it: its own authority, TLS for clients, and no client without a certificate. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dayMs, validity } from "#control-plane/identity/certificate-authority.ts";
import {
  type KeyAndCertificate,
  makeAuthority,
  makeKey,
  signCertificate,
} from "#control-plane/identity/certificate-maker.ts";
import { type Clock, systemClock } from "#proto/kit/clock.ts";
import { systemRandom } from "#proto/kit/random.ts";

export interface EtcdPki {
  readonly authority: KeyAndCertificate;
  /** Writes NAME.pem and NAME-key.pem and returns their paths. */
  issue(name: string, options?: IssueOptions): Promise<{ readonly certificate: string; readonly key: string }>;
  readonly authorityFile: string;
}

export interface IssueOptions {
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
  readonly lifetimeMs?: number;
  readonly clock?: Clock;
}

export async function makeEtcdPki(folder: string, name: string): Promise<EtcdPki> {
  const authority = await makeAuthority(name, "ops", validity(systemClock, systemRandom, 365 * dayMs));
  const authorityFile = join(folder, `${name}-ca.pem`);
  await writeFile(authorityFile, authority.certificatePem);
  return {
    authority,
    authorityFile,
    async issue(user, { dnsNames = [], ipAddresses = [], lifetimeMs = 30 * dayMs, clock = systemClock } = {}) {
      const key = await makeKey();
      const pem = await signCertificate({
        ...validity(clock, systemRandom, lifetimeMs),
        ...{ authority, user, groups: [], publicKey: key.publicKey, dnsNames, ipAddresses },
        usages: ["client", "server"],
      });
      const files = { certificate: join(folder, `${name}-${user}.pem`), key: join(folder, `${name}-${user}-key.pem`) };
      await writeFile(files.certificate, pem);
      await writeFile(files.key, key.privateKeyPem, { mode: 0o600 });
      return files;
    },
  };
}

export class SecureEtcd {
  readonly folder: string;
  readonly pki: EtcdPki;
  readonly endpoint: string;
  readonly #peer: string;
  #child: ChildProcess | undefined;

  private constructor(folder: string, pki: EtcdPki, ports: readonly [number, number]) {
    this.folder = folder;
    this.pki = pki;
    this.endpoint = `https://127.0.0.1:${ports[0]}`;
    this.#peer = `http://127.0.0.1:${ports[1]}`;
  }

  static async start(): Promise<SecureEtcd> {
    const folder = await mkdtemp(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "orch-etcd-tls-"));
    const pki = await makeEtcdPki(folder, "etcd");
    const etcd = new SecureEtcd(folder, pki, [await freePort(), await freePort()]);
    await etcd.start();
    return etcd;
  }

  async start(): Promise<void> {
    const files = await this.pki.issue("server", { ipAddresses: ["127.0.0.1"], dnsNames: ["etcd.example.test"] });
    const args = ["--name", "own", "--data-dir", join(this.folder, "data"), "--max-txn-ops", "1024"]
      .concat(["--listen-client-urls", this.endpoint, "--advertise-client-urls", this.endpoint])
      .concat(["--listen-peer-urls", this.#peer, "--initial-advertise-peer-urls", this.#peer])
      .concat(["--initial-cluster", `own=${this.#peer}`, "--log-level", "error"])
      .concat(["--cert-file", files.certificate, "--key-file", files.key])
      .concat(["--client-cert-auth", "--trusted-ca-file", this.pki.authorityFile]);
    this.#child = spawn("etcd", args, { stdio: "ignore" });
    await untilListening(Number(new URL(this.endpoint).port));
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
    await rm(this.folder, { recursive: true, force: true });
  }
}

const startWithinMs = 30_000;

async function untilListening(port: number): Promise<void> {
  const late = AbortSignal.timeout(startWithinMs);
  while (true) {
    const socket = connect(port, "127.0.0.1");
    const isOpen = await once(socket, "connect", { signal: late }).then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
    late.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || !address) throw new Error("no port");
  return address.port;
}
