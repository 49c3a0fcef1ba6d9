/** Three etcd members on loopback with TLS among them and to us: what may lose its leader. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  type EtcdCertificateFiles,
  ensureEtcdCertificates,
  etcdTlsName,
} from "#control-plane/identity/etcd-certificates.ts";
import { EtcdEndpoints, type EtcdTls } from "#control-plane/store/etcd-endpoints.ts";
import { EtcdKv } from "#control-plane/store/etcd-kv.ts";
import { systemClock } from "#proto/kit/clock.ts";
import { silentLogger } from "#proto/kit/logger.ts";
import { systemRandom } from "#proto/kit/random.ts";
import { freePort, scratchFolder } from "./etcd-process.ts";

interface Member {
  readonly name: string;
  readonly clientUrl: string;
  readonly peerUrl: string;
  child: ChildProcess | undefined;
}

export class EtcdMembers {
  readonly #folder: string;
  readonly #members: readonly Member[];
  readonly #certificates: EtcdCertificateFiles;
  readonly #tls: EtcdTls;

  private constructor(folder: string, members: readonly Member[], certificates: EtcdCertificateFiles, tls: EtcdTls) {
    this.#folder = folder;
    this.#members = members;
    this.#certificates = certificates;
    this.#tls = tls;
  }

  static async start(): Promise<EtcdMembers> {
    const folder = await scratchFolder("members");
    const certificates = await ensureEtcdCertificates({
      ...{ folder: join(folder, "pki"), cluster: "members", ipAddresses: ["127.0.0.1"] },
      lifetimeMs: 86_400_000,
      ...{ clock: systemClock, random: systemRandom },
    });
    const read = [certificates.authority, certificates.certificate, certificates.key].map((path) => readFile(path));
    const [authorityPem, certificatePem, keyPem] = await Promise.all(read);
    if (!authorityPem || !certificatePem || !keyPem) throw new Error("no certificates");
    const members: Member[] = [];
    for (const name of ["one", "two", "three"]) {
      const [clientUrl, peerUrl] = [`https://127.0.0.1:${await freePort()}`, `https://127.0.0.1:${await freePort()}`];
      members.push({ name, clientUrl, peerUrl, child: undefined });
    }
    const tls = { authorityPem, certificatePem, keyPem, serverName: etcdTlsName };
    const cluster = new EtcdMembers(folder, members, certificates, tls);
    try {
      await Promise.all(members.map(({ name }) => cluster.startMember(name)));
      await cluster.leader();
    } catch (thrown) {
      await cluster.end();
      throw thrown;
    }
    return cluster;
  }

  async startMember(name: string): Promise<void> {
    const member = this.#member(name);
    const { authority, certificate, key } = this.#certificates;
    const { clientUrl, peerUrl } = member;
    const flags = {
      ...{ name, "data-dir": join(this.#folder, name), "max-txn-ops": "1024", "log-level": "error", logger: "zap" },
      ...{ "listen-client-urls": clientUrl, "advertise-client-urls": clientUrl },
      ...{ "listen-peer-urls": peerUrl, "initial-advertise-peer-urls": peerUrl },
      "initial-cluster": this.#members.map((each) => `${each.name}=${each.peerUrl}`).join(","),
      ...{ "cert-file": certificate, "key-file": key, "trusted-ca-file": authority, "client-cert-auth": "true" },
      ...{ "peer-cert-file": certificate, "peer-key-file": key, "peer-trusted-ca-file": authority },
      ...{ "peer-client-cert-auth": "true", "experimental-watch-progress-notify-interval": "1s" },
    };
    const args = Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`);
    member.child = spawn("etcd", args, { stdio: "ignore", cwd: this.#folder });
  }

  client(prefix: string): EtcdKv {
    const endpoints = this.#members.map(({ clientUrl }) => clientUrl);
    const base = { clock: systemClock, random: systemRandom, logger: silentLogger };
    return new EtcdKv({ endpoints, tls: this.#tls, prefix, ...base, requestTimeoutMs: 3000 });
  }

  /** Name of the member that leads, as soon as one does. */
  async leader(): Promise<string> {
    const deadlineMs = systemClock.monotonicMs() + 60_000;
    while (systemClock.monotonicMs() < deadlineMs) {
      for (const { name, clientUrl } of this.#members) {
        const endpoints = new EtcdEndpoints({ endpoints: [clientUrl], tls: this.#tls, clock: systemClock });
        try {
          const ask = endpoints.call(
            "its status",
            async (member) => (await member.services()).maintenance.status(),
            AbortSignal.timeout(1000),
          );
          const { header, leader } = await ask;
          if (leader !== "0" && header.member_id === leader) return name;
        } catch {
          // It is down, or does not know.
        } finally {
          endpoints.close();
        }
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error("no member leads");
  }

  signal(name: string, signal: "SIGSTOP" | "SIGCONT"): void {
    this.#member(name).child?.kill(signal);
  }

  async kill(name: string): Promise<void> {
    const { child } = this.#member(name);
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }

  async end(): Promise<void> {
    for (const { name } of this.#members) await this.kill(name);
    await rm(this.#folder, { recursive: true, force: true });
  }

  #member(name: string): Member {
    const member = this.#members.find((each) => each.name === name);
    if (!member) throw new Error(`no member ${name}`);
    return member;
  }
}
