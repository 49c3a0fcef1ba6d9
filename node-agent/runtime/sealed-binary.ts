/**
 * The runtime behind a read-only bind mount, so that no container can overwrite it through /proc/self/exe (CVE-2019-5736). Runtimes see
 * that and need not copy themselves at every call, which takes crun half of its time.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { errnoOf } from "#proto/kit/problem.ts";
import { isMountPoint } from "../host/mounts.ts";
import { mount, unmount } from "../host/syscalls.ts";

/** Path to call the program by. Idempotent; a package's upgrade is taken over at the agent's next start. */
export async function sealBinary(binary: string, name: string, directory: string): Promise<string> {
  const sealed = join(directory, name);
  await writeFile(sealed, "", { flag: "wx", mode: 0o700 }).catch((thrown: unknown) => {
    if (errnoOf(thrown) !== "EEXIST") throw thrown;
  });
  if (await isMountPoint(sealed)) unmount(sealed, { lazy: true });
  mount({ source: binary, target: sealed, flags: ["bind"] });
  mount({ source: "none", target: sealed, flags: ["bind", "remount", "ro", "nosuid", "nodev"] });
  return sealed;
}
