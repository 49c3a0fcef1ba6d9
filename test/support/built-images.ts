/** Images that other builders make from one Dockerfile, as OCI archives. Made once and kept for later runs on this machine. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { unmountBelow } from "#node-agent/host/mounts.ts";
import { must, start } from "../e2e/support/programs.ts";
import { busyboxImage } from "./busybox-image.ts";

const cache = "/var/cache/orch-test";

export const builders = ["docker", "buildah", "podman"] as const;
export type Builder = (typeof builders)[number];

/** Whiteouts, opaque and replaced directories, links, devices, owners, times and odd names, as builders write them. */
const dockerfile = `FROM scratch
ADD rootfs.tar /
RUN mkdir -p /srv/a/b /srv/gone /srv/opaque/x /srv/turned && echo one > /srv/a/file && ln /srv/a/file /srv/a/hard \\
 && ln -s ../a/file /srv/a/link && ln -s /nowhere /srv/dangling && mkfifo -m 622 /srv/pipe && mknod /srv/null c 1 3 \\
 && chmod 4755 /srv/a/b && chown 1000:2000 /srv/a/file && echo old > /srv/opaque/old && echo x > /srv/gone/x \\
 && truncate -s 1M /srv/sparse && echo end >> /srv/sparse && touch -d '2001-02-03 04:05:06' /srv/a/b /srv/a/file
RUN printf x > "$(printf '/srv/n\\\\377me')" && mkdir /srv/deep && cd /srv/deep && for i in 1 2 3 4 5 6 7 8; do \\
 mkdir directory-with-a-rather-long-name-$i && cd directory-with-a-rather-long-name-$i; done && echo deep > file
RUN rm -rf /srv/gone /srv/opaque /srv/turned && mkdir -m 1777 /srv/opaque && echo new > /srv/opaque/new && echo f > /srv/turned \\
 && rm /srv/a/link && mkdir -m 700 /srv/a/link && echo changed >> /srv/a/hard
COPY --chown=7:8 context /app
RUN rm /app/one && ln /app/two /app/linked && chmod 600 /app/two && rm /srv/null && mv /srv/deep /moved
CMD ["sh"]
`;

/** Path of an OCI archive whose image is called `built:BUILDER`. */
export async function builtArchive(builder: Builder): Promise<string> {
  const version = (await must(builder, ["--version"])).trim();
  const key = createHash("sha256").update(`1 ${version} ${dockerfile}`).digest("hex").slice(0, 16);
  const path = join(cache, `built-${builder}-${key}.tar`);
  if (existsSync(path)) return path;
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync("/var/tmp/orch-built-");
  try {
    const source = join(work, "source");
    mkdirSync(join(source, "context/sub"), { recursive: true });
    writeFileSync(join(source, "Dockerfile"), dockerfile);
    writeFileSync(join(source, "rootfs.tar"), busyboxImage().tars[0] ?? "");
    for (const name of ["one", "two", "sub/three"]) writeFileSync(join(source, "context", name), name);
    const made = join(work, "made.tar");
    if (builder === "docker") await buildByDocker(work, made);
    else await buildByPodman(builder, work, made);
    await must("cp", [made, `${path}.new`]);
    renameSync(`${path}.new`, path);
    return path;
  } finally {
    await unmountBelow(work);
    rmSync(work, { recursive: true, force: true });
  }
}

/** A daemon of our own without a network, and the builder that needs no other. */
async function buildByDocker(work: string, made: string): Promise<void> {
  const socket = `unix://${work}/socket`;
  const daemon = start("dockerd", [
    ...["--data-root", join(work, "data"), "--exec-root", join(work, "run"), "--pidfile", join(work, "pid")],
    ...["-H", socket, "--bridge", "none", "--iptables=false", "--ip6tables=false"],
  ]);
  const docker = (...args: string[]): Promise<string> =>
    must("docker", ["-H", socket, ...args], { variables: { DOCKER_BUILDKIT: "0" }, timeoutMs: 300_000 });
  try {
    await daemon.waitFor(/API listen on/, 60_000);
    await docker("build", "--network", "none", "-t", "built:docker", join(work, "source"));
    await docker("save", "-o", join(work, "docker.tar"), "built:docker");
  } finally {
    await daemon.stop();
  }
  await toOci(`docker-archive:${join(work, "docker.tar")}`, made, "built:docker");
}

async function buildByPodman(builder: Builder, work: string, made: string): Promise<void> {
  const storage = ["--root", join(work, "data"), "--runroot", join(work, "run"), "--storage-driver", "overlay"];
  const name = `localhost/built:${builder}`;
  const build = [
    "build",
    "--isolation",
    "chroot",
    "--cap-add",
    "CAP_MKNOD",
    "--layers",
    "-t",
    name,
    join(work, "source"),
  ];
  await must(builder, [...storage, ...build], { timeoutMs: 300_000 });
  const archive = join(work, "archive.tar");
  if (builder === "podman") await must(builder, [...storage, "save", "--format", "oci-archive", "-o", archive, name]);
  else await must(builder, [...storage, "push", name, `oci-archive:${archive}:${name}`]);
  await toOci(`oci-archive:${archive}`, made, `built:${builder}`);
}

/** Layers stay as they are; only the name is ours. */
async function toOci(from: string, made: string, name: string): Promise<void> {
  await must("skopeo", ["--insecure-policy", "copy", "-q", from, `oci-archive:${made}:${name}`], {
    timeoutMs: 300_000,
  });
}
