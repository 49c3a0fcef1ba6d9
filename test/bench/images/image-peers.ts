/** Who else pulls images: docker, podman and containerd from Debian's packages, each with data of its own. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { must, type Running, run, start } from "../../e2e/support/programs.ts";
import { Docker } from "../docker.ts";

export interface Puller {
  readonly name: string;
  /** Where its images lie. */
  readonly directory: string;
  start(): Promise<void>;
  pull(reference: string): Promise<void>;
  /** With its layers. */
  remove(reference: string): Promise<void>;
  stop(): Promise<void>;
}

const patience = { timeoutMs: 600_000 };

export function docker(registry: string): Puller {
  const daemon = new Docker("pull", ["--insecure-registry", registry]);
  return {
    name: "docker pull (docker.io of Debian)",
    directory: daemon.directory,
    start: () => daemon.start(),
    pull: async (reference) => void (await daemon.docker("pull", "-q", reference)),
    remove: async (reference) => void (await daemon.docker("rmi", "-f", reference)),
    stop: () => daemon.stop(),
  };
}

export function podman(): Puller {
  const [directory, runDirectory] = ["/var/lib/orch-pull-podman", "/run/orch-pull-podman"];
  const podmanRun = async (...args: string[]): Promise<void> => {
    const places = ["--root", directory, "--runroot", runDirectory, "--storage-driver", "overlay"];
    await must("podman", [...places, "--events-backend", "file", ...args], patience);
  };
  return {
    name: "podman pull (podman of Debian)",
    directory,
    start: async () => void mkdirSync(directory, { recursive: true }),
    pull: (reference) => podmanRun("pull", "-q", "--tls-verify=false", reference),
    remove: (reference) => podmanRun("rmi", "-f", reference),
    stop: () => removeData(directory, runDirectory),
  };
}

export function containerd(): Puller {
  const [directory, runDirectory] = ["/var/lib/orch-pull-containerd", "/run/orch-pull-containerd"];
  const socket = `${runDirectory}/containerd.sock`;
  let daemon: Running | undefined;
  const ctr = async (...args: string[]): Promise<void> => void (await must("ctr", ["-a", socket, ...args], patience));
  return {
    name: "ctr image pull (containerd of Debian)",
    directory,
    async start() {
      mkdirSync(runDirectory, { recursive: true });
      const config = `version = 2\nroot = "${directory}"\nstate = "${runDirectory}/state"\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\n[grpc]\naddress = "${socket}"\n`;
      writeFileSync(`${runDirectory}/config.toml`, config);
      daemon = start("containerd", ["--config", `${runDirectory}/config.toml`]);
      await daemon.waitFor(/containerd successfully booted/, 60_000);
    },
    pull: (reference) => ctr("image", "pull", "--plain-http", reference),
    remove: (reference) => ctr("image", "rm", "--sync", reference),
    async stop() {
      await daemon?.stop();
      await removeData(directory, runDirectory);
    },
  };
}

async function removeData(...folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    if (!existsSync(folder)) continue;
    await run("sh", ["-c", `awk '$2 ~ "^${folder}/" {print $2}' /proc/mounts | xargs -r umount -l`]);
    rmSync(folder, { recursive: true, force: true });
  }
}
