/**
 * Layers often hold a file without its parent directories. Unpacked alone, such a parent has made-up attributes, and overlayfs would
 * show those instead of the lower layer's. So an image gets one more directory on top with just these parents, as they should be.
 * The layers themselves stay as they are: other images share them.
 */
import { chmod, chown, lstat, mkdir } from "node:fs/promises";
import { getXattr, listXattrs, setModificationTime, setXattr } from "../../host/syscalls.ts";
import { splitName, TreeRoot } from "./tree-path.ts";

export interface LayerView {
  /** The unpacked tree. */
  readonly directory: string;
  /** Directories without an entry of their own, latin1; "" is the root. */
  readonly implicit: ReadonlySet<string>;
}

/** A hostile image must not keep us looking for ever; parents beyond this many keep their default attributes. */
const maxParents = 20_000;

/** Where the attributes of a directory come from. */
interface Provider {
  readonly path: string | Buffer;
}

/** Parents whose attributes must be corrected, each after its own parents, with what to copy them from. Base layer first in `layers`. */
export async function findMisplacedParents(layers: readonly LayerView[]): Promise<ReadonlyMap<string, Provider>> {
  const found = new Map<string, Provider>();
  const names = new Set(layers.flatMap((layer) => [...layer.implicit]).filter((name) => name !== ""));
  for (const name of [...names].slice(0, maxParents).sort()) {
    const provider = await findProvider(layers, name);
    if (provider?.isCovered) addWithParents(found, name, provider, await parentProviders(layers, name));
  }
  return found;
}

/** Makes a directory with only these parents. The order of `parents` puts each after its own. */
export async function writeParents(directory: string, parents: ReadonlyMap<string, Provider>): Promise<void> {
  const root = new TreeRoot(directory);
  const names = [...parents.keys()].sort();
  for (const name of names) await mkdir(root.path(name));
  for (const name of names.reverse()) {
    const provider = parents.get(name);
    if (provider) await copyAttributes(provider.path, root.path(name));
  }
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

async function copyAttributes(from: string | Buffer, to: string | Buffer): Promise<void> {
  const stats = await lstat(from, { bigint: true });
  await chown(to, Number(stats.uid), Number(stats.gid));
  await chmod(to, Number(stats.mode) & 0o7777);
  for (const name of listXattrs(from)) {
    const value = name.startsWith("trusted.overlay.") ? undefined : getXattr(from, name);
    if (value) setXattr(to, name, value);
  }
  const seconds = stats.mtimeNs / 1_000_000_000n - (stats.mtimeNs % 1_000_000_000n < 0n ? 1n : 0n);
  setModificationTime(to, seconds, Number(stats.mtimeNs - seconds * 1_000_000_000n));
}
