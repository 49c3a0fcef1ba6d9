/**
 * Sees every transaction of every control plane and checks I9: after a successor's write none of a predecessor, and what only a leader decides is
 * written under its fence.
 */
import { registryPrefix } from "#control-plane/store/keyspace.ts";
import type { Fence, Kv, TransactResult, Write } from "#control-plane/store/kv.ts";

const workloads = `${registryPrefix}apps/`;

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
      if (!fence) this.#checkUnfenced(writes);
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

  /** Sessions write nodes and what happens to pods, whoever leads; workloads are the leader's. */
  #checkUnfenced(writes: readonly Write[]): void {
    const leaders = writes.find(({ key }) => key.startsWith(workloads));
    if (leaders) this.#onViolation(`${leaders.key} was written without a fence`);
  }

  #written(fence: Fence, revision: number): void {
    // Answers may come late, so that the order of revisions counts, not that of answers.
    if (fence.createRevision < this.#newest && revision > this.#newest) {
      this.#onViolation(`a write of the deposed term ${fence.createRevision} was accepted at revision ${revision}`);
    }
    this.#newest = Math.max(this.#newest, fence.createRevision);
  }
}
