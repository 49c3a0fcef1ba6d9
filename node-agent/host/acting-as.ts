/**
 * File system calls of this thread as another user, for moments. A mount that shows other owners (see idmapped-mount.ts) takes new names only
 * from users that it knows: root of the node is none of them.
 */
import { declare } from "./libc.ts";

const setUser = declare<[number]>("int setfsuid(unsigned int id)");
const setGroup = declare<[number]>("int setfsgid(unsigned int id)");
const control = declare<[number, number]>("int prctl(int option, unsigned long value)");

const getSecureBits = 27;
const setSecureBits = 28;
const setDumpable = 4;
/** SECBIT_NO_SETUID_FIXUP: the capabilities over files stay, as the pod's root has them over its own. */
const keepCapabilities = 4;

export interface FileUser {
  readonly uid: number;
  readonly gid: number;
}

/** `body` must not return a promise: what it does later happens as root. */
export function actingAs<Result>(user: FileUser, body: () => Result): Result {
  const bits = control("securebits", getSecureBits, 0);
  control("securebits", setSecureBits, bits | keepCapabilities);
  const own: FileUser = { gid: setGroup("group", user.gid), uid: setUser("user", user.uid) };
  try {
    return body();
  } finally {
    setUser("user", own.uid);
    setGroup("group", own.gid);
    control("securebits", setSecureBits, bits);
    control("dumpable", setDumpable, 1); // taken away with every change of users
  }
}
