/**
 * The leak audit: everything on this machine that a cluster can leave behind, as sorted lines of text. Two audits of the same
 * state are equal, so a test compares before and after.
 */
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { hierarchies } from "#deploy/local-cluster/cgroups.ts";
import { tryCommand } from "#deploy/local-cluster/command.ts";
import { clusterHash, clusterPaths, nodePaths } from "#deploy/local-cluster/names.ts";
import { readCluster } from "#deploy/local-cluster/state.ts";
import { must } from "./programs.ts";

/** What a whole cluster is: compared before `cluster up` and after `cluster down --purge`. Other clusters are not our business. */
export function auditHost(cluster: string): readonly string[] {
  const lines = [
    ...mountsOf("self")
      .filter((line) => line.includes("orch/"))
      .map((line) => `mount ${line}`),
    ...loopFiles("/var/lib/orch").map((file) => `loop ${file}`),
    ...command("ip", ["-o", "link"]).map((line) => `link ${line.split(":")[1]?.trim().split("@")[0]}`),
    ...command("ip", ["-o", "-4", "addr"]).map((line) => `address ${line.trim().split(/\s+/).slice(1, 4).join(" ")}`),
    ...command("nft", ["list", "tables"]).map((line) => `nft ${line}`),
    // The root of all clusters stays as long as there is one.
    ...cgroupsBelow("/orch")
      .filter((line) => !line.endsWith("/orch"))
      .map((line) => `cgroup ${line}`),
    ...processes(cluster).map((line) => `process ${line}`),
    ...["/run/orch", "/var/lib/orch"].flatMap((folder) => filesBelow(folder).map((path) => `file ${path}`)),
  ];
  return lines
    .filter((line) => !isForeign(line, cluster))
    .map((line) => line.slice(0, 160))
    .sort();
}

/** Docker's containers come and go beside us; our links on a host are never called so. */
const dockerLink = /^link veth[0-9a-f]{7}$/;

/** Of another cluster on this machine, which may come and go meanwhile. */
function isForeign(line: string, cluster: string): boolean {
  const named = /\/orch\/([a-z0-9][-a-z0-9]*)/.exec(line)?.[1];
  const hashed = /\borch[-_]([0-9a-f]{8})\b/.exec(line)?.[1];
  if (dockerLink.test(line)) return true;
  return (named !== undefined && named !== cluster) || (hashed !== undefined && hashed !== clusterHash(cluster));
}

/** What pods leave on the nodes of a running cluster: compared around a test that uses a namespace of its own. */
export function auditNodes(cluster: string): readonly string[] {
  const nodes = readCluster(cluster)?.nodes ?? [];
  return nodes.flatMap((node) => auditNode(cluster, node.name).map((line) => `${node.name}: ${line}`)).sort();
}

function auditNode(cluster: string, node: string): readonly string[] {
  const paths = nodePaths(cluster, node);
  const inside = [`--net=${paths.networkPin}`, `--mount=${paths.mountPin}`];
  const read = (...args: string[]): readonly string[] => command("nsenter", [...inside, ...args]);
  return [
    ...read("cat", "/proc/self/mounts")
      .filter((line) => line.includes(paths.run) || line.includes(paths.data))
      .map((line) => `mount ${line.split(" ").slice(0, 3).join(" ")}`),
    ...loopFiles(paths.data).map((file) => `loop ${file}`),
    ...read("ip", "-o", "link").map((line) => `link ${line.split(":")[1]?.trim().split("@")[0]}`),
    ...read("ip", "-o", "-4", "addr").map((line) => `address ${line.trim().split(/\s+/).slice(1, 4).join(" ")}`),
    ...read("nft", "list", "ruleset")
      .filter((line) => line.trim() !== "")
      .map((line) => `nft ${line}`),
    // The agent's own cgroup and the two that it makes for all pods come and go with it.
    ...cgroupsBelow(paths.cgroup)
      .filter((line) => line.includes("/pods/"))
      .map((line) => `cgroup ${line}`),
    ...[`${paths.cgroup}/pods`, `${paths.cgroup}/conmon`].flatMap(processesIn).map((line) => `process ${line}`),
    ...read("find", paths.run, "-mindepth", "1", "-maxdepth", "3").map((path) => `run ${path}`),
    ...filesBelow(join(paths.data, "pods")).map((path) => `pod file ${path}`),
    ...filesBelow(join(paths.data, "containers")).map((path) => `container file ${path}`),
  ];
}

/** Keys in the cluster's own etcd. Events age out, sessions and leadership change by themselves. */
export async function auditStore(cluster: string): Promise<readonly string[]> {
  const keys = await etcdctl(cluster, ["get", "--prefix", "", "--keys-only"]);
  return keys
    .split("\n")
    .filter((key) => key.includes("/registry/") && !key.endsWith("/registry/-"))
    .sort();
}

/** Runs etcdctl against a local cluster's embedded etcd, with the control plane's own certificate. */
export async function etcdctl(cluster: string, args: readonly string[]): Promise<string> {
  const { controlPlaneData } = clusterPaths(cluster);
  const { clientPort } = JSON.parse(readFileSync(`${controlPlaneData}/etcd-ports.json`, "utf8")) as {
    readonly clientPort: number;
  };
  const pki = `${controlPlaneData}/pki/etcd`;
  const access = [
    "--endpoints",
    `https://127.0.0.1:${clientPort}`,
    "--cacert",
    `${pki}/ca.pem`,
    "--cert",
    `${pki}/etcd.pem`,
    "--key",
    `${pki}/etcd-key.pem`,
  ];
  return must("etcdctl", [...access, ...args]);
}

function command(name: string, args: readonly string[]): readonly string[] {
  return tryCommand(name, args)
    .output.split("\n")
    .filter((line) => line !== "");
}

/** Files below the folder that a loop device shows. */
function loopFiles(folder: string): readonly string[] {
  return readdirSync("/sys/block").flatMap((name) => {
    const path = `/sys/block/${name}/loop/backing_file`;
    const file = existsSync(path) ? readFileSync(path, "utf8").trimEnd() : "";
    return file.startsWith(`${folder}/`) ? [file] : [];
  });
}

function mountsOf(pid: string): readonly string[] {
  const text = readFileSync(`/proc/${pid}/mounts`, "utf8").split("\n").filter(Boolean);
  return text.map((line) => line.split(" ").slice(0, 3).join(" "));
}

function cgroupsBelow(cgroup: string): readonly string[] {
  return hierarchies().flatMap((hierarchy) => foldersBelow(join(hierarchy, cgroup)));
}

function foldersBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [folder, ...entries.flatMap((entry) => foldersBelow(join(folder, entry.name)))];
}

function filesBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() && path.split("/").length < 8 ? [path, ...filesBelow(path)] : [path];
  });
}

/** Programs that this cluster started: its name or one of its paths is among their arguments. */
function processes(cluster: string): readonly string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const comm = readFileSync(`/proc/${pid}/comm`, "utf8").trim();
        const commandLine = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").join(" ").trim();
        const isOurs = commandLine.includes(`/orch/${cluster}/`) || commandLine.includes(` --cluster ${cluster} `);
        return isOurs ? [`${comm} ${commandLine}`] : [];
      } catch {
        return []; // It ended while we looked.
      }
    });
}

function processesIn(cgroup: string): readonly string[] {
  const pids = new Set<string>();
  for (const folder of cgroupsBelow(cgroup)) {
    if (!existsSync(join(folder, "cgroup.procs"))) continue;
    for (const pid of readFileSync(join(folder, "cgroup.procs"), "utf8").split("\n")) if (pid) pids.add(pid);
  }
  return [...pids].flatMap((pid) => {
    try {
      return [readlinkSync(`/proc/${pid}/exe`).split("/").at(-1) ?? ""];
    } catch {
      return [];
    }
  });
}
