/** What is said of a local cluster that does not run here: which ones do, and how this one is started. */
import { existsSync, readdirSync } from "node:fs";
import { dirname } from "node:path";
import { Problem } from "#proto/kit/problem.ts";
import { clusterPaths, isClusterName } from "./names.ts";
import { readLivePid } from "./process.ts";

export function runningClusters(): readonly string[] {
  const folder = dirname(clusterPaths("any").run);
  const names = existsSync(folder) ? readdirSync(folder).filter(isClusterName) : [];
  return names.filter((name) => readLivePid(clusterPaths(name).supervisorPid) !== undefined).sort();
}

/** Pure. */
export function notRunning(name: string, running: readonly string[]): Problem {
  const others = running.length > 0 ? `; running here: ${running.join(", ")} (--name NAME)` : "";
  return new Problem("unavailable", `there is no running local cluster ${name} on this machine${others}`, {
    hint: `start it: sudo orchctl cluster up --name ${name}; on other machines use: orchctl node join`,
  });
}
