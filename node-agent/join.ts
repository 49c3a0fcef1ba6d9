/** Joining: a token traded for a certificate, kept with what `run` needs to know. Safe to repeat with the same machine. */
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { certificateDigest, readCertificate, splitPem } from "#proto/identity/certificate.ts";
import { type JoinOptions, joinCluster } from "#proto/identity/join.ts";
import { parseJoinToken } from "#proto/identity/join-token.ts";
import { nodeNameOf, nodeUser } from "#proto/identity/names.ts";
import { createSigningRequest, type SigningRequest } from "#proto/identity/signing-request.ts";
import type { Clock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { JoinConfig } from "./config.ts";
import { writeFileAtomic } from "./host/files.ts";
import { defaultDataDirectory, findDataDirectory, type Membership, saveMembership } from "./membership.ts";
import { identityDirectory, loadIdentity, type StoredIdentity, saveIdentity } from "./session/node-identity.ts";

const joinTimeoutMs = 20_000;

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
  stateRoot?: string,
): Promise<Joined> {
  const token = config.tokenFile === undefined ? config.token : (await readFile(config.tokenFile, "utf8")).trim();
  const { nodeName, server } = config;
  const place = config.dataDirectory ?? (await findDataDirectory({ cluster: config.cluster, nodeName }, stateRoot));
  const identity = place === undefined ? undefined : await ownIdentity(config, token, place, clock);
  if (place !== undefined && identity && isGood(identity, clock))
    return await keepMembership(config, identity.cluster, place);
  const key = await keyFor(nodeName, place, identity);
  const options: JoinOptions = {
    host: server.host,
    enrollmentPort: server.port,
    token,
    nodeName,
    version,
    timeoutMs: joinTimeoutMs,
    clock,
    signingRequest: key,
  };
  const issued = await joinCluster(options, signal);
  if (config.cluster !== undefined && config.cluster !== issued.cluster) {
    throw new Problem("forbidden", `the token is for cluster ${issued.cluster}, not ${config.cluster}`);
  }
  const dataDirectory = place ?? defaultDataDirectory(issued.cluster, nodeName);
  await saveIdentity(identityDirectory(dataDirectory), issued);
  return await keepMembership(config, issued.cluster, dataDirectory);
}

/**
 * What this machine is already, in the token's cluster: with a good certificate there is nothing to ask for, with one that has run
 * out its key stays, so that the name is still its own. Throws Problem `conflict` when it belongs to another cluster.
 */
async function ownIdentity(
  config: JoinConfig,
  token: string,
  place: string,
  clock: Clock,
): Promise<StoredIdentity | undefined> {
  const { authorityDigest } = parseJoinToken(token);
  const { nodeName } = config;
  const identity = await loadIdentity(identityDirectory(place));
  if (!identity) return undefined;
  const isOfCluster = splitPem(identity.authoritiesPem).some((pem) => certificateDigest(pem) === authorityDigest);
  // What has run out binds to nothing; and the cluster's authority may have been replaced since.
  if (!isOfCluster && isGood(identity, clock)) {
    throw new Problem("conflict", `this machine has already joined another cluster, ${identity.cluster}`, {
      hint: `Let it leave that one first (orch-node-agent leave --data-dir ${place}), or give another --data-dir.`,
    });
  }
  const name = nodeNameOf(readCertificate(identity.certificateChainPem)) ?? nodeName;
  if (name !== nodeName) {
    throw new Problem("conflict", `this machine has already joined cluster ${identity.cluster} as node ${name}`, {
      hint: `Join as ${name}, or give another --data-dir.`,
    });
  }
  return identity;
}

const isGood = ({ notAfterMs, isRefused }: StoredIdentity, clock: Clock): boolean =>
  notAfterMs > clock.nowMs() && !isRefused;

async function keepMembership(config: JoinConfig, cluster: string, dataDirectory: string): Promise<Joined> {
  const { nodeName, controlPlane, labels, taints, server } = config;
  const enrollment = `${server.host.includes(":") ? `[${server.host}]` : server.host}:${server.port}`;
  const membership = { cluster, nodeName, controlPlane, labels, taints, enrollment };
  await saveMembership(dataDirectory, membership);
  return { membership, dataDirectory };
}

/** The key this machine is known by; else the one of a try whose answer was lost: trying again must not look like another machine. */
async function keyFor(
  nodeName: string,
  place: string | undefined,
  identity: StoredIdentity | undefined,
): Promise<SigningRequest> {
  const user = nodeUser(nodeName);
  if (identity) return await createSigningRequest(user, identity.privateKeyPem);
  if (place === undefined) return await createSigningRequest(user);
  const path = join(identityDirectory(place), "joining.json");
  try {
    return JSON.parse(await readFile(path, "utf8")) as SigningRequest;
  } catch {
    const request = await createSigningRequest(user);
    await mkdir(identityDirectory(place), { recursive: true, mode: 0o700 });
    await writeFileAtomic(path, JSON.stringify(request), 0o600);
    return request;
  }
}
