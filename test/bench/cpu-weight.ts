/**
 * Processor time that a side's cgroup gets beside others. A cgroup gets what one process of niceness 0 gets, however many run in it; a peer's
 * daemon, outside of any, gets that for each of its threads, and by the bench's own niceness. For benches the cgroups of both sides get as much.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, getPriority } from "node:os";
import { join } from "node:path";
import { hierarchies, isUnified } from "#deploy/local-cluster/cgroups.ts";

/** As the kernel's: each step of niceness is a quarter. */
const perNice = 1.25;
const file = isUnified()
  ? { name: "cpu.weight", usual: 100, most: 10_000 }
  : { name: "cpu.shares", usual: 1024, most: 262_144 };

/** Gives the cgroup what the bench's own programs get on all processors. Returns how to undo it. */
export function weighLikePrograms(cgroup: string): () => void {
  const files = hierarchies()
    .filter((hierarchy) => existsSync(join(hierarchy, file.name)) || isUnified())
    .map((hierarchy) => join(hierarchy, cgroup));
  const weight = Math.min(file.most, Math.round(file.usual * perNice ** -getPriority() * cpus().length));
  const before = files.map((directory) => {
    mkdirSync(directory, { recursive: true });
    const path = join(directory, file.name);
    const text = readFileSync(path, "utf8");
    writeFileSync(path, String(weight));
    return { path, text };
  });
  return () => {
    for (const { path, text } of before) if (existsSync(path)) writeFileSync(path, text);
  };
}
