/**
 * The system calls that Node lacks. Each blocks its thread: callers pass only local file systems, which cannot hang.
 * Failures throw `SystemError`.
 */
import { closeSync, openSync } from "node:fs";
import { errnoOf } from "#proto/kit/problem.ts";
import { type CString, cstring, declare, declareElsewhere } from "./libc.ts";

/** mount(2) flags, by the names of mount(8). */
const mountFlags = {
  ro: 1,
  nosuid: 2,
  nodev: 4,
  noexec: 8,
  remount: 32,
  noatime: 1024,
  bind: 4096,
  rec: 16384,
  silent: 32768,
  unbindable: 1 << 17,
  private: 1 << 18,
  slave: 1 << 19,
  shared: 1 << 20,
} as const;

export type MountFlag = keyof typeof mountFlags;

export interface MountCall {
  /** Device, directory to bind, or any word for file systems without a source. */
  readonly source: CString;
  readonly target: CString;
  readonly type?: string;
  readonly flags?: readonly MountFlag[];
  /** Options of the file system: at most 4095 bytes, the kernel's page. */
  readonly data?: string;
}

const nativeMount = declare<[Buffer, Buffer, Buffer | null, number, Buffer | null]>(
  "int mount(const void *source, const void *target, const void *type, unsigned long flags, const void *data)",
);
const nativeUnmount = declare<[Buffer, number]>("int umount2(const void *target, int flags)");
const nativeUnmountElsewhere = declareElsewhere<[Buffer, number]>("int umount2(const void *target, int flags)");
const nativeStatx = declare<[number, Buffer, number, number, Buffer]>(
  "int statx(int directory, const void *path, int flags, unsigned int mask, void *result)",
);
const mostMountsOnOnePath = 64;
const nativeMakeNode = declare<[Buffer, number, number]>(
  "int mknod(const void *path, unsigned int mode, uint64_t device)",
);
const nativeSetXattr = declare<[Buffer, Buffer, Uint8Array, number, number]>(
  "int lsetxattr(const void *path, const void *name, const void *value, size_t size, int flags)",
);
const nativeGetXattr = declare<[Buffer, Buffer, Uint8Array | null, number]>(
  "long lgetxattr(const void *path, const void *name, void *value, size_t size)",
);
const nativeListXattr = declare<[Buffer, Uint8Array | null, number]>(
  "long llistxattr(const void *path, void *list, size_t size)",
);
const nativeSyncRange = declare<[number, bigint, bigint, number]>(
  "int sync_file_range(int fd, int64_t offset, int64_t length, unsigned int flags)",
);
const startWrite = 2; // SYNC_FILE_RANGE_WRITE
const nativeSyncFilesystem = declare<[number]>("int syncfs(int fd)");
const nativeSetTimes = declare<[number, Buffer, BigInt64Array, number]>(
  "int utimensat(int directory, const void *path, const void *times, int flags)",
);

const nativeAdvise = declare<[number, bigint, bigint, number]>(
  "int posix_fadvise(int fd, int64_t offset, int64_t length, int advice)",
);

const willNotNeed = 4; // POSIX_FADV_DONTNEED
const lazyUnmount = 2; // MNT_DETACH
const noFollowUnmount = 8; // UMOUNT_NOFOLLOW
const currentDirectory = -100; // AT_FDCWD
const noFollow = 0x100; // AT_SYMLINK_NOFOLLOW
const omitTime = 0x3ffffffen; // UTIME_OMIT
const xattrSizeLimit = 64 * 1024; // XATTR_SIZE_MAX and XATTR_LIST_MAX

export function mount(call: MountCall): void {
  const flags = (call.flags ?? []).reduce((bits, flag) => bits | mountFlags[flag], 0);
  const type = call.type === undefined ? null : cstring(call.type);
  const data = call.data === undefined ? null : cstring(call.data);
  nativeMount(call.target, cstring(call.source), cstring(call.target), type, flags, data);
}

/** A lazy unmount detaches at once and never waits for open files. Links in the last component are not followed. */
export function unmount(target: CString, options: { readonly lazy?: boolean } = {}): void {
  nativeUnmount(target, cstring(target), noFollowUnmount | (options.lazy ? lazyUnmount : 0));
}

// linux/stat.h; the structure has 256 bytes.
const statx = { here: -100, noFollow: 0x100, noAutomount: 0x800, doNotSync: 0x4000, mountRoot: 0x2000 } as const;
const statxAt = { attributes: 8, attributesKnown: 56, bytes: 256 } as const;

/**
 * Whether something is mounted at exactly this path, links in the last component not followed: one call, however long the mount table is.
 * False where nothing is; undefined on kernels before 5.8, which do not say.
 */
export function isMountRoot(path: CString): boolean | undefined {
  const result = Buffer.alloc(statxAt.bytes);
  const flags = statx.noFollow | statx.noAutomount | statx.doNotSync;
  try {
    nativeStatx(path, statx.here, cstring(path), flags, 0, result);
  } catch (thrown) {
    const errno = errnoOf(thrown);
    if (errno === "ENOENT" || errno === "ENOTDIR") return false;
    if (errno === "ENOSYS") return undefined;
    throw thrown;
  }
  if ((result.readUInt32LE(statxAt.attributesKnown) & statx.mountRoot) === 0) return undefined;
  return (result.readUInt32LE(statxAt.attributes) & statx.mountRoot) !== 0;
}

/** Detaches whatever is mounted at exactly this path, one on top of another; what is mounted below goes with it. Nothing there is fine. */
export function detachMounts(path: CString): void {
  for (let mounted = 0; mounted < mostMountsOnOnePath; mounted++) {
    if (isMountRoot(path) === false) return;
    try {
      unmount(path, { lazy: true });
    } catch (thrown) {
      if (errnoOf(thrown) === "EINVAL" || errnoOf(thrown) === "ENOENT") return;
      throw thrown;
    }
  }
}

/**
 * The same off this thread: the kernel makes whoever unmounts wait until no processor can still be looking, a millisecond and more on a busy machine.
 * Many that wait at once wait together.
 */
export async function detachMountsElsewhere(path: CString): Promise<void> {
  const target = cstring(path);
  for (let mounted = 0; mounted < mostMountsOnOnePath; mounted++) {
    if (isMountRoot(path) === false) return;
    if ((await nativeUnmountElsewhere(target, noFollowUnmount | lazyUnmount)) !== 0) return detachMounts(path);
  }
}

/** Makes a device, fifo or socket node. `mode` carries the type bits of stat(2). */
export function makeNode(path: CString, mode: number, major = 0, minor = 0): void {
  nativeMakeNode(path, cstring(path), mode, deviceNumber(major, minor));
}

/** glibc's encoding of a device number. */
function deviceNumber(major: number, minor: number): number {
  return (minor % 256) + (major % 4096) * 256 + Math.floor(minor / 256) * 2 ** 20 + Math.floor(major / 4096) * 2 ** 44;
}

/** Never follows a link in the last component. */
export function setXattr(path: CString, name: CString, value: Uint8Array): void {
  nativeSetXattr(path, cstring(path), cstring(name), value, value.length, 0);
}

/** Never follows a link in the last component. Undefined when the attribute is not set. */
export function getXattr(path: CString, name: CString): Buffer | undefined {
  const [cpath, cname] = [cstring(path), cstring(name)];
  try {
    const length = nativeGetXattr(path, cpath, cname, null, 0);
    if (length === 0) return Buffer.alloc(0);
    const value = Buffer.alloc(xattrSizeLimit);
    return Buffer.from(value.subarray(0, nativeGetXattr(path, cpath, cname, value, value.length)));
  } catch (thrown) {
    if (isErrno(thrown, "ENODATA") || isErrno(thrown, "EOPNOTSUPP")) return undefined;
    throw thrown;
  }
}

/** Names of all extended attributes. Empty where the file system has none. */
export function listXattrs(path: CString): readonly string[] {
  const cpath = cstring(path);
  try {
    if (nativeListXattr(path, cpath, null, 0) === 0) return []; // as most files
    const list = Buffer.alloc(xattrSizeLimit);
    const size = nativeListXattr(path, cpath, list, list.length);
    return list.toString("utf8", 0, size).split("\0").filter(Boolean);
  } catch (thrown) {
    if (isErrno(thrown, "EOPNOTSUPP")) return [];
    throw thrown;
  }
}

/** Writes everything dirty of the file system that holds `path`, and waits for it. */
export function syncFilesystem(path: string): void {
  const fd = openSync(path, "r");
  try {
    nativeSyncFilesystem(path, fd);
  } finally {
    closeSync(fd);
  }
}

/** The disk begins to write this part of the file; it is not waited for, and not promised. */
export function startWriteback(fd: number, offset: number, length: number): void {
  nativeSyncRange(`file ${fd}`, fd, BigInt(offset), BigInt(length), startWrite);
}

/** The next reads of the file come from the disk, as far as nothing of it waits to be written. */
export function forgetCachedPages(fd: number): void {
  nativeAdvise(`file ${fd}`, fd, 0n, 0n, willNotNeed);
}

/** Sets the modification time to the nanosecond, never following a link; the access time stays. */
export function setModificationTime(path: CString, seconds: bigint, nanoseconds: number): void {
  const times = new BigInt64Array([0n, omitTime, seconds, BigInt(nanoseconds)]);
  nativeSetTimes(path, currentDirectory, cstring(path), times, noFollow);
}

function isErrno(thrown: unknown, code: string): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === code;
}
