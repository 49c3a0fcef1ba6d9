/** Layers that are only remembered, with the fault a test asks for: stands in where nothing shall be unpacked. */
import { Problem } from "#proto/kit/problem.ts";
import type { LayerSource, LayerStack, LayerStore } from "./layer-store.ts";

export class MemoryLayerStore implements LayerStore {
  readonly #layers = new Set<string>();
  /** Unpacking these fails. */
  readonly broken = new Map<string, Problem>();

  has(diffId: string): boolean {
    return this.#layers.has(diffId);
  }

  prepare(): void {}

  sizeBytes(diffId: string): number {
    return this.#layers.has(diffId) ? 1000 : 0;
  }

  async add(source: LayerSource, signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw Problem.from(signal.reason);
    const problem = this.broken.get(source.diffId);
    if (problem) throw problem;
    this.#layers.add(source.diffId);
  }

  async acquire(_owner: string, diffIds: readonly string[]): Promise<LayerStack> {
    const missing = diffIds.find((diffId) => !this.#layers.has(diffId));
    if (missing !== undefined) throw new Problem("not-found", `layer ${missing} is not on this node`);
    const directories = diffIds.map((diffId) => `/memory/layers/${diffId}`);
    return { directories, root: { mode: 0o755, uid: 0, gid: 0 } };
  }

  async release(_owner: string): Promise<void> {}

  async resume(_owners: ReadonlyMap<string, readonly string[]>): Promise<void> {}

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
