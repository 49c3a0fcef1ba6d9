/** Where the program is that unpacks layers in a process of its own. */
import { join } from "node:path";

/** From source, or from the bundle beside this program. */
export function unpackWorkerPath(programDirectory: string): string {
  const isSource = import.meta.filename.endsWith(".ts");
  return isSource
    ? join(programDirectory, "images/layers/unpack-worker.ts")
    : join(programDirectory, "orch-layer-worker.cjs");
}
