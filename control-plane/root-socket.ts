/**
 * The way in for root of the control plane's own machine: a unix socket in its run folder, without TLS (docs/decisions/0005). Who may open
 * it may also read the authority's key, so the file's owner and mode are all that is asked.
 */
import { rm } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { mastersGroup, rootUser } from "#proto/identity/names.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { errnoOf } from "#proto/kit/problem.ts";
import type { PeerIdentity } from "#proto/kit/rpc/identity.ts";
import type { RpcServer } from "#proto/kit/rpc/server.ts";
import type { ObjectStore } from "./store/object-store.ts";

const root: PeerIdentity = {
  user: rootUser,
  groups: [mastersGroup],
  serialNumber: "",
  expiresAtMs: Number.POSITIVE_INFINITY,
};
/** Of sun_path (unix(7)), without the byte that ends it. */
const longestPathBytes = 107;
/** What connecting to a socket says when nobody listens there. */
const nobody = new Set(["ENOENT", "ECONNREFUSED"]);
/** As in Kubernetes, its uid stands for the cluster. */
const clusterNamespace = { group: "", plural: "namespaces", namespace: "", name: "kube-system" };

export interface RootSocketOptions {
  readonly server: Pick<RpcServer, "listenOnSocket">;
  readonly store: Pick<ObjectStore, "get">;
  /** For its owner alone. */
  readonly runDir: string;
  readonly logger: Logger;
}

/**
 * Named for the cluster, not only for its name: a context never meets another cluster that was made in the same place. Resolves with its
 * path; undefined, and told in the log, where there is none. TLS serves all the same.
 */
export async function serveRoot(options: RootSocketOptions, signal: AbortSignal): Promise<string | undefined> {
  const { server, store, runDir, logger } = options;
  const cluster = (await store.get(clusterNamespace, signal))?.metadata.uid;
  if (cluster === undefined) return undefined;
  const path = join(runDir, `api-${cluster.slice(0, 8)}.sock`);
  if (Buffer.byteLength(path) > longestPathBytes) {
    logger.warn({ path }, "no socket for root: its path is too long; a shorter --run-dir has room for it");
    return undefined;
  }
  if (await isServed(path)) {
    logger.info({ path }, "no socket for root: another control plane of this cluster serves it");
    return undefined;
  }
  await rm(path, { force: true });
  await server.listenOnSocket(path, root);
  return path;
}

/** One that was killed leaves its socket, which takes no connection any more. */
function isServed(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const settle = (served: boolean): void => {
      socket.destroy();
      resolve(served);
    };
    socket.once("connect", () => settle(true)).once("error", (error) => settle(!nobody.has(errnoOf(error) ?? "")));
  });
}
