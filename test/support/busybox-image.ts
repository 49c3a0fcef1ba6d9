/** A small runnable image made on the spot from Debian's busybox-static, without a network. About 2 MB. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { type BuiltImage, buildImage, dockerArchive, type ImageSpec } from "./image-builder.ts";
import type { TarEntry } from "./tar-writer.ts";

const busyboxPath = "/usr/bin/busybox";

export interface BusyboxImageOptions extends Pick<ImageSpec, "config" | "compression"> {
  /** Layers on top of busybox. */
  readonly layers?: readonly (readonly TarEntry[])[];
}

/** /bin/sh and all other applets, /etc/passwd with root, daemon and nobody (65534), /tmp. Runs `sh` by default. */
export function busyboxImage(options: BusyboxImageOptions = {}): BuiltImage {
  return buildImage({
    compression: options.compression ?? "gzip",
    config: { Cmd: ["sh"], Env: ["PATH=/usr/local/bin:/bin"], WorkingDir: "/", ...options.config },
    layers: [busyboxEntries(), ...(options.layers ?? [])],
  });
}

/** The image as a docker-archive, under these names. */
export function busyboxArchive(names: readonly string[], options: BusyboxImageOptions = {}): Buffer {
  return dockerArchive(busyboxImage(options), names);
}

export async function writeBusyboxArchive(
  path: string,
  names: readonly string[],
  options: BusyboxImageOptions = {},
): Promise<void> {
  await writeFile(path, busyboxArchive(names, options));
}

function busyboxEntries(): readonly TarEntry[] {
  const applets = execFileSync(busyboxPath, ["--list"], { encoding: "utf8" }).split("\n").filter(Boolean);
  const directories = ["bin", "dev", "etc", "home", "proc", "root", "sys", "usr", "usr/bin", "var", "var/log"];
  return [
    ...directories.map(
      (name): TarEntry => ({ name: `${name}/`, type: "directory", mode: name === "root" ? 0o700 : 0o755 }),
    ),
    { name: "tmp/", type: "directory", mode: 0o1777 },
    { name: "bin/busybox", mode: 0o755, content: readFileSync(busyboxPath) },
    ...applets
      .filter((name) => name !== "busybox")
      .map((name): TarEntry => ({ name: `bin/${name}`, mode: 0o755, type: "hardlink", linkName: "bin/busybox" })),
    { name: "usr/bin/env", type: "symlink", linkName: "../../bin/busybox" },
    {
      name: "etc/passwd",
      content: [
        "root:x:0:0:root:/root:/bin/sh",
        "daemon:x:1:1:daemon:/usr/sbin:/bin/false",
        "www-data:x:33:33:www-data:/var/www:/bin/false",
        "nobody:x:65534:65534:nobody:/home:/bin/false",
        "",
      ].join("\n"),
    },
    {
      name: "etc/group",
      content: "root:x:0:\ndaemon:x:1:\nwww-data:x:33:\nextra:x:100:www-data\nnogroup:x:65534:\n",
    },
  ];
}
