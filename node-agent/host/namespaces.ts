/**
 * Namespaces of the calling thread, for moments: made and pinned, or entered, and left again within one synchronous call, so that
 * no other code and no new thread or process ever sees them. Only kinds that a thread may change alone: never user or mount.
 */
import { closeSync, openSync } from "node:fs";
import { declare } from "./libc.ts";
import { mount } from "./syscalls.ts";

const nativeUnshare = declare<[number]>("int unshare(int flags)");
const nativeEnter = declare<[number, number]>("int setns(int fd, int kind)");

/** CLONE_NEW… by the names of /proc/PID/ns. */
const kinds = { net: 0x4000_0000, ipc: 0x0800_0000, uts: 0x0400_0000 } as const;
export type NamespaceKind = keyof typeof kinds;

const current = (kind: NamespaceKind): string => `/proc/thread-self/ns/${kind}`;

/** Makes new namespaces and binds each to its file, which must exist. What was bound when a later one fails stays. */
export function pinNewNamespaces(files: ReadonlyMap<NamespaceKind, string>): void {
  returning([...files.keys()], () => {
    nativeUnshare(
      "namespaces",
      [...files.keys()].reduce((flags, kind) => flags | kinds[kind], 0),
    );
    for (const [kind, file] of files) mount({ source: current(kind), target: file, flags: ["bind"] });
  });
}

/** `body` must not return a promise: what it does later happens outside. */
export function insideNetwork(path: string, body: () => void): void {
  const namespace = openSync(path, "r");
  try {
    returning(["net"], () => {
      nativeEnter(path, namespace, kinds.net);
      body();
    });
  } finally {
    closeSync(namespace);
  }
}

/** A thread that cannot come back must not go on: everything it did would hit a pod. */
function returning(left: readonly NamespaceKind[], body: () => void): void {
  const home = left.map((kind) => ({ kind, fd: openSync(current(kind), "r") }));
  try {
    body();
  } finally {
    for (const { kind, fd } of home) {
      try {
        nativeEnter(kind, fd, kinds[kind]);
      } catch {
        process.abort();
      }
      closeSync(fd);
    }
  }
}
