/** Joining: a token traded for a certificate, kept with what `run` needs to know. Safe to repeat with the same machine. */
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { certificateDigest, readCertificate, splitPem } from "#proto/identity/certificate.ts";
import { type JoinOptions, joinCluster } from "#proto/identity/join.ts";
import { parseJoinToken } from "#proto/identity/join-token.ts";
import { nodeNameOf, nodeUser } from "#proto/identity/names.ts";
import { createSigningRequest } from "#proto/identity/signing-request.ts";
import type { Clock } from "#proto/kit/clock.ts";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import type { JoinConfig } from "./config.ts";
import { writeFileAtomic } from "./host/files.ts";
import { identityDirectory, loadIdentity, saveIdentity } from "./session/node-identity.ts";

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
  const known = await alreadyJoined(config, token, clock);
  if (known) return known;
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
  await saveIdentity(identityDirectory(dataDirectory), identity);
  const membership = { cluster: identity.cluster, nodeName, controlPlane: config.controlPlane };
  return await keepMembership(membership, dataDirectory);
}

/**
 * A machine that holds a good certificate of the token's cluster has nothing to ask for: only the addresses may be new. Throws
 * Problem `conflict` when it belongs to another cluster.
 */
async function alreadyJoined(config: JoinConfig, token: string, clock: Clock): Promise<Joined | undefined> {
  const { authorityDigest } = parseJoinToken(token);
  const { dataDirectory, nodeName, controlPlane } = config;
  if (dataDirectory === undefined) return undefined;
  const identity = await loadIdentity(identityDirectory(dataDirectory));
  if (!identity || identity.notAfterMs <= clock.nowMs()) return undefined;
  if (!splitPem(identity.authoritiesPem).some((pem) => certificateDigest(pem) === authorityDigest)) {
    throw new Problem("conflict", `this machine has already joined another cluster, ${identity.cluster}`, {
      hint: `Give another --data-dir, or remove ${dataDirectory} when nothing of it is needed any more.`,
    });
  }
  const name = nodeNameOf(readCertificate(identity.certificateChainPem)) ?? nodeName;
  if (name !== nodeName) {
    throw new Problem("conflict", `this machine has already joined cluster ${identity.cluster} as node ${name}`, {
      hint: `Join as ${name}, or give another --data-dir.`,
    });
  }
  return await keepMembership({ cluster: identity.cluster, nodeName, controlPlane }, dataDirectory);
}

async function keepMembership(membership: Membership, dataDirectory: string): Promise<Joined> {
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
  await writeFileAtomic(join(dataDirectory, membershipFile), JSON.stringify(membership));
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
