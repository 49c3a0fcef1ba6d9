/**
 * The sealing keys of this control plane, as the store says which of them is used: a `Sealer` that follows a rotation while it goes on.
 * What it learns it can open at once; then it is put into the key file, and only then others are told that it has it.
 */
import { type Clock, sleep } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import { followPrefix } from "../store/follow-prefix.ts";
import { sealingPermitKey, sealingPermitPrefix, sealingPrefix, sealingStateKey } from "../store/keyspace.ts";
import type { Fence, KeyValue, Kv } from "../store/kv.ts";
import { createSealer, type Sealed, type Sealer, type SealingKey } from "../store/sealer.ts";
import type { KeyFile } from "./key-file.ts";
import { type KeyState, linkContext, parseKeyState } from "./key-state.ts";

export interface KeyringOptions {
  readonly kv: Kv;
  readonly file: KeyFile;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** How long after a failure the key file is tried again. */
  readonly fileRetryMs?: number;
}

type StoredItem = Pick<KeyValue, "value" | "modRevision">;

const defaultFileRetryMs = 5000;

export class Keyring implements Sealer {
  readonly #options: KeyringOptions;
  readonly #handlers = new Set<() => void>();
  readonly #permits = new Map<string, number>();
  #keys: ReadonlyMap<string, SealingKey>;
  #sealer: Sealer;
  #state: KeyState;
  #modRevision = 0;
  #keysInFile: readonly string[] = [];
  #trouble: string | undefined;
  #filing: Promise<void> = Promise.resolve();
  #refreshing: Promise<void> | undefined;

  /** `state` may be of before: `refresh` brings what the store says. */
  constructor(options: KeyringOptions, keys: readonly SealingKey[], state: KeyState) {
    this.#options = options;
    this.#keys = new Map(keys.map((key) => [key.id, key]));
    this.#state = state;
    this.#sealer = createSealer(keys, options.random);
  }

  get state(): KeyState {
    return this.#state;
  }

  /** Guards the next change of the state. */
  get modRevision(): number {
    return this.#modRevision;
  }

  /** All it can open with; the first seals. */
  get keys(): readonly SealingKey[] {
    return inOrder(this.#keys, this.#state.active);
  }

  get keysInFile(): readonly string[] {
    return this.#keysInFile;
  }

  /** Why the key file could not be written. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** What a write must carry that the key of today has sealed; undefined when it is not known. */
  get permit(): Fence | undefined {
    const createRevision = this.#permits.get(this.#state.active);
    return createRevision === undefined ? undefined : { key: sealingPermitKey(this.#state.active), createRevision };
  }

  seal(plaintext: Uint8Array, context: string): Sealed {
    return this.#sealer.seal(plaintext, context);
  }

  /** Throws `unavailable` for a key that the store may know and this process does not yet. */
  open(sealed: Sealed, context: string): Uint8Array {
    const isUnknown = !this.#keys.has(sealed.keyId) && !this.#state.retired.some(({ id }) => id === sealed.keyId);
    if (!isUnknown || this.#modRevision === 0) return this.#sealer.open(sealed, context);
    this.refresh().catch(() => undefined);
    throw new Problem("unavailable", `${context} is sealed with key ${sealed.keyId}, which is not known here yet`, {
      object: context,
      retry: "later",
    });
  }

  /** Called when the state, the keys at hand or the file have changed. */
  onChange(handler: () => void): void {
    this.#handlers.add(handler);
  }

  /** Resolves at the next change, or when the signal aborts. */
  async nextChange(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#handlers.add(resolve);
    signal.addEventListener("abort", () => resolve(), { once: true });
    await promise.finally(() => this.#handlers.delete(resolve));
  }

  /** Reads what the store says now. Throws Problem `conflict` when this control plane has no way to the key that seals. */
  async refresh(signal?: AbortSignal): Promise<void> {
    this.#refreshing ??= this.#refresh(signal).finally(() => {
      this.#refreshing = undefined;
    });
    await this.#refreshing;
    await this.#filing;
  }

  async #refresh(signal?: AbortSignal): Promise<void> {
    const { items, revision } = await this.#options.kv.list({ prefix: sealingPrefix }, signal);
    // A store that is older than what is known was restored from a snapshot: then it is right, not memory.
    if (revision < this.#modRevision) this.#modRevision = 0;
    this.#permits.clear();
    for (const item of items) this.#note(item.key, item);
  }

  /** Follows the store until the signal aborts; resolves when what is there is known and in the file. */
  async start(signal: AbortSignal): Promise<void> {
    const onKey = (key: string, item: StoredItem | undefined): void => {
      try {
        this.#note(key, item);
      } catch (thrown) {
        this.#options.logger.error(
          { error: Problem.from(thrown).message },
          "the change of the sealing key cannot be followed",
        );
      }
    };
    await followPrefix({ ...this.#options, prefix: sealingPrefix, onKey }, signal);
    await this.#filing;
    void this.#retryFile(signal);
  }

  #note(key: string, item: StoredItem | undefined): void {
    if (key.startsWith(sealingPermitPrefix)) {
      const id = key.slice(sealingPermitPrefix.length);
      // Written once: its revision is that of its creation.
      if (item) this.#permits.set(id, item.modRevision);
      else this.#permits.delete(id);
    } else if (key === sealingStateKey && item && item.modRevision > this.#modRevision) {
      this.#take(parseKeyState(item.value), item.modRevision);
    }
  }

  #take(state: KeyState, modRevision: number): void {
    const keys = new Map(this.#keys);
    const { rotation, active, retired } = state;
    const old = rotation && keys.get(rotation.from);
    if (rotation && old && !keys.has(rotation.to)) {
      const secret = createSealer([old], this.#options.random).open(rotation.link, linkContext(rotation.to));
      keys.set(rotation.to, { id: rotation.to, secret });
    }
    if (!keys.has(active)) throw lockedOut(state, this.#options.file.path, [...keys.keys()]);
    for (const { id } of retired) if (id !== active) keys.delete(id);
    this.#sealer = createSealer(inOrder(keys, active), this.#options.random);
    this.#keys = keys;
    this.#state = state;
    this.#modRevision = modRevision;
    this.#filing = this.#filing.then(() => this.#writeFile());
    this.#tell();
  }

  /** Never rejects: what is not in the file is at hand all the same. */
  async #writeFile(): Promise<void> {
    const { file, logger } = this.#options;
    const retired = new Set(this.#state.retired.map(({ id }) => id));
    retired.delete(this.#state.active);
    try {
      this.#keysInFile = await file.keep(this.keys, retired);
      this.#trouble = undefined;
    } catch (thrown) {
      const trouble = `${file.path} cannot be written: ${Problem.from(thrown).message}`;
      if (trouble !== this.#trouble) logger.error({ file: file.path, err: thrown }, "the key file cannot be written");
      this.#trouble = trouble;
    }
    this.#tell();
  }

  async #retryFile(signal: AbortSignal): Promise<void> {
    const { clock, fileRetryMs = defaultFileRetryMs } = this.#options;
    while (!signal.aborted) {
      if (this.#trouble === undefined) await this.nextChange(signal);
      else await sleep(clock, fileRetryMs, signal).catch(() => undefined);
      if (!signal.aborted && this.#trouble !== undefined) {
        this.#filing = this.#filing.then(() => this.#writeFile());
        await this.#filing;
      }
    }
  }

  #tell(): void {
    for (const handler of [...this.#handlers]) handler();
  }
}

function inOrder(keys: ReadonlyMap<string, SealingKey>, active: string): readonly SealingKey[] {
  return [...keys.values()].sort((a, b) => Number(b.id === active) - Number(a.id === active));
}

function lockedOut({ active, retired }: KeyState, path: string, held: readonly string[]): Problem {
  const dropped = retired.find(({ id }) => held.includes(id));
  const why = dropped
    ? `${path} holds key ${dropped.id}, which was replaced and dropped while this control plane was off`
    : `${path} does not hold it`;
  return new Problem("conflict", `this cluster's Secrets are sealed with key ${active}; ${why}`, {
    hint: `Copy the key file from a control plane that runs (by default encryption-keys.json in its --data-dir) to ${path}, mode 0600, and start again.`,
  });
}
