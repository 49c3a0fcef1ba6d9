/** cgroups that containers have, in any hierarchy: for benches that wait until none is left. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { hierarchies } from "#deploy/local-cluster/cgroups.ts";

/** Directories directly below the cgroup, of every controller. */
export function cgroupsIn(cgroup: string): readonly string[] {
  return hierarchies().flatMap((hierarchy) => directoriesIn(join(hierarchy, cgroup)));
}

function directoriesIn(path: string): readonly string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(path, entry.name));
  } catch {
    return []; // gone, as it should be
  }
}
