/**
 * A control plane's data directory is its own as long as it runs: a second one would stop the first one's etcd and start another. The claim is a
 * file that names the process; that of one that is gone, however it went, counts no more.
 */
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import { isStillRunning, readProcess } from "./etcd/running-etcd.ts";

const fileName = "running.json";

interface Claim {
  readonly pid: number;
  readonly startedAtTicks: string;
}

/** Resolves with what gives it back. Throws Problem `conflict` while another process has it. */
export async function claimFolder(dataDir: string, pid: number): Promise<() => Promise<void>> {
  const path = join(dataDir, fileName);
  const own = await readProcess(pid);
  if (!own) throw new Problem("internal", `process ${pid} is not in /proc`);
  const claim: Claim = { pid, startedAtTicks: own.startedAtTicks };
  // Twice at most: what was left by one that is gone is taken away once.
  for (let isLast = false; ; isLast = true) {
    try {
      await writeFile(path, JSON.stringify(claim), { flag: "wx", mode: 0o600 });
      return () => rm(path, { force: true });
    } catch (thrown) {
      if (errnoOf(thrown) !== "EEXIST") throw thrown;
      const standing = await readClaim(path);
      if (isLast || (standing && (await isHeld(standing)))) throw inUse(dataDir, standing?.pid);
      await rm(path, { force: true });
    }
  }
}

/** Undefined when there is none, or the machine went down while it was written. */
async function readClaim(path: string): Promise<Claim | undefined> {
  try {
    const { pid, startedAtTicks } = JSON.parse(await readFile(path, "utf8")) as Partial<Claim>;
    return typeof pid === "number" && typeof startedAtTicks === "string" ? { pid, startedAtTicks } : undefined;
  } catch (thrown) {
    if (errnoOf(thrown) === "ENOENT" || thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
}

const isHeld = ({ pid, startedAtTicks }: Claim): Promise<boolean> =>
  isStillRunning({ pid, startedAtTicks, program: "", arguments: [] });

function inUse(dataDir: string, pid: number | undefined): Problem {
  const who = pid === undefined ? "" : ` (process ${pid})`;
  return new Problem("conflict", `a control plane${who} runs with the data directory ${dataDir}`, {
    hint: "Stop it first (systemctl stop orch-control-plane, or orchctl cluster down), or choose another folder with --data-dir.",
  });
}
