/** Opens the store that the configuration names. */

import { Problem } from "#proto/kit/problem.ts";
import type { ControlPlaneConfig } from "./config.ts";
import { connectExternalEtcd, type StoreConnection, type StoreConnectionOptions } from "./store-connection.ts";

export async function openStore(
  config: ControlPlaneConfig,
  dependencies: Omit<StoreConnectionOptions, "prefix">,
  signal: AbortSignal,
): Promise<StoreConnection> {
  const { clock, random } = dependencies;
  const options = { prefix: config.etcdPrefix, clock, random, logger: dependencies.logger.child({ part: "store" }) };
  if (config.etcd) return await connectExternalEtcd(config.etcd, options, signal);
  throw new Problem("unsupported", "the embedded etcd is not here yet", { hint: "Give --etcd-endpoints." });
}
