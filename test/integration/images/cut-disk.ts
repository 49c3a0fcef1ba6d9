/** A small disk whose power can be cut: what was not synced by then is lost. Needs root. */
import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { declare } from "#node-agent/host/libc.ts";
import { unmountBelow } from "#node-agent/host/mounts.ts";
import { mount } from "#node-agent/host/syscalls.ts";

const ioctl = declare<[number, number, Buffer]>("int ioctl(int fd, unsigned long request, void *argument)");
const shutDown = 0x8004587d; // EXT4_IOC_SHUTDOWN
const withoutLog = 2; // EXT4_GOING_FLAGS_NOLOGFLUSH

export class CutDisk {
  readonly #folder = mkdtempSync(join(tmpdir(), "orch-cut-"));
  #starts = 0;
  /** Where it is mounted. */
  readonly path: string = join(this.#folder, "disk");

  constructor(sizeBytes: number) {
    // In memory: it is the file system's order of writes that counts.
    mount({ source: "tmpfs", target: this.#folder, type: "tmpfs", data: "mode=0700" });
    mkdirSync(this.path);
    writeFileSync(this.#file, "");
    truncateSync(this.#file, sizeBytes);
    execFileSync("mkfs.ext4", ["-q", "-E", "lazy_itable_init=1,lazy_journal_init=1", this.#file]);
    this.#mount();
  }

  /** Nothing is written any more; every call on it fails. */
  cut(): void {
    const flags = Buffer.alloc(4);
    flags.writeUInt32LE(withoutLog);
    const fd = openSync(this.path, "r");
    try {
      ioctl(this.path, fd, shutDown, flags);
    } finally {
      closeSync(fd);
    }
  }

  /**
   * The machine starts again, with what the disk had got. A copy of it: other mount namespaces may hold the broken file system for a
   * while, and the kernel would give us that one again.
   */
  async restart(): Promise<void> {
    const before = this.#file;
    this.#starts += 1;
    execFileSync("cp", ["--sparse=always", before, this.#file]);
    await unmountBelow(this.path);
    rmSync(before);
    this.#mount();
  }

  async close(): Promise<void> {
    await unmountBelow(this.#folder);
    rmSync(this.#folder, { recursive: true });
  }

  get #file(): string {
    return join(this.#folder, `disk-${this.#starts}.img`);
  }

  #mount(): void {
    execFileSync("mount", ["-o", "loop,commit=300", this.#file, this.path]);
  }
}
