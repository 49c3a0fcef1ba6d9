/** The programs of this machine that a local cluster runs. Asked before anything is made. */
import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import { Problem } from "#proto/kit/problem.ts";

const always = ["etcd", "conmon", "nft", "ip", "nsenter", "unshare"];
const folders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/** Problem `unavailable` that names everything missing at once, and how to install it. */
export function requirePrograms(isInstalled: (program: string) => boolean = isInSystemFolders): void {
  const missing = always.filter((program) => !isInstalled(program));
  if (!isInstalled("crun") && !isInstalled("runc")) missing.push("crun");
  if (missing.length === 0) return;
  throw new Problem("unavailable", `these programs are missing on this machine: ${missing.join(", ")}`, {
    hint: "install them with: sh deploy/setup/packages.sh run   (Debian and Ubuntu)",
  });
}

function isInSystemFolders(program: string): boolean {
  return folders.some((folder) => isExecutable(join(folder, program)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
