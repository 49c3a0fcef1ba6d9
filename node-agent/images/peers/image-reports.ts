/**
 * Tells the control plane what this node holds for others: all of it when a session begins, then changes. A blob that was stored or given up
 * is told at once: others wait for it. Everything else is found by comparing, a moment after something changed.
 */
import type { Clock, Timer } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { orch } from "#proto/wire/generated/messages.js";

export interface HeldName {
  readonly name: string;
  readonly digest: string;
  /** It was loaded or built here: no registry gave it. */
  readonly local: boolean;
}

export interface Holdings {
  readonly blobs: readonly string[];
  readonly names: readonly HeldName[];
}

type Report = orch.v1.ImageReport.$Properties;

export interface ImageReportsOptions {
  readonly holdings: () => Promise<Holdings>;
  /** `HOST:PORT` where peers are served; empty when nowhere. */
  readonly peerAddress: () => string;
  readonly clock: Clock;
  readonly logger: Logger;
}

const settleMs = 50;
/** Entries in a message. */
const maxEntries = 5_000;

export class ImageReports {
  readonly #options: ImageReportsOptions;
  readonly #blobs = new Set<string>();
  readonly #names = new Map<string, string>();
  #send: ((report: Report) => void) | undefined;
  #timer: Timer | undefined;
  #comparing: Promise<void> = Promise.resolve();

  constructor(options: ImageReportsOptions) {
    this.#options = options;
  }

  connected(send: (report: Report) => void): void {
    this.#blobs.clear();
    this.#names.clear();
    this.#send = send;
    send({ complete: true, peerAddress: this.#options.peerAddress() });
    this.changed();
  }

  disconnected(): void {
    this.#send = undefined;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  ended(digest: string, end: "stored" | "given-up"): void {
    if (end === "stored") this.#blobs.add(digest);
    this.#send?.(end === "stored" ? { added: [digest] } : { givenUp: [digest] });
  }

  /** Images came, went or got other names. */
  changed(): void {
    if (!this.#send || this.#timer) return;
    this.#timer = this.#options.clock.after(settleMs, () => {
      this.#timer = undefined;
      this.#comparing = this.#comparing.then(() => this.#compare());
    });
  }

  /** Resolves when what is here now has been told. */
  async told(): Promise<void> {
    this.#comparing = this.#comparing.then(() => this.#compare());
    await this.#comparing;
  }

  async #compare(): Promise<void> {
    const send = this.#send;
    if (!send) return;
    try {
      const { blobs, names } = await this.#options.holdings();
      if (this.#send !== send) return;
      for (const report of this.#differences(blobs, names)) send(report);
    } catch (thrown) {
      const error = Problem.from(thrown).message;
      this.#options.logger.warn({ error }, "what images are here could not be told to the control plane");
    }
  }

  #differences(blobs: readonly string[], names: readonly HeldName[]): readonly Report[] {
    const held = new Set(blobs);
    const known = new Map(names.map((name) => [name.name, name]));
    const added = blobs.filter((digest) => !this.#blobs.has(digest));
    const removed = [...this.#blobs].filter((digest) => !held.has(digest));
    const renamed = names.filter((name) => this.#names.get(name.name) !== meaningOf(name));
    const removedNames = [...this.#names.keys()].filter((name) => !known.has(name));
    for (const digest of added) this.#blobs.add(digest);
    for (const digest of removed) this.#blobs.delete(digest);
    for (const name of renamed) this.#names.set(name.name, meaningOf(name));
    for (const name of removedNames) this.#names.delete(name);
    return [
      ...pieces(removed).map((piece) => ({ removed: piece })),
      ...pieces(removedNames).map((piece) => ({ removedNames: piece })),
      ...pieces(added).map((piece) => ({ added: piece })),
      ...pieces(renamed).map((piece) => ({ names: piece })),
    ];
  }
}

const meaningOf = ({ digest, local }: HeldName): string => `${digest} ${local}`;

function pieces<T>(entries: readonly T[]): T[][] {
  const count = Math.ceil(entries.length / maxEntries);
  return Array.from({ length: count }, (_, index) => entries.slice(index * maxEntries, (index + 1) * maxEntries));
}
