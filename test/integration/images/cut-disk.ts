/** A small disk whose power can be cut: what was not synced by then is lost. Needs root. */
import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { declare } from "#node-agent/host/libc.ts";
import { unmountBelow } from "#node-agent/host/mounts.ts";
import { mount, unmount } from "#node-agent/host/syscalls.ts";
import { errnoOf } from "#proto/kit/problem.ts";

const ioctl = declare<[number, number, Buffer]>("int ioctl(int fd, unsigned long request, void *argument)");
const shutDown = 0x8004587d; // EXT4_IOC_SHUTDOWN
const withoutLog = 2; // EXT4_GOING_FLAGS_NOLOGFLUSH

export class CutDisk {
  readonly #folder = mkdtempSync(join(tmpdir(), "orch-cut-"));
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

  /** The machine starts again, as soon as nobody has anything open on it any more: till then the same broken disk would come back. */
  async restart(): Promise<void> {
    await unmountBelow(join(this.path, "node"));
    for (let turn = 0; ; turn++) {
      try {
        unmount(this.path);
        break;
      } catch (thrown) {
        if (errnoOf(thrown) !== "EBUSY" || turn > 1000) throw thrown;
        await delay(10);
      }
    }
    this.#mount();
  }

  async close(): Promise<void> {
    await unmountBelow(this.#folder);
    rmSync(this.#folder, { recursive: true });
  }

  get #file(): string {
    return join(this.#folder, "disk.img");
  }

  #mount(): void {
    execFileSync("mount", ["-o", "loop,commit=300", this.#file, this.path]);
  }
}
