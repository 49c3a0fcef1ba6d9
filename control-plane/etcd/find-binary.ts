/** Where etcd's program is, or a sentence that says how to get it. */
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { Problem } from "#proto/kit/problem.ts";

/** `searchPath` is the PATH variable; `name` may be an absolute path. Throws `not-found`. */
export async function findEtcdBinary(searchPath: string, name = "etcd"): Promise<string> {
  const candidates = isAbsolute(name)
    ? [name]
    : searchPath
        .split(":")
        .filter(isAbsolute)
        .map((folder) => join(folder, name));
  for (const candidate of candidates) {
    try {
      await access(candidate, constants.X_OK);
      return candidate;
    } catch {
      // Try the next folder.
    }
  }
  throw new Problem("not-found", "etcd is not installed: the control plane keeps its state there", {
    hint: "Run: apt-get install --no-install-recommends etcd-server. Or use your own with --etcd-endpoints.",
  });
}
