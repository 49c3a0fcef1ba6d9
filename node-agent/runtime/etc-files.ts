/** Contents of the files in /etc that a pod's containers share. Pure. */
import { isIP } from "node:net";
import type { SandboxNames } from "./container-runtime.ts";

/** Limits of the C library's resolver. */
const maxNameservers = 3;
const maxSearchCharacters = 2048;

export function hostsFile(
  hostnames: readonly string[],
  names: Pick<SandboxNames, "addresses" | "hostAliases">,
): string {
  const lines = [
    "127.0.0.1\tlocalhost",
    "::1\tlocalhost ip6-localhost ip6-loopback",
    "fe00::0\tip6-localnet",
    "ff00::0\tip6-mcastprefix",
    "ff02::1\tip6-allnodes",
    "ff02::2\tip6-allrouters",
    ...names.addresses.map((address) => `${address}\t${hostnames.join("\t")}`),
    ...(names.hostAliases ?? []).map((alias) => `${alias.ip}\t${alias.hostnames.join(" ")}`),
  ];
  return `${lines.join("\n")}\n`;
}

/** `hostFile` is the node's own: its servers serve where the pod names none, but not those on a loopback the pod does not share. */
export function resolvConf(hostFile: string, names: SandboxNames, sharesHostNetwork: boolean): string {
  if (sharesHostNetwork && names.nameservers.length === 0) return hostFile;
  const host = parseResolvConf(hostFile);
  const reachable = host.nameservers.filter((server) => !isLoopback(server));
  const nameservers = names.nameservers.length > 0 ? names.nameservers : reachable;
  const searches = names.searches ?? (names.nameservers.length > 0 ? [] : host.searches);
  const options = names.options ?? (names.nameservers.length > 0 ? [] : host.options);
  const lines = [
    ...nameservers.slice(0, maxNameservers).map((server) => `nameserver ${server}`),
    ...(searches.length > 0 ? [`search ${searches.join(" ").slice(0, maxSearchCharacters)}`] : []),
    ...(options.length > 0 ? [`options ${options.join(" ")}`] : []),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

interface ResolvConf {
  readonly nameservers: readonly string[];
  readonly searches: readonly string[];
  readonly options: readonly string[];
}

export function parseResolvConf(text: string): ResolvConf {
  const nameservers: string[] = [];
  let searches: readonly string[] = [];
  const options: string[] = [];
  for (const line of text.split("\n")) {
    const [keyword, ...values] = line.trim().split(/\s+/);
    if (keyword === "nameserver" && values[0] !== undefined && isIP(values[0].split("%", 1)[0] ?? "") !== 0) {
      nameservers.push(values[0]);
    } else if (keyword === "search" || keyword === "domain") searches = values;
    else if (keyword === "options") options.push(...values);
  }
  return { nameservers, searches, options };
}

function isLoopback(address: string): boolean {
  return address.startsWith("127.") || address === "::1";
}
