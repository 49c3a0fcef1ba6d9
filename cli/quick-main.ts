/**
 * The first file of a built orchctl. An everyday command has a file of its own, with code that was compiled when orchctl was built
 * (deploy/quick-commands.ts): it is at work before Node's module loader would be. For every other word there is the whole program.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Script } from "node:vm";

interface QuickCommand {
  /** Ends the process. */
  main(directory: string): Promise<void>;
}

type Load = (module: { exports: QuickCommand | undefined }, required: NodeJS.Require) => void;

const directory = import.meta.dirname;
const [, , word = ""] = process.argv;
const file = join(directory, "quick", word);

// A word with a slash or dot in it names no file of ours. The code is what the build writes last.
if (/^[a-z]+$/.test(word) && existsSync(`${file}.code`)) {
  // Code that is cut off or of another Node is refused by V8, which then compiles the text.
  const script = new Script(readFileSync(`${file}.js`, "latin1"), {
    filename: `${file}.js`,
    cachedData: readFileSync(`${file}.code`),
  });
  const module: Parameters<Load>[0] = { exports: undefined };
  (script.runInThisContext() as Load)(module, require);
  void module.exports?.main(directory);
} else void import("./main.ts");
