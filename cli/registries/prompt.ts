/** Asks a person at a terminal for a line; a password is not shown. */
import { Problem } from "#proto/kit/problem.ts";
import type { Environment } from "../environment.ts";

type World = Pick<Environment, "input" | "err">;

/** Ctrl-C and Ctrl-D. */
const interrupt = "\u0003";
const endOfTransmission = "\u0004";
const maxLineLength = 64 * 1024;

/** Reads one line after another: what was typed ahead is not lost. */
export class Prompt {
  readonly #world: World;
  #keys: AsyncIterator<Uint8Array> | undefined;
  #typed = "";

  constructor(world: World) {
    this.#world = world;
  }

  /** Problem `canceled` on Ctrl-C, and at the end of the input. */
  async line(question: string): Promise<string> {
    this.#world.err.write(question);
    const text = await this.#until(["\r", "\n"], () => undefined);
    return text.trim();
  }

  async secret(question: string): Promise<string> {
    const { input, err } = this.#world;
    err.write(question);
    input.setRaw(true);
    try {
      return await this.#until(["\r", "\n", endOfTransmission], (typed) => {
        if (typed.includes(interrupt)) throw new Problem("canceled", "interrupted");
      });
    } finally {
      input.setRaw(false);
      err.write("\n");
    }
  }

  async close(): Promise<void> {
    await this.#keys?.return?.();
  }

  async #until(ends: readonly string[], look: (typed: string) => void): Promise<string> {
    this.#keys ??= this.#world.input[Symbol.asyncIterator]();
    for (;;) {
      look(this.#typed);
      const at = [...this.#typed].findIndex((key) => ends.includes(key));
      if (at >= 0) {
        const keys = [...this.#typed];
        this.#typed = keys.slice(at + 1).join("");
        return withoutErased(keys.slice(0, at));
      }
      if (this.#typed.length > maxLineLength) throw new Problem("too-large", "that line is too long");
      const next = await this.#keys.next();
      if (next.done) throw new Problem("canceled", "the input ended");
      this.#typed += Buffer.from(next.value).toString("utf8");
    }
  }
}

/** Backspace takes the last character, Ctrl-U all: raw input does not do that by itself. */
function withoutErased(keys: readonly string[]): string {
  const kept: string[] = [];
  for (const key of keys) {
    if (key === "\u007f" || key === "\b") kept.pop();
    else if (key === "\u0015") kept.length = 0;
    else kept.push(key);
  }
  return kept.join("");
}
