/** What a container was made with, from its bundle: for people who ask. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { errnoOf } from "#proto/kit/problem.ts";
import type { RuntimeDetails } from "#proto/resources/container-request.ts";
import type { OciConfig } from "./oci-types.ts";

/** Undefined when the bundle is gone. */
export async function describeBundle(
  bundle: string,
  runtime: { readonly name: string; readonly version: string },
): Promise<RuntimeDetails | undefined> {
  let config: OciConfig;
  try {
    config = JSON.parse(await readFile(join(bundle, "config.json"), "utf8")) as OciConfig;
  } catch (thrown) {
    if (errnoOf(thrown) === "ENOENT" || thrown instanceof SyntaxError) return undefined; // gone, or being made
    throw thrown;
  }
  const { process: first, root, mounts, linux } = config;
  return {
    ...runtime,
    bundle,
    cgroup: linux.cgroupsPath,
    args: first.args,
    cwd: first.cwd,
    user: first.user,
    env: first.env.map((entry) => entry.split("=", 1)[0] ?? "").toSorted(),
    capabilities: first.capabilities.effective,
    noNewPrivileges: first.noNewPrivileges,
    readOnlyRoot: root.readonly,
    seccomp: linux.seccomp !== undefined || (config.annotations?.["run.oci.seccomp_bpf_data"] ?? "") !== "",
    namespaces: linux.namespaces,
    mounts,
    resources: linux.resources,
  };
}
