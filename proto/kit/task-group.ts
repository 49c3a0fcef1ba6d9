/** Owns background loops: the first to fail aborts its siblings, and `done` rejects with that reason. */

export class TaskGroup {
  readonly #controller = new AbortController();
  readonly #tasks = new Set<Promise<void>>();
  #failure: { readonly thrown: unknown } | undefined;

  constructor(parent?: AbortSignal) {
    if (parent?.aborted) this.#controller.abort(parent.reason);
    parent?.addEventListener("abort", () => this.#controller.abort(parent.reason), { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Runs a loop. Returning is fine; rejecting while not aborted fails the group. */
  run(name: string, task: (signal: AbortSignal) => Promise<void>): void {
    const promise: Promise<void> = task(this.signal)
      .catch((thrown: unknown) => {
        if (this.signal.aborted) return;
        this.#failure ??= { thrown: new Error(`${name} failed`, { cause: thrown }) };
        this.#controller.abort(thrown);
      })
      .finally(() => this.#tasks.delete(promise));
    this.#tasks.add(promise);
  }

  /** Resolves when every loop has ended; rejects with the first failure. */
  async done(): Promise<void> {
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
    if (this.#failure) throw this.#failure.thrown;
  }

  async stop(reason: unknown = new DOMException("stopping", "AbortError")): Promise<void> {
    this.#controller.abort(reason);
    await this.done();
  }
}
