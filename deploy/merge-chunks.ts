/**
 * Code splitting cuts shared code into a chunk for each set of a program's parts that use it: a command would load some thirty files, a third of
 * a millisecond each. Those that certain modules always load together become one file; each chunk that went into it stays as a stub that
 * hands its exports on to whoever imports it when it runs: there is still one instance of everything.
 */
import { writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { type BuildOptions, build, type Metafile, type Plugin } from "esbuild";

/** One file to make: what it is called, and the source of the module whose chunks go into it. */
export interface MergedFile {
  readonly name: string;
  readonly source: string;
}

export interface ChunkMerge {
  readonly metafile: Metafile;
  /** What paths in the metafile begin at. */
  readonly root: string;
  /** The module that runs first: what it loads by itself stays as it is. */
  readonly entry: string;
  /** In this order: what one file holds is not put into a later one. */
  readonly files: readonly MergedFile[];
  readonly options: BuildOptions;
}

/** Where a chunk went, by its absolute path. */
type Merged = Map<string, { readonly file: string; readonly prefix: string }>;

export async function mergeChunks({ metafile, root, entry, files, options }: ChunkMerge): Promise<void> {
  const merged: Merged = new Map();
  const first = new Set(chunksOf(metafile, entry));
  for (const { name, source } of files) {
    const chunks = chunksOf(metafile, source).filter((chunk) => !first.has(chunk) && !merged.has(resolve(root, chunk)));
    const [any] = chunks;
    if (any === undefined) throw new Error(`${source} has no chunk of its own`);
    const folder = dirname(resolve(root, any));
    const file = join(folder, `${name}.js`);
    const prefixOf = (chunk: string): string => `_${basename(chunk, ".js")}_`;
    const contents = chunks.map((chunk) =>
      reExport(`./${basename(chunk)}`, exportsOf(metafile, chunk), prefixOf(chunk), ""),
    );
    await build({
      ...options,
      stdin: { contents: contents.join(""), resolveDir: folder },
      outfile: file,
      plugins: [elsewhere(merged, metafile, root, new Set(chunks.map((chunk) => resolve(root, chunk))))],
    });
    for (const chunk of chunks) merged.set(resolve(root, chunk), { file, prefix: prefixOf(chunk) });
  }
  await pointElsewhere(merged, { metafile, root, options }, first);
  for (const [chunk, { file, prefix }] of merged) writeFileSync(chunk, stubOf(metafile, root, chunk, file, prefix));
}

/** Chunks that stay take what they need from where it went, not through its stub. */
async function pointElsewhere(
  merged: Merged,
  { metafile, root, options }: Pick<ChunkMerge, "metafile" | "root" | "options">,
  first: ReadonlySet<string>,
): Promise<void> {
  const staying = Object.keys(metafile.outputs).filter(
    (chunk) => !first.has(chunk) && !merged.has(resolve(root, chunk)),
  );
  const [any] = staying;
  if (any === undefined) return;
  await build({
    ...options,
    entryPoints: staying.map((chunk) => resolve(root, chunk)),
    outdir: dirname(resolve(root, any)),
    allowOverwrite: true,
    plugins: [elsewhere(merged, metafile, root, new Set())],
  });
}

/** The chunk of a module and all that it loads with it, those first that others need. */
function chunksOf(metafile: Metafile, source: string): readonly string[] {
  const found = Object.entries(metafile.outputs).find(([, output]) => output.entryPoint === source);
  if (!found) throw new Error(`${source} is not a part that is loaded by itself`);
  const chunks = new Set<string>();
  const visit = (chunk: string): void => {
    if (chunks.has(chunk)) return;
    for (const { path, kind } of metafile.outputs[chunk]?.imports ?? [])
      if (kind === "import-statement" && metafile.outputs[path]) visit(path);
    chunks.add(chunk);
  };
  visit(found[0]);
  return [...chunks];
}

const exportsOf = (metafile: Metafile, chunk: string): readonly string[] => metafile.outputs[chunk]?.exports ?? [];

const reExport = (from: string, names: readonly string[], to: string, before: string): string =>
  `export { ${names.map((name) => `${before}${name} as ${to}${name}`).join(", ")} } from ${JSON.stringify(from)};\n`;

function stubOf(metafile: Metafile, root: string, chunk: string, file: string, prefix: string): string {
  const names = Object.keys(metafile.outputs).find((path) => resolve(root, path) === chunk);
  return reExport(`./${basename(file)}`, exportsOf(metafile, names ?? ""), "", prefix);
}

/** Chunks of an earlier file are taken from there; all others stay files of their own. */
function elsewhere(merged: Merged, metafile: Metafile, root: string, own: ReadonlySet<string>): Plugin {
  return {
    name: "chunks-elsewhere",
    setup(hooks) {
      hooks.onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir, namespace, kind }) => {
        if (kind === "entry-point") return undefined;
        const absolute = resolve(resolveDir, path);
        if (namespace === "stub" || kind === "dynamic-import") return { path, external: true };
        if (own.has(absolute)) return undefined;
        return merged.has(absolute) ? { path: absolute, namespace: "stub" } : { path, external: true };
      });
      hooks.onLoad({ filter: /.*/, namespace: "stub" }, ({ path }) => {
        const at = merged.get(path);
        if (!at) throw new Error(`${path} is in no merged file`);
        return { contents: stubOf(metafile, root, path, at.file, at.prefix), resolveDir: dirname(path) };
      });
    },
  };
}
