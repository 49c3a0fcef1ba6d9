/** A bounded queue between one writer and one async reader. A full channel refuses: the writer decides what that means. */

export class Channel<T> implements AsyncIterable<T> {
  readonly #capacity: number;
  readonly #items: T[] = [];
  #wake: (() => void) | undefined;
  #closed: { readonly thrown?: unknown } | undefined;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** False when full or closed; the item was not taken. */
  push(item: T): boolean {
    if (this.#closed || this.#items.length >= this.#capacity) return false;
    this.#items.push(item);
    this.#wake?.();
    return true;
  }

  /** Ends the reader after the items already taken; with an error the reader throws it then. */
  close(thrown?: unknown): void {
    if (this.#closed) return;
    this.#closed = thrown === undefined ? {} : { thrown };
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    while (true) {
      const item = this.#items.shift();
      if (item !== undefined) {
        yield item;
        continue;
      }
      if (this.#closed) {
        if ("thrown" in this.#closed) throw this.#closed.thrown;
        return;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }
}
