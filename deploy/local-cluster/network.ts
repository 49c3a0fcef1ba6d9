/**
 * Namespaces and links of a local cluster. A bridge in a namespace of its own joins the nodes; the host joins by one veth.
 * Every function is idempotent and finds things by the names of names.ts.
 */
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { Problem } from "#proto/kit/problem.ts";
import { command, tryCommand } from "./command.ts";
import {
  bridgePort,
  clusterPaths,
  hostAddress,
  hostLink,
  hostTable,
  nodeAddress,
  nodePaths,
  overlaps,
  subnetCandidates,
} from "./names.ts";
import type { LocalCluster, LocalNode } from "./state.ts";

/** A subnet that no route of this host overlaps. */
export function chooseSubnet(cluster: string): string {
  const routes = JSON.parse(command("ip", ["-j", "-4", "route", "show", "table", "all"])) as { readonly dst: string }[];
  const taken = routes.map((route) => route.dst).filter((dst) => /^\d+\.\d+\.\d+\.\d+(\/\d+)?$/.test(dst));
  for (const candidate of subnetCandidates(cluster))
    if (!taken.some((other) => overlaps(candidate, other))) return candidate;
  throw new Problem(
    "unavailable",
    "this host's routes cover all of 10.64.0.0/11, so no network is left for the cluster's nodes",
  );
}

export function isMountPoint(path: string): boolean {
  return readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .some((line) => line.split(" ")[4] === path);
}

/** The run directory is a private tmpfs: pins need a private mount, Secrets need memory. */
export function makeRunDirectory(cluster: string): void {
  const { run } = clusterPaths(cluster);
  mkdirSync(run, { recursive: true, mode: 0o700 });
  if (!isMountPoint(run)) {
    command("mount", ["-t", "tmpfs", "-o", "mode=0700,size=1g,nosuid,nodev", "orch", run]);
    command("mount", ["--make-private", run]);
  }
  mkdirSync(`${run}/pins`, { recursive: true, mode: 0o700 });
}

function pin(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, "a", 0o600));
}

const inNetwork = (pinned: string, args: readonly string[], input?: string): string =>
  command("nsenter", [`--net=${pinned}`, "ip", ...args], input);

const hasLink = (pinned: string, link: string): boolean =>
  tryCommand("nsenter", [`--net=${pinned}`, "ip", "link", "show", "dev", link]).code === 0;

export function makeUnderlay(cluster: LocalCluster): void {
  const { underlay } = clusterPaths(cluster.name);
  if (!isMountPoint(underlay)) {
    pin(underlay);
    command("unshare", [`--net=${underlay}`, "true"]);
  }
  if (!hasLink(underlay, "br0")) {
    inNetwork(
      underlay,
      ["-batch", "-"],
      "link set lo up\nlink add br0 type bridge forward_delay 0 mcast_snooping 0\nlink set br0 up\n",
    );
  }
  const link = hostLink(cluster.name);
  if (tryCommand("ip", ["link", "show", "dev", link]).code !== 0) {
    command("ip", ["link", "add", link, "type", "veth", "peer", "name", "host0", "netns", underlay]);
  }
  inNetwork(underlay, ["-batch", "-"], "link set host0 master br0\nlink set host0 up\n");
  command("ip", ["addr", "replace", `${hostAddress(cluster.subnet)}/24`, "dev", link]);
  command("ip", ["link", "set", link, "up"]);
  allowEgress(cluster);
}

/** Nodes reach registries through the host: masqueraded, and accepted also where the host forwards nothing by default. */
function allowEgress(cluster: LocalCluster): void {
  const table = hostTable(cluster.name);
  const link = hostLink(cluster.name);
  command(
    "nft",
    ["-f", "-"],
    `table ip ${table}
delete table ip ${table}
table ip ${table} {
  chain postrouting { type nat hook postrouting priority srcnat; policy accept;
    ip saddr ${cluster.subnet} oifname != "${link}" masquerade
  }
}
`,
  );
  if (!forwardDropsByDefault()) return;
  for (const rule of foreignAcceptRules(link)) {
    if (iptables(["-C", ...rule]) !== 0) iptables(["-I", ...rule]);
  }
}

/** Only where a foreign rule set drops forwarded packets by default (Docker does) do these stand in its chain. */
function foreignAcceptRules(link: string): readonly (readonly string[])[] {
  return [
    ["FORWARD", "-i", link, "-j", "ACCEPT"],
    ["FORWARD", "-o", link, "-m", "conntrack", "--ctstate", "RELATED,ESTABLISHED", "-j", "ACCEPT"],
  ];
}

function forwardDropsByDefault(): boolean {
  const rules = tryCommand("nft", ["list", "chain", "ip", "filter", "FORWARD"]);
  return rules.code === 0 && rules.output.includes("policy drop");
}

/** Exit code; 127 where the host has no iptables, and so no foreign chain either. */
function iptables(args: readonly string[]): number {
  if (!existsSync("/usr/sbin/iptables") && !existsSync("/sbin/iptables")) return 127;
  return tryCommand("iptables", ["-w", ...args]).code;
}

export function makeNodeNamespaces(cluster: LocalCluster, node: LocalNode): void {
  const { underlay } = clusterPaths(cluster.name);
  const paths = nodePaths(cluster.name, node.name);
  if (!isMountPoint(paths.networkPin)) {
    pin(paths.networkPin);
    command("unshare", [`--net=${paths.networkPin}`, "true"]);
  }
  const port = bridgePort(node.index);
  if (!hasLink(paths.networkPin, "eth0")) {
    inNetwork(underlay, ["link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", paths.networkPin]);
  }
  inNetwork(underlay, ["-batch", "-"], `link set ${port} master br0\nlink set ${port} up\n`);
  inNetwork(
    paths.networkPin,
    ["-batch", "-"],
    `link set lo up\naddr replace ${nodeAddress(cluster.subnet, node.index)}/24 dev eth0\nlink set eth0 up\nroute replace default via ${hostAddress(cluster.subnet)}\n`,
  );
  if (!isMountPoint(paths.mountPin)) makeMountNamespace(paths);
}

/** The node's own mounts: its run directory is a tmpfs that nobody else sees and that a power cut empties. */
function makeMountNamespace(paths: {
  readonly run: string;
  readonly mountPin: string;
  readonly networkPin: string;
}): void {
  pin(paths.mountPin);
  mkdirSync(paths.run, { recursive: true, mode: 0o700 });
  // Other nodes' pins must not live on in this node's copy of the host's mounts.
  const forget = 'for pin in "$2"/*; do umount -l "$pin" 2>/dev/null || true; done';
  const script = `set -e; ${forget}; mount -t tmpfs -o mode=0700,size=2g,nosuid,nodev orch "$1"; mount --make-private "$1"`;
  const shell = ["sh", "-c", script, "node-mounts", paths.run, dirname(paths.mountPin)];
  command("nsenter", [
    `--net=${paths.networkPin}`,
    "unshare",
    `--mount=${paths.mountPin}`,
    "--propagation",
    "private",
    ...shell,
  ]);
}

export function removeNodeNamespaces(cluster: LocalCluster, node: LocalNode): void {
  const { underlay } = clusterPaths(cluster.name);
  const paths = nodePaths(cluster.name, node.name);
  if (isMountPoint(underlay)) tryCommand("nsenter", [`--net=${underlay}`, "ip", "link", "del", bridgePort(node.index)]);
  for (const path of [paths.mountPin, paths.networkPin]) {
    if (isMountPoint(path)) command("umount", ["-l", path]);
    rmSync(path, { force: true });
  }
}

export function removeUnderlay(cluster: string): void {
  const { underlay, run } = clusterPaths(cluster);
  const link = hostLink(cluster);
  tryCommand("ip", ["link", "del", link]);
  tryCommand("nft", ["delete", "table", "ip", hostTable(cluster)]);
  for (const rule of foreignAcceptRules(link)) if (iptables(["-C", ...rule]) === 0) iptables(["-D", ...rule]);
  if (isMountPoint(underlay)) command("umount", ["-l", underlay]);
  if (isMountPoint(run)) command("umount", ["-l", run]);
  rmSync(run, { recursive: true, force: true });
}

/** Cuts or restores a node's cable, silently: nobody is told. */
export function setCable(cluster: LocalCluster, node: LocalNode, connected: boolean): void {
  const { underlay } = clusterPaths(cluster.name);
  const master = connected ? ["master", "br0"] : ["nomaster"];
  inNetwork(underlay, ["link", "set", bridgePort(node.index), ...master]);
}
