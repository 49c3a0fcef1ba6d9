/** From the flags of `run`, Docker's and kubectl's, to the pod they ask for. Pure. */
import type { KubeObject } from "#proto/resources/object.ts";
import type { Container, PodSpec } from "#proto/resources/pod.ts";
import { parseUlimits, ulimitsAnnotation } from "#proto/resources/ulimits.ts";
import { usageProblem } from "../../program-options.ts";
import { hostAliasesOf, portsOf, usesHostNetwork } from "./flag-network.ts";
import { probeOf, resourcesOf, restartPolicyOf, securityOf } from "./flag-parts.ts";
import { type Mounts, mountsOf } from "./flag-volumes.ts";
import { environmentOf, labelsOf } from "./flag-words.ts";
import type { RunOptions } from "./run-options.ts";

/** Room for the five characters that make a generated name unique, within 63. */
const maxBaseLength = 57;

/** `variables` are the caller's own: `-e NAME` takes the value from there. */
export function runManifest(
  first: string,
  words: readonly string[],
  options: RunOptions,
  variables: Readonly<Record<string, string | undefined>> = {},
): KubeObject {
  const image = options.image ?? first;
  if (image === "") throw usageProblem("no image was given", "as in: orchctl run --rm busybox:1 -- echo hello");
  const name = options.name ?? (options.image === undefined ? undefined : first);
  const base = baseName(image);
  const mounts = mountsOf(options);
  const spec = podSpec(options, container({ name: base, image }, words, { options, mounts, variables }), mounts);
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: name ?? "",
      ...(name === undefined && { generateName: `${base}-` }),
      labels: labelsOf(options.labels, name ?? base),
      ...annotationsOf(options),
    },
    spec,
  };
}

function annotationsOf({ ulimit = [] }: RunOptions): { readonly annotations?: Record<string, string> } {
  if (ulimit.length === 0) return {};
  const text = ulimit.join(",");
  const parsed = parseUlimits(text);
  if (typeof parsed === "string") throw usageProblem(`--ulimit: ${parsed}`, "write it as nofile=1024:65536");
  return { annotations: { [ulimitsAnnotation]: text } };
}

const baseName = (image: string): string =>
  (image.split("@")[0]?.split("/").at(-1)?.split(":")[0] ?? "run")
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .slice(0, maxBaseLength)
    .replace(/^-+|-+$/g, "") || "run";

interface Given {
  readonly options: RunOptions;
  readonly mounts: Mounts;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

function container(
  named: { readonly name: string; readonly image: string },
  words: readonly string[],
  { options, mounts, variables }: Given,
): Container {
  const env = [...environmentOf(options, variables)];
  const ports = [...portsOf(options)];
  const resources = resourcesOf(options);
  const securityContext = securityOf(options);
  const readinessProbe = probeOf(options);
  return {
    ...named,
    ...commandOf(words, options),
    ...(env.length > 0 && { env }),
    ...(ports.length > 0 && { ports }),
    ...(options.pull !== undefined && { imagePullPolicy: options.pull }),
    ...(options.workdir !== undefined && { workingDir: options.workdir }),
    ...(resources && { resources }),
    ...(securityContext && { securityContext }),
    ...(mounts.volumeMounts.length > 0 && { volumeMounts: mounts.volumeMounts }),
    ...(readinessProbe && { readinessProbe }),
    ...(options.stopSignal !== undefined && { lifecycle: { stopSignal: options.stopSignal } }),
    ...((options.stdin || options.tty) && { stdin: true }),
    ...(options.stdin && !options.detach && { stdinOnce: true }),
    ...(options.tty && { tty: true }),
  };
}

function commandOf(words: readonly string[], options: RunOptions): Pick<Container, "command" | "args"> {
  const { entrypoint } = options;
  if (entrypoint !== undefined && options.command)
    throw usageProblem("--entrypoint and --command say the same", "leave one of them out");
  if (entrypoint === "") throw usageProblem("--entrypoint is empty", "give the program to run");
  const args = words.length > 0 ? { args: [...words] } : {};
  if (entrypoint !== undefined) return { command: [entrypoint], ...args };
  return options.command && words.length > 0 ? { command: [...words] } : args;
}

const removalGraceSeconds = 2;
const usualGraceSeconds = 30;

function podSpec(options: RunOptions, only: Container, { volumes }: Mounts): PodSpec {
  const groups = options.groupAdd ?? [];
  const sysctls = (options.sysctl ?? []).map((pair) => {
    const at = pair.indexOf("=");
    if (at < 1) throw usageProblem(`--sysctl ${pair} is no NAME=value`);
    return { name: pair.slice(0, at), value: pair.slice(at + 1) };
  });
  const dnsConfig = {
    ...(options.dns && { nameservers: [...options.dns] }),
    ...(options.dnsSearch && { searches: [...options.dnsSearch] }),
  };
  return {
    restartPolicy: restartPolicyOf(options.restart),
    terminationGracePeriodSeconds: options.stopTimeout ?? (options.rm ? removalGraceSeconds : usualGraceSeconds),
    containers: [only],
    ...(volumes.length > 0 && { volumes }),
    ...(options.hostname !== undefined && { hostname: options.hostname }),
    ...(options.addHost && { hostAliases: hostAliasesOf(options.addHost) }),
    ...(Object.keys(dnsConfig).length > 0 && { dnsConfig }),
    ...(options.dns && { dnsPolicy: "None" as const }),
    ...(usesHostNetwork(options) && { hostNetwork: true }),
    ...(hostOnly("--pid", options.pid) && { hostPID: true }),
    ...(hostOnly("--ipc", options.ipc) && { hostIPC: true }),
    ...(options.node !== undefined && { nodeSelector: { "kubernetes.io/hostname": options.node } }),
    ...((groups.length > 0 || sysctls.length > 0) && {
      securityContext: {
        ...(groups.length > 0 && { supplementalGroups: groups.map(groupId) }),
        ...(sysctls.length > 0 && { sysctls }),
      },
    }),
  };
}

function hostOnly(flag: string, value: string | undefined): boolean {
  if (value === undefined || value === "private") return false;
  if (value === "host") return true;
  throw usageProblem(`${flag} ${value} is not known`, `${flag} host shares the node's; leave it out for the pod's own`);
}

function groupId(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw usageProblem(`--group-add ${text} is no number`, "names of groups are the image's own affair: give the id");
}
