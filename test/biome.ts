/**
 * Runs biome's program for this machine: its npm wrapper insists on packages for platforms that nobody here uses.
 * Usage: node test/biome.ts ci .
 */
import { spawnSync } from "node:child_process";
import { realpathSync } from "node:fs";
import { join } from "node:path";

const packages = realpathSync(join(import.meta.dirname, "../node_modules"));
const program = join(packages, `@biomejs/cli-linux-${process.arch}`, "biome");
const result = spawnSync(program, process.argv.slice(2), { stdio: "inherit" });
if (result.error) process.stderr.write(`biome could not run: ${result.error.message}\n`);
process.exitCode = result.status ?? 1;
