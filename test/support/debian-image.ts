/** A Debian root filesystem as a docker-archive, made by debootstrap once and kept for later runs on this machine. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { must } from "../e2e/support/programs.ts";

const cache = "/var/cache/orch-test";
const suite = "bookworm";

/** Path of the archive; its image is called `name`. Made anew when debootstrap or this recipe changes. */
export async function debianArchive(name: string): Promise<string> {
  const version = (await must("debootstrap", ["--version"])).trim();
  const key = createHash("sha256").update(`1 ${suite} ${version} ${name}`).digest("hex").slice(0, 16);
  const path = join(cache, `debian-${key}.tar`);
  if (existsSync(path)) return path;
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(tmpdir(), "orch-debian-"));
  try {
    const root = join(work, "root");
    await must("debootstrap", ["--variant=minbase", suite, root], { timeoutMs: 300_000 });
    rmSync(join(root, "var/cache/apt/archives"), { recursive: true, force: true });
    await must("tar", ["--numeric-owner", "--xattrs", "-C", root, "-cf", join(work, "layer.tar"), "."], {
      timeoutMs: 120_000,
    });
    const diffId = (await must("sha256sum", [join(work, "layer.tar")])).split(" ")[0];
    const architecture = process.arch === "arm64" ? "arm64" : "amd64";
    const config = {
      architecture,
      os: "linux",
      config: { Cmd: ["bash"], Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"] },
      rootfs: { type: "layers", diff_ids: [`sha256:${diffId}`] },
    };
    writeFileSync(join(work, "config.json"), JSON.stringify(config));
    writeFileSync(
      join(work, "manifest.json"),
      JSON.stringify([{ Config: "config.json", RepoTags: [name], Layers: ["layer.tar"] }]),
    );
    await must("tar", ["-C", work, "-cf", `${path}.new`, "manifest.json", "config.json", "layer.tar"], {
      timeoutMs: 120_000,
    });
    renameSync(`${path}.new`, path);
    return path;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** So that a test can say what it expects to find inside. */
export const hostDebianVersion = (): string => readFileSync("/etc/debian_version", "utf8").trim();
