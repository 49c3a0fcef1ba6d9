/**
 * Builds dist/ (or `--out DIR`): one bundle a program, beside what cannot be bundled. `--install DIR` also copies it with its own Node to a
 * system folder. dist/ is complete: it runs without node_modules.
 */
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { lazyBuiltins } from "./lazy-modules.ts";
import { mergeChunks } from "./merge-chunks.ts";
import { nodeFlags } from "./node-flags.ts";
import { buildQuickCommands, type QuickCommand } from "./quick-commands.ts";

const root = join(import.meta.dirname, "..");
const { values } = parseArgs({
  options: { install: { type: "string" }, out: { type: "string" }, version: { type: "string" } },
});
const dist = values.out ?? join(root, "dist");

/** Program name → source. Each becomes dist/lib/NAME.js. */
const programs: Record<string, string> = {
  orchctl: "cli/main.ts",
  "orch-control-plane": "control-plane/main.ts",
  "orch-node-agent": "node-agent/main.ts",
  "orch-local-cluster": "deploy/local-cluster/main.ts",
};

/** etcd3 reads its .proto files beside its own folder, and CommonJS packages ask for `require`. */
const banner = `import { createRequire as __createRequire } from "node:module";
const require = __createRequire(import.meta.url);
const __dirname = import.meta.dirname;
const __filename = import.meta.filename;`;

/** Builds the same programs under another version: what an upgrade is tried with. */
const otherVersion = (version: string): Plugin => ({
  name: "other-version",
  setup(hooks) {
    hooks.onLoad({ filter: /proto\/kit\/version\.ts$/ }, () => ({
      contents: `export const version = ${JSON.stringify(version)};`,
    }));
  },
});

/** Commands that start fast, each for some 2 MB in dist/. */
const quickCommands: readonly QuickCommand[] = [
  { name: "exec", add: "addExec", onlyStreams: true },
  { name: "get", add: "addGet" },
  { name: "logs", add: "addLogs" },
  { name: "pull", folder: "image", add: "addPull" },
  { name: "run", add: "addRun" },
  { name: "version", add: "addVersion" },
];

const common = {
  absWorkingDir: root,
  outdir: join(dist, "lib"),
  bundle: true,
  splitting: true,
  platform: "node",
  mainFields: ["module", "main"],
  format: "esm",
  target: "node22",
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: "none",
  external: ["koffi"],
  logLevel: "warning",
} satisfies BuildOptions;

const versionPlugins: Plugin[] = values.version === undefined ? [] : [otherVersion(values.version)];

/** The daemons share their chunks; the command line has its own, made to start fast. */
async function bundle(): Promise<void> {
  rmSync(dist, { recursive: true, force: true });
  const { orchctl, ...daemons } = Object.fromEntries(
    Object.entries(programs).filter(([, source]) => existsSync(join(root, source))),
  );
  await build({
    ...common,
    entryPoints: daemons,
    chunkNames: "chunks/[name]-[hash]",
    banner: { js: banner },
    plugins: versionPlugins,
  });
  if (orchctl !== undefined) await bundleCommandLine(orchctl);
  await bundleLayerWorker();
  writeFileSync(
    join(dist, "package.json"),
    `${JSON.stringify({ name: "orch-dist", type: "module", private: true })}\n`,
  );
}

async function bundleCommandLine(entry: string): Promise<void> {
  const { metafile } = await build({
    ...common,
    entryPoints: { orchctl: entry },
    chunkNames: "orchctl/[hash]",
    plugins: [lazyBuiltins, ...versionPlugins],
    metafile: true,
  });
  const { outdir: _, splitting: __, ...options } = common;
  const command = (name: string): string => `cli/commands/${name}/run.ts`;
  const files = [
    { name: "program", source: "cli/whole-program.ts" },
    { name: "client", source: command("get") },
    ...["exec", "run", "logs", "scale"].map((name) => ({ name, source: command(name) })),
  ];
  await mergeChunks({ metafile, root, entry, files, options });
  const plugins = [lazyBuiltins, ...versionPlugins];
  await buildQuickCommands(quickCommands, join(dist, "lib/quick"), { ...options, plugins });
  await build({
    ...options,
    entryPoints: ["cli/quick-main.ts"],
    outfile: join(dist, "lib/orchctl.cjs"),
    format: "cjs",
    plugins: [wholeProgramBeside],
    define: { "import.meta.dirname": "__dirname" },
  });
}

/** Started for each pull, twice at once: one file that loads what it uses takes half the time of the daemons' chunks. */
async function bundleLayerWorker(): Promise<void> {
  const { outdir: _, splitting: __, ...options } = common;
  await build({
    ...options,
    entryPoints: ["node-agent/images/layers/unpack-worker.ts"],
    outfile: join(dist, "lib/orch-layer-worker.cjs"),
    format: "cjs",
    plugins: [lazyBuiltins, ...versionPlugins],
  });
}

/** The whole program is built by itself. */
const wholeProgramBeside: Plugin = {
  name: "whole-program-beside",
  setup(hooks) {
    hooks.onResolve({ filter: /\/main\.ts$/ }, ({ kind }) =>
      kind === "dynamic-import" ? { path: "./orchctl.js", external: true } : undefined,
    );
  },
};

function copyRuntimeFiles(): void {
  const packages = realpathSync(join(root, "node_modules"));
  const etcd3 = join(packages, "etcd3");
  cpSync(join(etcd3, "proto"), join(dist, "lib/proto"), { recursive: true });
  cpSync(join(etcd3, "proto"), join(dist, "proto"), { recursive: true });
  const koffi = join(packages, "koffi");
  const modules = join(dist, "node_modules");
  mkdirSync(join(modules, "koffi"), { recursive: true });
  const isCode = (path: string): boolean => statSync(path).isDirectory() || /\.(c?js|json)$/.test(path);
  for (const name of ["package.json", "index.js", "index.cjs", "indirect.js", "indirect.cjs", "lib", "src"]) {
    cpSync(join(koffi, name), join(modules, "koffi", name), { recursive: true, filter: isCode });
  }
  cpSync(join(koffi, "..", "@koromix"), join(modules, "@koromix"), { recursive: true });
}

/** orchctl trusts its cluster's authority alone: reading the system's costs it time at each start. */
const onlyOwnAuthority = "unset NODE_EXTRA_CA_CERTS\n";

/**
 * Launchers fork nothing unless they are a link. They run the Node beside them when there is one (an installation), else the
 * one that built them (a checkout).
 */
function writeLaunchers(node: string): void {
  mkdirSync(join(dist, "bin"), { recursive: true });
  for (const name of Object.keys(programs)) {
    if (!existsSync(join(dist, "lib", `${name}.js`))) continue;
    const path = join(dist, "bin", name);
    writeFileSync(
      path,
      `#!/bin/sh
self=$0
[ -L "$self" ] && self=$(readlink -f "$self")
case $self in */*) here=\${self%/*} ;; *) here=. ;; esac
node="$here/../node"
[ -x "$node" ] || node="${node}"
${name === "orchctl" ? onlyOwnAuthority : ""}exec "$node" --disable-warning=ExperimentalWarning ${nodeFlags[name] ?? ""} "$here/../lib/${name}.${name === "orchctl" ? "cjs" : "js"}" "$@"
`,
    );
    chmodSync(path, 0o755);
  }
}

function install(directory: string, node: string): void {
  const fresh = `${directory}.new`;
  const old = `${directory}.old`;
  rmSync(fresh, { recursive: true, force: true });
  cpSync(dist, fresh, { recursive: true });
  cpSync(node, join(fresh, "node"));
  rmSync(old, { recursive: true, force: true });
  if (existsSync(directory)) renameSync(directory, old);
  renameSync(fresh, directory);
  rmSync(old, { recursive: true, force: true });
}

const node = realpathSync(process.execPath);
await bundle();
copyRuntimeFiles();
writeLaunchers(node);
if (values.install) install(values.install, node);
