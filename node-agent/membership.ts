/** What joining wrote down for `run` and `leave`, and where on this machine it lies. */
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import type { Taint } from "#proto/resources/node.ts";
import { writeFileAtomic } from "./host/files.ts";

/** Flags of `run` win over it. */
export interface Membership {
  readonly cluster: string;
  readonly nodeName: string;
  readonly controlPlane: readonly string[];
  /** Where machines join, and come back to, as `HOST:PORT`. */
  readonly enrollment?: string;
  /** Of the Node when it is made. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly Taint[];
}

const fileName = "membership.json";
const stateRoot = "/var/lib/orch";

export function defaultDataDirectory(cluster: string, nodeName: string): string {
  return `${stateRoot}/${cluster}/nodes/${nodeName}`;
}

export function defaultRunDirectory(cluster: string, nodeName: string): string {
  return `/run/orch/${cluster}/nodes/${nodeName}`;
}

export async function loadMembership(dataDirectory: string): Promise<Membership | undefined> {
  try {
    return JSON.parse(await readFile(join(dataDirectory, fileName), "utf8")) as Membership;
  } catch (thrown) {
    if (errnoOf(thrown) === "ENOENT") return undefined;
    throw new Problem("invalid", `${join(dataDirectory, fileName)} cannot be read`, {
      hint: "Join the node again with a fresh token: `orchctl node join`.",
      cause: thrown,
    });
  }
}

export async function saveMembership(dataDirectory: string, membership: Membership): Promise<void> {
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
  await writeFileAtomic(join(dataDirectory, fileName), JSON.stringify(membership));
}

export interface Wanted {
  readonly cluster?: string | undefined;
  readonly nodeName?: string | undefined;
}

/**
 * The data directory of the one membership on this machine that fits; undefined when there is none. Throws Problem `conflict`
 * that names them when there are several (a local cluster has one for each of its nodes).
 */
export async function findDataDirectory({ cluster, nodeName }: Wanted, root = stateRoot): Promise<string | undefined> {
  const found: string[] = [];
  for (const oneCluster of cluster === undefined ? await foldersOf(root) : [cluster]) {
    const nodes = join(root, oneCluster, "nodes");
    for (const node of nodeName === undefined ? await foldersOf(nodes) : [nodeName]) {
      const directory = join(nodes, node);
      if ((await loadMembership(directory)) !== undefined) found.push(directory);
    }
  }
  if (found.length <= 1) return found[0];
  throw new Problem("conflict", `this machine has joined more than once: ${found.join(", ")}`, {
    hint: "Say which one is meant with --data-dir, or with --cluster and --node-name.",
  });
}

async function foldersOf(directory: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch (thrown) {
    if (errnoOf(thrown) === "ENOENT") return [];
    throw thrown;
  }
}
