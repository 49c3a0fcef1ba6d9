/**
 * Everyday commands of orchctl as one file each, with all of its code compiled beforehand: a command that ends in a tenth of a second
 * spends most of it on finding, reading and compiling modules. cli/quick-main.ts runs them.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { Script } from "node:vm";
import { type BuildOptions, build } from "esbuild";
import { absentPackage, lazyFile } from "./lazy-modules.ts";

/** A module in a file beside. */
interface Beside {
  readonly name: string;
  readonly source: string;
  /** What it is imported as. */
  readonly filter: RegExp;
}

const beside = {
  /** Contexts are JSON as a rule, and few print YAML. */
  yaml: { name: "yaml", source: "yaml", filter: /^yaml$/ },
  /** What a command that only carries a stream asks of the API when it must look for a pod first. */
  api: {
    name: "api",
    source: "./proto/wire/generated/services/cluster.ts",
    filter: /generated\/services\/cluster\.ts$/,
  },
} satisfies Record<string, Beside>;

export interface QuickCommand {
  readonly name: string;
  /** The folder of its command.ts below cli/commands. Default: its name. */
  readonly folder?: string;
  /** Exported by its command.ts. */
  readonly add: string;
  /** It makes no calls but streams, as a rule. */
  readonly onlyStreams?: boolean;
}

export async function buildQuickCommands(
  commands: readonly QuickCommand[],
  folder: string,
  options: BuildOptions,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const resolveDir = options.absWorkingDir ?? ".";
  // protobufjs takes `long` where it is, and is told to do without (proto/wire/long.ts).
  const common = { ...options, plugins: [...(options.plugins ?? []), absentPackage("long")] };
  for (const { name, source } of Object.values(beside)) {
    const stdin = { contents: `export * from ${JSON.stringify(source)}`, resolveDir };
    await build({ ...common, stdin, outfile: join(folder, `${name}.cjs`), format: "cjs" });
  }
  for (const command of commands) {
    const seldom = command.onlyStreams ? [beside.yaml, beside.api] : [beside.yaml];
    const lazy = seldom.map(({ name, filter }) => lazyFile(name, filter, `./quick/${name}.cjs`));
    const outfile = join(folder, `${command.name}.js`);
    await build({
      ...common,
      plugins: [...lazy, ...common.plugins],
      inject: [join(resolveDir, "cli/lazy-text-decoder.ts")],
      stdin: { contents: entry(command), resolveDir },
      outfile,
      format: "cjs",
      // Read as one byte a character, which is twice as fast as UTF-8.
      charset: "ascii",
      banner: { js: "(function (module, require) {" },
      footer: { js: "})" },
    });
    writeFileSync(join(folder, `${command.name}.code`), compiled(readFileSync(outfile, "latin1"), outfile));
  }
}

const entry = ({ name, add, folder = name }: QuickCommand): string => `
import { ${add} } from "./cli/commands/${folder}/command.ts";
import { runProgram } from "./cli/program-main.ts";
export const main = (directory) => runProgram(directory, { ${JSON.stringify(name)}: ${add} });
`;

/** What V8 takes for the script's compiled code, every function of it: by itself it compiles a function when it is first called. */
export function compiled(text: string, filename: string): Buffer {
  setFlagsFromString("--no-lazy");
  try {
    const script = new Script(text, { filename });
    // The flags are part of what V8 compares before it takes the code.
    setFlagsFromString("--lazy");
    return script.createCachedData();
  } finally {
    setFlagsFromString("--lazy");
  }
}
