/**
 * Removes links in another process: the kernel makes each caller wait some 16 ms, which would stop the agent. What is asked for while
 * one removal runs goes together with the next, as a group, for which the kernel waits once.
 */
import type { Clock, Timer } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { readInMemory } from "../host/memory-files.ts";
import { findProgram, runProgram } from "../host/programs.ts";

const timeoutMs = 60_000;
/** A namespace that ends takes its links along in some 30 ms, all that end together at once. One that is still held keeps them. */
const vanishWithinMs = 250;
const lookEveryMs = 5;
/** "orch" in ASCII: of links that are about to go. Nobody else's are in it. */
const doomedGroup = 0x6f726368;

/** What `ip` says of a link that is not there, or that its namespace's end removes between the look and the deletion. */
const isGone = /^Cannot find device|^RTNETLINK answers: No such device|^Command failed -:\d+$/;

interface Waiting {
  readonly name: string;
  readonly resolve: () => void;
  readonly reject: (thrown: unknown) => void;
}

interface Vanishing extends Waiting {
  readonly untilMs: number;
}

export class LinkRemoval {
  readonly #clock: Clock;
  #waiting: Waiting[] = [];
  #vanishing: Vanishing[] = [];
  #timer: Timer | undefined;
  #running = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when the link is gone; one that is not there is fine. */
  remove(name: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ name, resolve, reject });
      if (this.#running) return;
      this.#running = true;
      queueMicrotask(() => void this.#drain());
    });
  }

  /** The same for a link whose namespace nobody holds any more: the kernel removes it, and is helped only where it does not. */
  vanish(name: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#vanishing.push({ name, resolve, reject, untilMs: this.#clock.monotonicMs() + vanishWithinMs });
      this.#lookAgain();
    });
  }

  #lookAgain(): void {
    if (this.#vanishing.length > 0) this.#timer ??= this.#clock.after(lookEveryMs, () => this.#look());
  }

  #look(): void {
    this.#timer = undefined;
    const nowMs = this.#clock.monotonicMs();
    // Not by netlink: its lock is held as long as links are being removed.
    const names = linkNames();
    const looked = this.#vanishing;
    this.#vanishing = [];
    for (const one of looked) {
      if (!names.has(one.name)) one.resolve();
      else if (nowMs > one.untilMs) this.remove(one.name).then(one.resolve, one.reject);
      else this.#vanishing.push(one);
    }
    this.#lookAgain();
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0);
      try {
        await this.#removeAll(batch.map(({ name }) => name));
        for (const { resolve } of batch) resolve();
      } catch (thrown) {
        for (const { reject } of batch) reject(thrown);
      }
    }
    this.#running = false;
  }

  async #removeAll(names: readonly string[]): Promise<void> {
    const marks = names.map((name) => `link set dev ${name} group ${doomedGroup}\n`).join("");
    const script = `${marks}link delete group ${doomedGroup}\n`;
    const ip = await findProgram("ip");
    if (ip === undefined) throw new Problem("unavailable", "ip is not installed", { hint: "apt-get install iproute2" });
    const options = { clock: this.#clock, timeoutMs, stdin: script };
    const { stderr } = await runProgram(ip, ["-force", "-batch", "-"], options);
    const other = stderr.split("\n").filter((line) => line !== "" && !isGone.test(line));
    if (other.length > 0) throw new Problem("internal", `cannot remove links: ${other.join("; ").slice(0, 500)}`);
  }
}

/** Of this network namespace. */
function linkNames(): ReadonlySet<string> {
  const [, , ...lines] = (readInMemory("/proc/thread-self/net/dev") ?? "").split("\n");
  return new Set(lines.map((line) => line.slice(0, line.indexOf(":")).trim()));
}
