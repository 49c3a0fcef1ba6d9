/** Runs test files in one process, each as a suite of its own: what a file does before and after its tests is done for no other's. */
import { describe } from "node:test";
import { pathToFileURL } from "node:url";

for (const file of process.argv.slice(2))
  describe(file, async () => {
    await import(pathToFileURL(file).href);
  });
