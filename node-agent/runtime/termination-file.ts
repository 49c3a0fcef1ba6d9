/**
 * The file that a container leaves its last words in (terminationMessagePath): one per attempt, in the pod's small tmpfs, so that nobody fills the
 * node with it. It outlives the container until that is removed.
 */
import { chmodSync, closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { errnoOf } from "#proto/kit/problem.ts";
import { unlinkInMemory, writeInMemory } from "../host/memory-files.ts";
import type { ContainerSpec } from "./container-runtime.ts";

/** As Kubernetes: the end counts. */
const maxMessageBytes = 4096;

const terminationFile = (sandboxDirectory: string, id: string): string =>
  join(sandboxDirectory, "etc", `termination-${id}`);

/** The spec with the file mounted, unless something of the pod's own is mounted there. */
export function withTerminationFile(spec: ContainerSpec): ContainerSpec {
  const destination = spec.terminationMessagePath;
  if (!destination || spec.mounts.some((mount) => mount.destination === destination)) return spec;
  const source = terminationFile(spec.sandbox.directory, spec.id);
  writeInMemory(source, "");
  chmodSync(source, 0o666); // whoever the container runs as
  return { ...spec, mounts: [...spec.mounts, { source, destination, readOnly: false }] };
}

/** Undefined when there is none, or nothing in it. */
export function readTerminationMessage(sandboxDirectory: string, id: string): string | undefined {
  try {
    const file = openSync(terminationFile(sandboxDirectory, id), constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      const { size } = fstatSync(file);
      const bytes = Buffer.alloc(Math.min(size, maxMessageBytes));
      const bytesRead = readSync(file, bytes, 0, bytes.length, size - bytes.length);
      return bytesRead === 0 ? undefined : bytes.toString("utf8", 0, bytesRead);
    } finally {
      closeSync(file);
    }
  } catch (thrown) {
    if (errnoOf(thrown) === "ENOENT") return undefined;
    throw thrown;
  }
}

export const removeTerminationFile = (sandboxDirectory: string, id: string): void =>
  unlinkInMemory(terminationFile(sandboxDirectory, id));
