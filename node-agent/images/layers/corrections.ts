/**
 * Layers often hold a file without its parent directories. Unpacked alone, such a parent has made-up attributes, and overlayfs would
 * show those instead of the lower layer's. So a stack of layers gets one more on top with just these parents, as they should be.
 * The layers themselves stay as they are: other images share them.
 */
import { lstat } from "node:fs/promises";
import { getXattr, listXattrs } from "../../host/syscalls.ts";
import { type Attributes, madeUp } from "./attributes.ts";
import type { LayerOutput } from "./layer-output.ts";
import { LayerTree } from "./layer-tree.ts";
import { splitName, TreeRoot } from "./tree-path.ts";

export interface LayerView {
  /** The unpacked tree. */
  readonly directory: string;
  /** Directories without an entry of their own, latin1; "" is the root. */
  readonly implicit: ReadonlySet<string>;
}

/** A hostile image must not keep us looking for ever; parents beyond this many keep their default attributes. */
const maxParents = 20_000;

/** Parents whose attributes must be corrected, with what they should be. Base layer first in `layers`. */
export async function findMisplacedParents(layers: readonly LayerView[]): Promise<ReadonlyMap<string, Attributes>> {
  const found = new Map<string, Provider>();
  const names = new Set(layers.flatMap((layer) => [...layer.implicit]).filter((name) => name !== ""));
  for (const name of [...names].slice(0, maxParents).sort()) {
    const provider = await findProvider(layers, name);
    if (provider?.isCovered) addWithParents(found, name, provider, await parentProviders(layers, name));
  }
  const corrections = new Map<string, Attributes>();
  for (const [name, provider] of found) corrections.set(name, await attributesAt(provider.path));
  return corrections;
}

/** Writes a layer with only these directories. */
export function writeCorrections(output: LayerOutput, corrections: ReadonlyMap<string, Attributes>): void {
  const epoch = { seconds: 0, nanoseconds: 0 };
  const events = { onDirectory: (path: string) => output.makeDirectory(path), onRemove: () => undefined };
  const tree = new LayerTree(events, madeUp(epoch));
  try {
    for (const name of [...corrections.keys()].sort()) {
      const { parent, base } = splitName(name);
      const attributes = corrections.get(name);
      if (attributes) tree.makeDirectory(tree.makeParents(parent, epoch), base, attributes);
    }
    output.finish(tree, { diffId: "", sizeBytes: 0, entries: corrections.size, implicitDirectories: [] });
  } finally {
    output.abandon();
  }
}

/** Where the attributes of a directory come from. */
interface Provider {
  readonly path: string | Buffer;
}

interface FoundProvider extends Provider {
  /** An upper layer has the directory too, without an entry. */
  readonly isCovered: boolean;
}

/** The topmost layer that describes the directory, if it shows through. */
async function findProvider(layers: readonly LayerView[], name: string): Promise<FoundProvider | undefined> {
  let isCovered = false;
  for (const layer of layers.toReversed()) {
    const standing = await look(layer, name);
    if (standing.kind === "directory" && !layer.implicit.has(name)) {
      return { path: new TreeRoot(layer.directory).path(name), isCovered };
    }
    if (standing.kind === "directory") isCovered = true;
    if (standing.hidesLower) return undefined;
  }
  return undefined;
}

interface LayerStanding {
  readonly kind: "absent" | "directory" | "other";
  /** What lower layers have at this name does not show. */
  readonly hidesLower: boolean;
}

async function look(layer: LayerView, name: string): Promise<LayerStanding> {
  const root = new TreeRoot(layer.directory);
  const components = name.split("/");
  let hidesLower = false;
  for (let depth = 1; depth <= components.length; depth++) {
    const path = root.path(components.slice(0, depth).join("/"));
    const stats = await lstat(path).catch(() => undefined);
    if (!stats) return { kind: "absent", hidesLower };
    if (!stats.isDirectory()) return { kind: "other", hidesLower: true };
    // An opaque parent hides what is below it; on the directory itself the mark is about its children.
    if (depth < components.length && getXattr(path, "trusted.overlay.opaque")) hidesLower = true;
  }
  return { kind: "directory", hidesLower };
}

async function parentProviders(layers: readonly LayerView[], name: string): Promise<ReadonlyMap<string, Provider>> {
  const providers = new Map<string, Provider>();
  for (let at = splitName(name).parent; at !== ""; at = splitName(at).parent) {
    const provider = await findProvider(layers, at);
    if (provider) providers.set(at, provider);
  }
  return providers;
}

function addWithParents(
  found: Map<string, Provider>,
  name: string,
  provider: Provider,
  parents: ReadonlyMap<string, Provider>,
): void {
  // A parent nobody describes would be made up once more on top: then the directory is left as it is.
  for (let at = splitName(name).parent; at !== ""; at = splitName(at).parent) if (!parents.has(at)) return;
  for (const [parent, its] of parents) found.set(parent, its);
  found.set(name, provider);
}

async function attributesAt(path: string | Buffer): Promise<Attributes> {
  const stats = await lstat(path, { bigint: true });
  const xattrs = new Map<string, Buffer>();
  for (const name of listXattrs(path)) {
    const value = name.startsWith("trusted.overlay.") ? undefined : getXattr(path, name);
    if (value) xattrs.set(name, value);
  }
  const nanoseconds = ((stats.mtimeNs % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const seconds = (stats.mtimeNs - nanoseconds) / 1_000_000_000n;
  return {
    mode: Number(stats.mode) & 0o7777,
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    mtime: { seconds: Number(seconds), nanoseconds: Number(nanoseconds) },
    xattrs,
  };
}
