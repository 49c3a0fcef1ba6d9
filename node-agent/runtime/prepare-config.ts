/** Gathers what the pure `ociConfig` needs: the user, the host name, the seccomp profile, the host's devices. */
import { readFile, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { Problem } from "#proto/kit/problem.ts";
import { childPath } from "../host/files.ts";
import { readInMemory } from "../host/memory-files.ts";
import { workingDirectory } from "./container-process.ts";
import type { RuntimeLimits } from "./container-resources.ts";
import type { ContainerSpec } from "./container-runtime.ts";
import { hostDevices, mountedDevices } from "./host-devices.ts";
import type { HostFacts } from "./host-facts.ts";
import { resolveUser } from "./image-user.ts";
import { getsInit, withInit } from "./init-process.ts";
import { ociConfig } from "./oci-spec.ts";
import type { OciConfig, OciSeccomp } from "./oci-types.ts";
import { checkProgram } from "./program-check.ts";
import { resourceAmounts } from "./resource-amounts.ts";
import { checkRootfs, walkInRoot } from "./rootfs-walk.ts";
import { maxProfileBytes, parseSeccompProfile } from "./seccomp-profile.ts";

export interface PrepareFacts {
  readonly host: HostFacts;
  readonly limits: RuntimeLimits;
  readonly seccompDirectory: string | undefined;
  /** undefined: this node has none. */
  readonly initProgram: string | undefined;
}

export async function prepareConfig(spec: ContainerSpec, facts: PrepareFacts): Promise<OciConfig> {
  await checkRootfs(spec.rootfs);
  await checkWorkingDirectory(spec);
  const { podSecurity, security } = spec;
  const config = ociConfig({
    spec,
    user: await resolveUser(spec.rootfs, { imageUser: spec.image.user, podSecurity, security }),
    hostname: sandboxHostname(spec.sandbox.directory),
    amounts: resourceAmounts(spec.resources),
    localSeccomp: await localSeccomp(spec, facts.seccompDirectory),
    host: facts.host,
    limits: facts.limits,
    hostDevices: security?.privileged ? await hostDevices() : [],
    mountedDevices: await mountedDevices(spec.mounts),
  });
  if (facts.initProgram === undefined || !getsInit(spec, config.process.args)) return config;
  await checkProgram(config);
  return withInit(config, facts.initProgram);
}

/** Where the image's own links lead to below /proc, the way there may be a descriptor of the runtime (CVE-2024-21626). */
async function checkWorkingDirectory(spec: ContainerSpec): Promise<void> {
  const asked = workingDirectory(spec);
  if ((await walkInRoot(spec.rootfs, asked, (inside) => inside === "/proc")) !== "stopped") return;
  throw new Problem("invalid", `the working directory ${JSON.stringify(asked)} is a link to a place below /proc`);
}

const sandboxHostname = (directory: string): string =>
  (readInMemory(join(directory, "etc", "hostname")) ?? hostname()).trim();

async function localSeccomp(spec: ContainerSpec, directory: string | undefined): Promise<OciSeccomp | undefined> {
  const profile = spec.security?.seccompProfile ?? spec.podSecurity?.seccompProfile;
  if (profile?.type !== "Localhost") return undefined;
  const name = profile.localhostProfile ?? "";
  if (directory === undefined || name === "") throw missingProfile(name);
  const path = name.split("/").reduce(childPath, directory);
  const stats = await stat(path).catch(() => undefined);
  if (!stats?.isFile() || stats.size > maxProfileBytes) throw missingProfile(name);
  return parseSeccompProfile(name, await readFile(path, "utf8"));
}

function missingProfile(name: string): Problem {
  return new Problem("invalid", `there is no seccomp profile ${JSON.stringify(name)} on this node`, {
    hint: "put the profile into the node's seccomp folder, or use RuntimeDefault",
  });
}
