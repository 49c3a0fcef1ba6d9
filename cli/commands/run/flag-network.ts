/** `--network`, `-p`, `--port`, `--add-host`. Pure. */

import type { HostAlias } from "#proto/resources/pod/spec.ts";
import type { Container } from "#proto/resources/pod.ts";
import { usageProblem } from "../../program-options.ts";
import type { RunOptions } from "./run-options.ts";

type Port = NonNullable<Container["ports"]>[number];

export function usesHostNetwork({ network }: RunOptions): boolean {
  if (network === undefined || network === "bridge" || network === "default") return false;
  if (network === "host") return true;
  throw usageProblem(
    network === "none" ? "a pod without network is not built yet" : `there is no network "${network}"`,
    "all pods of a cluster reach one another; --network host takes the node's",
  );
}

/** On the node's network a port is the node's anyway; elsewhere publishing has to wait for Services. */
export function portsOf(options: RunOptions): readonly Port[] {
  const declared: readonly Port[] = options.port === undefined ? [] : [{ containerPort: options.port }];
  const published = (options.publish ?? []).map((text) => publishedPort(text, usesHostNetwork(options), options));
  return [...declared, ...published];
}

function publishedPort(text: string, isOnHost: boolean, { name, image }: RunOptions): Port {
  const match = /^(?:(?:(?:\[[^\]]*\]|[^:]*):)?(\d*):)?(\d+)(?:\/(tcp|udp|sctp))?$/.exec(text);
  if (!match) throw usageProblem(`-p ${text} is no port`, "as in: -p 8080:80");
  const [, outside, inside = "", protocol = "tcp"] = match;
  const containerPort = Number(inside);
  if (isOnHost && (outside === undefined || outside === "" || outside === inside))
    return { containerPort, hostPort: containerPort, protocol: protocol.toUpperCase() as "TCP" | "UDP" | "SCTP" };
  if (isOnHost)
    throw usageProblem(`-p ${text}: on the node's network a port cannot be another one outside`, `use -p ${inside}`);
  const pod = name ?? (image === undefined ? "POD" : "NAME");
  const local = outside === undefined || outside === "" ? inside : outside;
  throw usageProblem(
    `-p ${text}: publishing a port on the node is not built yet`,
    `leave -p out, then: orchctl port-forward pod/${pod} ${local}:${inside}; or take the node's own network with --network host`,
  );
}

/** `NAME:ADDRESS`, or with `=`. */
export function hostAliasesOf(pairs: readonly string[]): HostAlias[] {
  const byAddress = new Map<string, string[]>();
  for (const pair of pairs) {
    const match = /^([^:=]+)[:=]\[?([0-9a-fA-F.:]+)\]?$/.exec(pair);
    if (!match) throw usageProblem(`--add-host ${pair} is no NAME:ADDRESS`, "as in: --add-host db:10.1.2.3");
    const [, name = "", ip = ""] = match;
    byAddress.set(ip, [...(byAddress.get(ip) ?? []), name]);
  }
  return [...byAddress].map(([ip, hostnames]) => ({ ip, hostnames }));
}
