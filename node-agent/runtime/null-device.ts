/**
 * crun gives its standard streams to the container's user: with no input that is /dev/null of the whole node, whose owner may close it to
 * everybody. It is taken back before the container's program begins. runc leaves it alone.
 */
import { chmodSync, chownSync, statSync } from "node:fs";

const path = "/dev/null";
const openToAll = 0o666;

export function takeBackNull(): void {
  const { uid, gid, mode } = statSync(path);
  if (uid !== 0 || gid !== 0) chownSync(path, 0, 0);
  if ((mode & 0o777) !== openToAll) chmodSync(path, openToAll);
}
