/** What a container executes: arguments, environment and working directory. Pure. */
import { posix } from "node:path";
import { Problem } from "#proto/kit/problem.ts";
import type { ContainerSpec } from "./container-runtime.ts";

const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The kernel takes 128 KiB per string; the total keeps the runtime's own message to its child small. */
const maxStringBytes = 128 * 1024 - 1;
const maxTotalBytes = 1024 * 1024;

/**
 * Kubernetes' rule: `command` replaces the image's entrypoint and drops its command, `args` replaces the image's command.
 */
export function processArgs(spec: Pick<ContainerSpec, "command" | "args" | "image">): readonly string[] {
  const command = filled(spec.command);
  const args = filled(spec.args);
  const all = command
    ? [...command, ...(args ?? [])]
    : args
      ? [...spec.image.entrypoint, ...args]
      : [...spec.image.entrypoint, ...spec.image.command];
  if (all[0] === undefined || all[0] === "") {
    throw new Problem("invalid", "the container has no command: neither the pod nor the image names one", {
      hint: "set command in the container, or CMD or ENTRYPOINT in the image",
    });
  }
  checkStrings(all, "argument");
  return all;
}

function filled(list: readonly string[] | undefined): readonly string[] | undefined {
  return list && list.length > 0 ? list : undefined;
}

export interface EnvironmentFacts {
  readonly hostname: string;
  readonly home: string | undefined;
}

/** PATH, HOSTNAME, TERM and HOME as defaults; then the image's, then the pod's: the last of a name wins. */
export function processEnv(
  spec: Pick<ContainerSpec, "env" | "image" | "terminal">,
  facts: EnvironmentFacts,
): readonly string[] {
  const env = new Map<string, string>([
    ["PATH", defaultPath],
    ["HOSTNAME", facts.hostname],
    ["HOME", facts.home === undefined || facts.home === "" ? "/" : facts.home],
  ]);
  if (spec.terminal) env.set("TERM", "xterm");
  for (const entry of spec.image.env) {
    const at = entry.indexOf("=");
    if (at > 0) env.set(entry.slice(0, at), entry.slice(at + 1));
  }
  for (const { name, value } of spec.env) {
    if (name === "" || name.includes("=")) {
      throw new Problem("invalid", `${JSON.stringify(name)} cannot be the name of an environment variable`);
    }
    env.set(name, value);
  }
  const all = [...env].map(([name, value]) => `${name}=${value}`);
  checkStrings(all, "environment variable");
  return all;
}

/** Absolute, and never below /proc: a working directory there can be a file descriptor of the runtime (CVE-2024-21626). */
export function workingDirectory(spec: Pick<ContainerSpec, "workingDirectory" | "image">): string {
  const asked = spec.workingDirectory || spec.image.workingDirectory || "/";
  if (!asked.startsWith("/") || asked.includes("\0")) {
    throw new Problem("invalid", `the working directory ${JSON.stringify(asked)} is not an absolute path`);
  }
  const directory = posix.normalize(asked);
  if (directory === "/proc" || directory.startsWith("/proc/")) {
    throw new Problem("invalid", `the working directory ${JSON.stringify(asked)} is below /proc`);
  }
  return directory;
}

function checkStrings(strings: readonly string[], what: string): void {
  let totalBytes = 0;
  for (const string of strings) {
    const bytes = Buffer.byteLength(string);
    if (string.includes("\0")) throw new Problem("invalid", `an ${what} contains a NUL character`);
    if (bytes > maxStringBytes) throw new Problem("invalid", `an ${what} is longer than ${maxStringBytes} bytes`);
    totalBytes += bytes;
  }
  if (totalBytes > maxTotalBytes) throw new Problem("invalid", `all ${what}s together exceed ${maxTotalBytes} bytes`);
}
