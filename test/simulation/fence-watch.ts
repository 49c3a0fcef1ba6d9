/** Sees every fenced transaction of every control plane and checks I9: after a successor's write none of a predecessor. */
import type { Fence, Kv, TransactResult, Write } from "#control-plane/store/kv.ts";

export class FenceWatch {
  #newest = 0;
  readonly #onViolation: (message: string) => void;
  readonly #onRefused: () => void;

  constructor(onViolation: (message: string) => void, onRefused: () => void) {
    this.#onViolation = onViolation;
    this.#onRefused = onRefused;
  }

  /** The same store, with an eye on it. */
  watched(kv: Kv): Kv {
    const transact = async (writes: readonly Write[], fence?: Fence, signal?: AbortSignal): Promise<TransactResult> => {
      const result = await kv.transact(writes, fence, signal);
      if (fence && result.fenceHeld) this.#written(fence, result.revision);
      else if (fence) this.#onRefused();
      return result;
    };
    return new Proxy(kv, {
      get(target, property) {
        if (property === "transact") return transact;
        const value: unknown = Reflect.get(target, property, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  }

  #written(fence: Fence, revision: number): void {
    // Answers may come late, so that the order of revisions counts, not that of answers.
    if (fence.createRevision < this.#newest && revision > this.#newest) {
      this.#onViolation(`a write of the deposed term ${fence.createRevision} was accepted at revision ${revision}`);
    }
    this.#newest = Math.max(this.#newest, fence.createRevision);
  }
}
