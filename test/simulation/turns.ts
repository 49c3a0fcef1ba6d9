/**
 * The turns of a world's event loop, without the machine's: between two timers everything that can settle does. A turn of Node's own loop
 * costs as much as most of what is done in one.
 */
export class Turns {
  readonly #waiting: (() => void)[] = [];

  /** Calls `run` at the end of the turn that begins next. */
  after(run: () => void): void {
    this.#waiting.push(run);
  }

  /** Lets every promise that can settle do so: timers are the clock's, so nothing else can come in between. */
  next(): Promise<void> {
    return this.#waiting.length === 0 ? settled() : this.#end(this.#waiting.splice(0));
  }

  async #end(waiting: readonly (() => void)[]): Promise<void> {
    await settled();
    for (const run of waiting) {
      run();
      await settled();
    }
  }
}

/** Node looks at its ticks when no promise is left that could go on. */
const settled = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));
