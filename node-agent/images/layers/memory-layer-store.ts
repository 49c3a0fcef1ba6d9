/** Layers that are only remembered, with the fault a test asks for: stands in where nothing shall be unpacked. */
import { Problem } from "#proto/kit/problem.ts";
import type { DirectoryAttributes, LayerSource, LayerStore } from "./layer-store.ts";

export class MemoryLayerStore implements LayerStore {
  readonly #layers = new Set<string>();
  /** Unpacking these fails. */
  readonly broken = new Map<string, Problem>();

  has(diffId: string): boolean {
    return this.#layers.has(diffId);
  }

  sizeBytes(diffId: string): number {
    return this.#layers.has(diffId) ? 1000 : 0;
  }

  async add(source: LayerSource, signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw Problem.from(signal.reason);
    const problem = this.broken.get(source.diffId);
    if (problem) throw problem;
    this.#layers.add(source.diffId);
  }

  async lowerDirectories(diffIds: readonly string[]): Promise<readonly string[]> {
    const missing = diffIds.find((diffId) => !this.#layers.has(diffId));
    if (missing !== undefined) throw new Problem("not-found", `layer ${missing} is not on this node`);
    return diffIds.map((diffId) => `/memory/layers/${diffId}`);
  }

  async rootAttributes(_diffIds: readonly string[]): Promise<DirectoryAttributes> {
    return { mode: 0o755, uid: 0, gid: 0 };
  }

  list(): readonly string[] {
    return [...this.#layers];
  }

  async remove(diffId: string): Promise<void> {
    this.#layers.delete(diffId);
  }

  async close(): Promise<void> {
    this.#layers.clear();
  }
}
