/** Pushes a docker archive to a registry with an independent tool. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** `flags` are more of `skopeo copy`. Throws when skopeo fails; what it says goes to standard error. */
export function pushArchive(archive: Buffer, destination: string, ...flags: string[]): void {
  const folder = mkdtempSync(join(tmpdir(), "orch-push-"));
  const file = join(folder, "archive.tar");
  try {
    writeFileSync(file, archive);
    const options = ["--insecure-policy", "copy", "-q", "--dest-tls-verify=false", ...flags];
    execFileSync("skopeo", [...options, `docker-archive:${file}`, `docker://${destination}`], {
      stdio: ["ignore", "ignore", "inherit"],
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
