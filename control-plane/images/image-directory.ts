/** Which node has which blobs and tags, as agents' sessions say: kept in memory, gone with the session, bounded for each node. */
import type { orch } from "#proto/wire/generated/messages.js";

export type ImageReport = orch.v1.ImageReport.$Properties;

interface NodeImages {
  peerAddress: string;
  readonly blobs: Set<string>;
  readonly names: Set<string>;
}

interface Meaning {
  readonly digest: string;
  /** It was loaded or built, not pulled. */
  readonly local: boolean;
}

const maxBlobs = 50_000;
const maxNames = 10_000;
const digestPattern = /^sha(256:[0-9a-f]{64}|512:[0-9a-f]{128})$/;
const addressPattern = /^[0-9a-zA-Z.:[\]-]{1,260}:[0-9]{1,5}$/;

export class ImageDirectory {
  readonly #nodes = new Map<string, NodeImages>();
  readonly #holders = new Map<string, Set<string>>();
  /** By tag, the nodes that have it, the one that set it last at the end. */
  readonly #named = new Map<string, Map<string, Meaning>>();

  /** What goes beyond the bounds is not kept: its blobs come from the registry. */
  report(node: string, said: ImageReport): void {
    if (said.complete) this.forget(node);
    const known = this.#nodes.get(node) ?? { peerAddress: "", blobs: new Set(), names: new Set() };
    this.#nodes.set(node, known);
    if (said.complete && addressPattern.test(said.peerAddress ?? "")) known.peerAddress = said.peerAddress ?? "";
    for (const digest of said.removed ?? []) this.#removeBlob(node, known, digest);
    for (const digest of said.added ?? []) this.#addBlob(node, known, digest);
    for (const name of said.removedNames ?? []) this.#removeName(node, known, name);
    for (const { name, digest, local } of said.names ?? []) {
      this.#addName(node, known, name ?? "", { digest: digest ?? "", local: local ?? false });
    }
  }

  /** The node's session is over: nobody can be sent there. */
  forget(node: string): void {
    const known = this.#nodes.get(node);
    if (!known) return;
    for (const digest of known.blobs) this.#removeBlob(node, known, digest);
    for (const name of known.names) this.#removeName(node, known, name);
    this.#nodes.delete(node);
  }

  /** Where the node serves its blobs; undefined when it does not. */
  peerAddress(node: string): string | undefined {
    return this.#nodes.get(node)?.peerAddress || undefined;
  }

  holders(digest: string): ReadonlySet<string> {
    return this.#holders.get(digest) ?? nobody;
  }

  /** What the tag means on the node that set it last. */
  digestOf(name: string): string | undefined {
    return [...(this.#named.get(name)?.values() ?? [])].at(-1)?.digest;
  }

  /** The same, of tags that were loaded or built: no registry knows better. */
  localDigestOf(name: string): string | undefined {
    return [...(this.#named.get(name)?.values() ?? [])].findLast(({ local }) => local)?.digest;
  }

  #addBlob(node: string, known: NodeImages, digest: string): void {
    if (known.blobs.size >= maxBlobs || !digestPattern.test(digest)) return;
    known.blobs.add(digest);
    const holders = this.#holders.get(digest) ?? new Set();
    this.#holders.set(digest, holders.add(node));
  }

  #removeBlob(node: string, known: NodeImages, digest: string): void {
    known.blobs.delete(digest);
    const holders = this.#holders.get(digest);
    holders?.delete(node);
    if (holders?.size === 0) this.#holders.delete(digest);
  }

  #addName(node: string, known: NodeImages, name: string, meaning: Meaning): void {
    if (known.names.size >= maxNames || name.length > 400 || !digestPattern.test(meaning.digest)) return;
    known.names.add(name);
    const nodes = this.#named.get(name) ?? new Map<string, Meaning>();
    nodes.delete(node);
    this.#named.set(name, nodes.set(node, meaning));
  }

  #removeName(node: string, known: NodeImages, name: string): void {
    known.names.delete(name);
    const nodes = this.#named.get(name);
    nodes?.delete(node);
    if (nodes?.size === 0) this.#named.delete(name);
  }
}

const nobody: ReadonlySet<string> = new Set();
