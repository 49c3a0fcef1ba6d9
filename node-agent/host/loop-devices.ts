/** Loop devices: block devices that show a file. Ours are read-only and detach themselves when nobody has them open or mounted. */
import { closeSync, constants, openSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import { declare } from "./libc.ts";

const ioctl = declare<[number, number, Buffer | null]>("int ioctl(int fd, unsigned long request, void *argument)");

const requests = { getFree: 0x4c82, configure: 0x4c0a, clear: 0x4c01 } as const;
/** struct loop_config with its struct loop_info64 (linux/loop.h). */
const configBytes = 304;
const flagsOffset = 8 + 52;
const fileNameOffset = 8 + 56;
const maxFileNameBytes = 63;
const readOnly = 1;
const autoClear = 4;
const directIo = 16;

/** Others on this machine take free devices too. */
const maxAttempts = 50;

/**
 * Runs `use` with the path of a device that shows the file. It detaches when `use` is over, unless it is mounted by then: then when it is
 * unmounted. So a crash leaves none behind.
 */
export function withLoopDevice<T>(file: string, use: (device: string) => T): T {
  const backing = openSync(file, "r");
  try {
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const device = openFreeDevice();
      try {
        if (!configure(device, backing, file)) continue;
        return use(device.path);
      } finally {
        closeSync(device.fd);
      }
    }
  } finally {
    closeSync(backing);
  }
  throw new Problem("unavailable", "no loop device is free", {
    hint: "load the kernel's loop module, or detach some (losetup -a)",
  });
}

interface Device {
  readonly path: string;
  readonly fd: number;
}

function openFreeDevice(): Device {
  const control = openSync("/dev/loop-control", constants.O_RDWR);
  try {
    const path = `/dev/loop${ioctl("/dev/loop-control", control, requests.getFree, null)}`;
    return { path, fd: openSync(path, constants.O_RDONLY) };
  } finally {
    closeSync(control);
  }
}

/** False when another process took it first. */
function configure(device: Device, backing: number, file: string): boolean {
  for (const extra of [directIo, 0]) {
    const config = Buffer.alloc(configBytes);
    config.writeUInt32LE(backing, 0);
    config.writeUInt32LE(readOnly | autoClear | extra, flagsOffset);
    config.set(Buffer.from(file).subarray(-maxFileNameBytes), fileNameOffset);
    try {
      ioctl(device.path, device.fd, requests.configure, config);
      return true;
    } catch (thrown) {
      if (errnoOf(thrown) === "EBUSY") return false;
      if (errnoOf(thrown) !== "EINVAL" || extra === 0) throw thrown; // the file system below knows no direct I/O
    }
  }
  return false;
}

export interface LoopDevice {
  readonly path: string;
  readonly backingFile: string;
}

/** Devices that show a file below `directory`, also when that file is removed by now. */
export async function loopDevicesBelow(directory: string): Promise<readonly LoopDevice[]> {
  const found: LoopDevice[] = [];
  for (const name of await readdir("/sys/block")) {
    if (!/^loop\d+$/.test(name)) continue;
    const text = await readFile(`/sys/block/${name}/loop/backing_file`, "utf8").catch(() => undefined); // it shows none
    const backingFile = text?.trimEnd().replace(/ \(deleted\)$/, "");
    if (backingFile?.startsWith(`${directory}/`)) found.push({ path: `/dev/${name}`, backingFile });
  }
  return found;
}

/** At once, or when the last who has it mounted is gone. */
export function detachLoopDevice(path: string): void {
  const fd = openSync(path, constants.O_RDONLY);
  try {
    ioctl(path, fd, requests.clear, null);
  } catch (thrown) {
    if (errnoOf(thrown) !== "ENXIO") throw thrown; // it is detached already
  } finally {
    closeSync(fd);
  }
}
