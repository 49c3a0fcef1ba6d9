/** Joining: a token traded for a certificate, kept with what `run` needs to know. Safe to repeat with the same machine. */
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type JoinOptions, joinCluster } from "#proto/identity/join.ts";
import { nodeUser } from "#proto/identity/names.ts";
import { createSigningRequest } from "#proto/identity/signing-request.ts";
import type { Clock } from "#proto/kit/clock.ts";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import type { JoinConfig } from "./config.ts";
import { writeFileAtomic } from "./host/files.ts";
import { identityDirectory, saveIdentity } from "./session/node-identity.ts";

/** Written by `join`, read by `run`: flags win over it. */
export interface Membership {
  readonly cluster: string;
  readonly nodeName: string;
  readonly controlPlane: readonly string[];
}

const membershipFile = "membership.json";
const joinTimeoutMs = 20_000;

export async function loadMembership(dataDirectory: string): Promise<Membership | undefined> {
  try {
    return JSON.parse(await readFile(join(dataDirectory, membershipFile), "utf8")) as Membership;
  } catch (thrown) {
    if (errnoOf(thrown) === "ENOENT") return undefined;
    throw new Problem("invalid", `${join(dataDirectory, membershipFile)} cannot be read`, {
      hint: "Join the node again with a fresh token: `orchctl node join`.",
      cause: thrown,
    });
  }
}

export interface Joined {
  readonly membership: Membership;
  readonly dataDirectory: string;
}

/** Throws the control plane's own Problem when token or name are refused. */
export async function joinNode(
  config: JoinConfig,
  version: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<Joined> {
  const token = config.tokenFile === undefined ? config.token : (await readFile(config.tokenFile, "utf8")).trim();
  const { nodeName, server } = config;
  const key = await unfinishedKey(config, nodeName);
  const options: JoinOptions = {
    host: server.host,
    enrollmentPort: server.port,
    token,
    nodeName,
    version,
    timeoutMs: joinTimeoutMs,
    clock,
    signingRequest: key.request,
  };
  const identity = await joinCluster(options, signal);
  if (config.cluster !== undefined && config.cluster !== identity.cluster) {
    throw new Problem("forbidden", `the token is for cluster ${identity.cluster}, not ${config.cluster}`);
  }
  const dataDirectory = config.dataDirectory ?? defaultDataDirectory(identity.cluster, nodeName);
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
  const membership = { cluster: identity.cluster, nodeName, controlPlane: config.controlPlane };
  await writeFileAtomic(join(dataDirectory, membershipFile), JSON.stringify(membership));
  await saveIdentity(identityDirectory(dataDirectory), identity);
  return { membership, dataDirectory };
}

export function defaultDataDirectory(cluster: string, nodeName: string): string {
  return `/var/lib/orch/${cluster}/nodes/${nodeName}`;
}

export function defaultRunDirectory(cluster: string, nodeName: string): string {
  return `/run/orch/${cluster}/nodes/${nodeName}`;
}

interface UnfinishedKey {
  readonly request: { readonly privateKeyPem: string; readonly signingRequestPem: string };
}

/** The key of a try whose answer was lost is used again, so that trying again is not refused as another machine. */
async function unfinishedKey(config: JoinConfig, nodeName: string): Promise<UnfinishedKey> {
  if (config.dataDirectory === undefined) return { request: await createSigningRequest(nodeUser(nodeName)) };
  const path = join(identityDirectory(config.dataDirectory), "joining.json");
  try {
    return { request: JSON.parse(await readFile(path, "utf8")) as UnfinishedKey["request"] };
  } catch {
    const request = await createSigningRequest(nodeUser(nodeName));
    await mkdir(identityDirectory(config.dataDirectory), { recursive: true, mode: 0o700 });
    await writeFileAtomic(path, JSON.stringify(request), 0o600);
    return { request };
  }
}
