/**
 * Mounts that show what another mount shows with other owners: an id of the file system appears as what the user namespace maps it to.
 * Needs Linux 5.12, and a file system that can do it: ext4, xfs, btrfs since then or soon after, EROFS since 5.19, tmpfs since 6.3.
 */
import { closeSync, openSync } from "node:fs";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import { cstring, declare } from "./libc.ts";

// By number, the same on x64 and arm64: the C libraries of long-lived distributions lack the names.
const openTreeNumber = 428;
const moveMountNumber = 429;
const mountSetattrNumber = 442;

const nativeOpenTree = declare<[number, number, Buffer, number]>(
  "long syscall(long number, int directory, const void *path, unsigned int flags)",
);
const nativeSetAttributes = declare<[number, number, Buffer, number, BigUint64Array, number]>(
  "long syscall(long number, int directory, const void *path, unsigned int flags, const void *attributes, size_t size)",
);
const nativeMove = declare<[number, number, Buffer, number, Buffer, number]>(
  "long syscall(long number, int from, const void *fromPath, int to, const void *toPath, unsigned int flags)",
);

const here = -100; // AT_FDCWD
const emptyPath = 0x1000; // AT_EMPTY_PATH
const recursive = 0x8000; // AT_RECURSIVE
const cloneTree = 1 | 0o2000000; // OPEN_TREE_CLONE, OPEN_TREE_CLOEXEC
const idmap = 0x100000n; // MOUNT_ATTR_IDMAP
const readOnlyMount = 1n; // MOUNT_ATTR_RDONLY
const privatePropagation = 1n << 18n; // MS_PRIVATE
const moveEmptyPath = 4; // MOVE_MOUNT_F_EMPTY_PATH

/** `userNamespace` is its file. What is mounted below `source` comes along. Problem `unsupported` where a file system cannot do it. */
export function mountIdmapped(
  source: string,
  target: string,
  userNamespace: string,
  options: { readonly readOnly?: boolean } = {},
): void {
  const tree = nativeOpenTree(source, openTreeNumber, here, cstring(source), cloneTree | recursive);
  try {
    const users = openSync(userNamespace, "r");
    try {
      const set = idmap | (options.readOnly ? readOnlyMount : 0n);
      const attributes = new BigUint64Array([set, 0n, privatePropagation, BigInt(users)]);
      const flags = emptyPath | recursive;
      nativeSetAttributes(source, mountSetattrNumber, tree, cstring(""), flags, attributes, attributes.byteLength);
    } finally {
      closeSync(users);
    }
    nativeMove(target, moveMountNumber, tree, cstring(""), here, cstring(target), moveEmptyPath);
  } catch (thrown) {
    if (errnoOf(thrown) !== "EINVAL" && errnoOf(thrown) !== "ENOSYS") throw thrown;
    throw new Problem("unsupported", `what is mounted at ${source} cannot be given to users of a pod's own`, {
      hint: "Leave out hostUsers: false, or use a newer kernel or another file system.",
    });
  } finally {
    closeSync(tree);
  }
}
