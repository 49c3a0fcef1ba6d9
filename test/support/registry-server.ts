/** A real registry for tests: Debian's docker-registry on a free loopback port, plain HTTP, with a password when asked for. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

export interface RegistryServer {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** Where it keeps its blobs. */
  readonly directory: string;
  stop(): Promise<void>;
}

/** User of a registry with authentication. */
export const registryUser = { username: "user", password: "secret" } as const;
const htpasswd = "user:$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n";
const startTimeoutMs = 10_000;

export async function startRegistry(
  options: { readonly authentication?: boolean; readonly port?: number } = {},
): Promise<RegistryServer> {
  const directory = await mkdtemp(join(tmpdir(), "orch-registry-"));
  const host = `127.0.0.1:${options.port ?? (await freePort())}`;
  const configuration: Record<string, unknown> = {
    version: "0.1",
    log: { level: "error", accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(directory, "data") }, delete: { enabled: true } },
    http: { addr: host },
  };
  if (options.authentication) {
    await writeFile(join(directory, "htpasswd"), htpasswd);
    configuration.auth = { htpasswd: { realm: "test", path: join(directory, "htpasswd") } };
  }
  await writeFile(join(directory, "config.yml"), JSON.stringify(configuration)); // JSON is YAML
  const child = spawn("docker-registry", ["serve", join(directory, "config.yml")], { stdio: "ignore" });
  try {
    await untilAnswering(host, child);
  } catch (thrown) {
    child.kill("SIGKILL");
    await rm(directory, { recursive: true, force: true });
    throw thrown;
  }
  return {
    host,
    directory,
    async stop() {
      await ended(child);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function untilAnswering(host: string, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + startTimeoutMs;
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`docker-registry ended with code ${child.exitCode}`);
    const answer = await fetch(`http://${host}/v2/`).catch(() => undefined);
    if (answer) return;
    await delay(25);
  }
  throw new Error(`docker-registry did not answer on ${host}`);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await exit;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
