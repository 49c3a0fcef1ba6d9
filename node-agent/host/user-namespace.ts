/**
 * User namespaces with the namespaces they own. Only a process of one thread can make one, so a helper does: it waits in it until its
 * mapping is written and everything is pinned.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import type { Clock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { NamespaceKind } from "./namespaces.ts";
import { findProgram } from "./programs.ts";
import { mount } from "./syscalls.ts";

/** Users and groups `0` to `count - 1` inside are `first` and up outside. */
export interface IdRange {
  readonly first: number;
  readonly count: number;
}

const timeoutMs = 10_000;

/** Binds the new user namespace and ones that it owns to their files, which must exist. What was bound when a later one fails stays. */
export async function pinUserNamespace(
  users: string,
  owned: ReadonlyMap<NamespaceKind, string>,
  { first, count }: IdRange,
  clock: Clock,
): Promise<void> {
  const program = await findProgram("unshare");
  if (program === undefined)
    throw new Problem("unavailable", "unshare is not installed", { hint: "apt-get install util-linux" });
  const flags = [...owned.keys()].map((kind) => `--${kind}`);
  const helper = spawn(program, ["--user", ...flags, "/bin/sh", "-c", "echo; read -r _"], { stdio: "pipe" });
  const ended = once(helper, "close");
  const timer = clock.after(timeoutMs, () => helper.kill("SIGKILL"));
  helper.stdin.on("error", () => undefined);
  try {
    const [started] = await Promise.race([once(helper.stdout, "data"), ended]);
    if (!(started instanceof Buffer)) throw new Problem("unsupported", "this kernel makes no user namespaces");
    const map = `0 ${first} ${count}\n`;
    await writeFile(`/proc/${helper.pid}/uid_map`, map);
    await writeFile(`/proc/${helper.pid}/gid_map`, map);
    for (const [kind, file] of [["user", users] as const, ...owned])
      mount({ source: `/proc/${helper.pid}/ns/${kind}`, target: file, flags: ["bind"] });
  } finally {
    helper.stdin.end();
    await ended;
    timer.cancel();
  }
}
