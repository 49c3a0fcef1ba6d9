/**
 * What a container with users of its own is made from, in a place that these users can reach and with owners that they know: its root,
 * a /dev of its own, and its mounts. Gone as soon as the container is made, which holds on to what it took.
 */
import { chmod, chown, mkdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { mountIdmapped } from "../host/idmapped-mount.ts";
import { statInMemory } from "../host/memory-files.ts";
import { unmountBelow } from "../host/mounts.ts";
import { makeNode, mount } from "../host/syscalls.ts";
import type { ContainerSpec, SandboxUsers } from "./container-runtime.ts";
import type { OciConfig, OciMount } from "./oci-types.ts";

const characterDevice = 0o020666;
/** Name, major, minor: what every container has. */
const nodes: readonly (readonly [string, number, number])[] = [
  ["null", 1, 3],
  ["zero", 1, 5],
  ["full", 1, 7],
  ["random", 1, 8],
  ["urandom", 1, 9],
  ["tty", 5, 0],
];
const links: readonly (readonly [string, string])[] = [
  ["fd", "/proc/self/fd"],
  ["stdin", "/proc/self/fd/0"],
  ["stdout", "/proc/self/fd/1"],
  ["stderr", "/proc/self/fd/2"],
  ["ptmx", "pts/ptmx"],
];

export interface Staged {
  /** With the staged places in it. */
  readonly config: OciConfig;
  /** The program to make the container with, in place of the runtime. */
  readonly starter: string;
}

/** Whoever calls this calls `unstage`, whatever happens between. */
export async function stage(
  config: OciConfig,
  { id, sandbox }: Pick<ContainerSpec, "id" | "sandbox">,
  users: SandboxUsers,
  { bundle, runtimePath }: { readonly bundle: string; readonly runtimePath: string },
): Promise<Staged> {
  const directory = join(sandbox.directory, `stage-${id}`);
  await mkdir(directory, { mode: 0o755 });
  const root = join(directory, "root");
  await mkdir(root);
  mount({ source: config.root.path, target: root, flags: ["bind"] });
  const devices = join(directory, "devices");
  await makeDevices(devices, users);
  if (config.process.terminal) await writeFile(join(devices, "console"), ""); // where the terminal is mounted
  const mounts: OciMount[] = [];
  for (const [at, wanted] of config.mounts.entries())
    mounts.push(
      wanted.destination === "/dev" && wanted.type === "tmpfs"
        ? { destination: "/dev", type: "bind", source: devices, options: ["bind", "rprivate", "rw", "nosuid"] }
        : await stagedMount(wanted, join(directory, String(at)), users),
    );
  return {
    config: { ...config, root: { ...config.root, path: root }, mounts },
    starter: await writeStarter(join(bundle, "start"), runtimePath, join(devices, "null")),
  };
}

/**
 * A program that starts the runtime with `nothing` in place of devices as its standard streams, for as long as that is there. The runtime
 * gives its streams to the container's user: with conmon's own that would be /dev/null of the whole node.
 */
async function writeStarter(path: string, runtimePath: string, nothing: string): Promise<string> {
  const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
  const streams = ["<", ">", "2>"].map((way, fd) => `[ -c /proc/self/fd/${fd} ] && exec ${way}${quoted(nothing)}`);
  const lines = [
    "#!/bin/sh",
    `if [ -c ${quoted(nothing)} ]; then`,
    ...streams,
    "fi",
    `exec ${quoted(runtimePath)} "$@"`,
  ];
  await writeFile(path, `${lines.join("\n")}\n`, { mode: 0o700 });
  return path;
}

export async function unstage(sandboxDirectory: string, containerId: string): Promise<void> {
  const directory = join(sandboxDirectory, `stage-${containerId}`);
  if (!statInMemory(directory)) return;
  await unmountBelow(directory);
  await rm(directory, { recursive: true, force: true });
}

async function stagedMount(wanted: OciMount, place: string, users: SandboxUsers): Promise<OciMount> {
  if (wanted.type !== "bind") return wanted;
  if ((await stat(wanted.source)).isDirectory()) await mkdir(place);
  else await writeFile(place, "");
  mountIdmapped(wanted.source, place, users.namespace);
  return { ...wanted, source: place };
}

/**
 * Made here, as no user of the pod may make devices. Were they the node's own, mounted one by one, the runtime would give /dev/null of
 * the whole node to the pod when it hands over the standard streams.
 */
async function makeDevices(place: string, { first }: SandboxUsers): Promise<void> {
  await mkdir(place);
  const data = `mode=755,size=65536k,uid=${first},gid=${first}`;
  mount({ source: "tmpfs", target: place, type: "tmpfs", flags: ["nosuid", "noexec"], data });
  for (const [name, major, minor] of nodes) {
    makeNode(join(place, name), characterDevice, major, minor);
    await chmod(join(place, name), 0o666); // the agent's umask took from it
    await chown(join(place, name), first, first);
  }
  for (const [name, target] of links) await symlink(target, join(place, name));
  for (const name of ["pts", "shm", "mqueue"]) await mkdir(join(place, name));
}

/** Lets others pass through the folders above, which stay closed otherwise: nobody can list them, and what they hold has modes of its own. */
export async function letThrough(path: string): Promise<void> {
  for (let directory = path; directory !== "/"; directory = dirname(directory)) {
    const { mode } = await stat(directory);
    if ((mode & 0o001) === 0) await chmod(directory, (mode & 0o777) | 0o011);
  }
}
