/** A container's volumeMounts over the pod's prepared volumes. `subPath` never leads out of its volume. */
import { Problem } from "#proto/kit/problem.ts";
import type { Container, VolumeMount } from "#proto/resources/pod.ts";
import type { Mount } from "../runtime/container-runtime.ts";
import type { PreparedVolume } from "../volumes/volume-store.ts";
import { expand } from "./environment.ts";

/** The volume store's, for this pod. */
export type PinSubPath = (volume: PreparedVolume, subPath: string) => Promise<string>;

export function containerMounts(
  container: Container,
  volumes: readonly PreparedVolume[],
  variables: ReadonlyMap<string, string>,
  pinSubPath: PinSubPath,
): Promise<readonly Mount[]> {
  return Promise.all((container.volumeMounts ?? []).map((mount) => toMount(mount, volumes, variables, pinSubPath)));
}

async function toMount(
  mount: VolumeMount,
  volumes: readonly PreparedVolume[],
  variables: ReadonlyMap<string, string>,
  pinSubPath: PinSubPath,
): Promise<Mount> {
  const volume = volumes.find(({ name }) => name === mount.name);
  if (!volume)
    throw new Problem("invalid", `volume ${mount.name} of mount ${mount.mountPath} does not exist in the pod`);
  const subPath = mount.subPath || (mount.subPathExpr ? expandStrictly(mount.subPathExpr, variables) : "");
  return {
    source: subPath === "" ? volume.path : await pinSubPath(volume, subPath),
    destination: mount.mountPath,
    readOnly: volume.readOnly || mount.readOnly === true,
    ...(volume.isDevice && { isDevice: true }),
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
