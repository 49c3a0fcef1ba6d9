/** A container's volumeMounts over the pod's prepared volumes. `subPath` never leads out of its volume. */
import { lstat, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import type { Container, VolumeMount } from "#proto/resources/pod.ts";
import type { Mount } from "../runtime/container-runtime.ts";
import type { PreparedVolume } from "../volumes/volume-store.ts";
import { expand } from "./environment.ts";

export function containerMounts(
  container: Container,
  volumes: readonly PreparedVolume[],
  variables: ReadonlyMap<string, string>,
): Promise<readonly Mount[]> {
  return Promise.all((container.volumeMounts ?? []).map((mount) => toMount(mount, volumes, variables)));
}

async function toMount(
  mount: VolumeMount,
  volumes: readonly PreparedVolume[],
  variables: ReadonlyMap<string, string>,
): Promise<Mount> {
  const volume = volumes.find(({ name }) => name === mount.name);
  if (!volume)
    throw new Problem("invalid", `volume ${mount.name} of mount ${mount.mountPath} does not exist in the pod`);
  const subPath = mount.subPath || (mount.subPathExpr ? expandStrictly(mount.subPathExpr, variables) : "");
  return {
    source: subPath === "" ? volume.path : await resolveSubPath(volume, subPath),
    destination: mount.mountPath,
    readOnly: volume.readOnly || mount.readOnly === true,
  };
}

function expandStrictly(expression: string, variables: ReadonlyMap<string, string>): string {
  for (const [, name] of expression.matchAll(/(?<!\$)\$\(([^()]*)\)/g)) {
    if (name !== undefined && !variables.has(name)) {
      throw new Problem("invalid", `subPathExpr names a variable the container does not have: ${name}`);
    }
  }
  return expand(expression, variables);
}

/**
 * Walks the path one name at a time and refuses links: a container that shares the volume could otherwise point it at the
 * host (CVE-2017-1002101). ConfigMap and Secret volumes are links by construction, made by us, and only one level deep.
 */
async function resolveSubPath(volume: PreparedVolume, subPath: string): Promise<string> {
  const names = subPath.split("/").filter((name) => name !== "" && name !== ".");
  if (subPath.startsWith("/") || names.includes("..")) {
    throw new Problem("invalid", `subPath ${JSON.stringify(subPath)} must be relative and without ".."`);
  }
  let path = volume.path;
  for (const [index, name] of names.entries()) {
    path = join(path, name);
    const stats = await lstat(path).catch(ignoreMissing);
    if (stats?.isSymbolicLink() && !(index === 0 && volume.readOnly)) {
      throw new Problem("invalid", `subPath ${JSON.stringify(subPath)} of volume ${volume.name} is a symbolic link`);
    }
    if (!stats) await mkdir(path, { mode: 0o755 });
  }
  return path;
}

function ignoreMissing(thrown: unknown): undefined {
  if (errnoOf(thrown) === "ENOENT") return undefined;
  throw thrown;
}
