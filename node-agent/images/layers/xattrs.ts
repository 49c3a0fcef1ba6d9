/** Which extended attributes of an archive's entry a layer takes over: those that setxattr(2) would take, on every store alike. */
import { invalidTar } from "../tar/header.ts";
import type { TarEntry } from "../tar/parser.ts";

const none: ReadonlyMap<string, Buffer> = new Map();
const kept = /^((user|trusted|security)\..|system\.posix_acl_(access|default)$)/;
/** overlayfs' own: a layer must not forge them. */
const ofOverlay = /^(trusted|user)\.overlay\./;
const capability = "security.capability";
/** VFS_CAP_REVISION 1, 2 and 3. */
const capabilityBytes: readonly number[] = [12, 20, 24];
const maxNameBytes = 255;
const maxValueBytes = 65_535;

export function usableXattrs(entry: TarEntry): ReadonlyMap<string, Buffer> {
  if (entry.xattrs.size === 0) return none;
  const usable = new Map<string, Buffer>();
  for (const [name, value] of entry.xattrs) {
    if (!kept.test(name) || ofOverlay.test(name) || !fitsType(name, entry)) continue;
    if (Buffer.byteLength(name) > maxNameBytes || value.length > maxValueBytes) {
      throw invalidTar(`an extended attribute is too large: ${JSON.stringify(name.slice(0, 80))}`);
    }
    if (name === capability && !capabilityBytes.includes(value.length)) {
      throw invalidTar("a file's capabilities are malformed");
    }
    usable.set(name, value);
  }
  return usable;
}

/** The kernel allows `user.*` on files and directories only, and default ACLs on directories only. */
function fitsType(name: string, entry: TarEntry): boolean {
  if (name.startsWith("user.")) return entry.type === "file" || entry.type === "directory";
  if (name === "system.posix_acl_default") return entry.type === "directory";
  if (name === "system.posix_acl_access") return entry.type !== "symlink";
  return true;
}
