/** For tests: control planes that share a store in memory, each with a key file of its own. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "#proto/kit/clock.ts";
import { silentLogger } from "#proto/kit/logger.ts";
import { systemRandom } from "#proto/kit/random.ts";
import { Members } from "../leadership/members.ts";
import { BatchingObjectStore } from "../store/batching-object-store.ts";
import { clusterKey, leaderKey, resourceKey, sealingStateKey } from "../store/keyspace.ts";
import type { Kv } from "../store/kv.ts";
import { MemoryEtcd } from "../store/memory-etcd.ts";
import { MemoryKv } from "../store/memory-kv.ts";
import { createObjectCodec } from "../store/object-codec.ts";
import { newSealingKey, readSealingKeys } from "../store/sealing-key-file.ts";
import { createSecretSealing } from "../store/secret-sealing.ts";
import { KeyFile } from "./key-file.ts";
import { begun, finished, linkContext } from "./key-state.ts";
import type { Keyring } from "./keyring.ts";
import { openKeyring } from "./open-keyring.ts";
import { withSealingPermits } from "./permits.ts";
import { leadRotation } from "./rotation.ts";
import { sealedWith } from "./sealed-values.ts";

const clock = systemClock;
const random = systemRandom;
const logger = silentLogger;

const secretKey = (name: string) => ({ group: "", plural: "secrets", namespace: "default", name });
const secretOf = (name: string, text: string) => ({
  ...{ apiVersion: "v1", kind: "Secret", metadata: { name, namespace: "default" } },
  data: { text },
});

/** A control plane, as far as sealing goes. */
export class Plane {
  readonly kv: Kv;
  readonly keyring: Keyring;
  readonly members: Members;
  readonly store: BatchingObjectStore;
  readonly file: string;
  readonly #life: AbortController;

  constructor(parts: Pick<Plane, "kv" | "keyring" | "members" | "file">, life: AbortController) {
    this.kv = parts.kv;
    this.keyring = parts.keyring;
    this.members = parts.members;
    this.file = parts.file;
    this.#life = life;
    const codec = createObjectCodec(createSecretSealing(this.keyring));
    this.store = new BatchingObjectStore({ kv: withSealingPermits(this.kv, this.keyring), codec });
  }

  async create(name: string, text = `text of ${name}`): Promise<void> {
    const result = await this.store.write({ kind: "create", key: secretKey(name), object: secretOf(name, text) });
    assert.ok(result.ok, name);
  }

  async read(name: string): Promise<unknown> {
    return (await this.store.get(secretKey(name)))?.data;
  }

  /** Resolves when the state of the rotation is as wanted. */
  async until(isSo: (keyring: Keyring) => boolean): Promise<void> {
    const late = AbortSignal.timeout(20_000);
    while (!isSo(this.keyring)) {
      late.throwIfAborted();
      await this.keyring.nextChange(late);
    }
  }

  async filed(): Promise<readonly string[]> {
    return (await readSealingKeys(this.file)).map(({ id }) => id);
  }

  async begin(): Promise<string> {
    const { id: to, secret } = newSealingKey(random);
    await this.keyring.refresh();
    const link = this.keyring.seal(secret, linkContext(to));
    await this.#change(begun(this.keyring.state, { to, link, startedAtMs: 1, startedBy: "test" }));
    return to;
  }

  async finish(): Promise<void> {
    await this.keyring.refresh();
    const { members } = await this.members.list();
    await this.#change(finished(this.keyring.state, members, 2));
  }

  async #change(state: unknown): Promise<void> {
    const value = Buffer.from(JSON.stringify(state));
    const write = { kind: "put", key: sealingStateKey, value, guard: this.keyring.modRevision } as const;
    assert.ok((await this.kv.transact([write])).outcomes[0]?.ok);
    await this.keyring.refresh();
  }

  /** As a crash or a stop: nothing of it goes on. */
  async end(): Promise<void> {
    this.#life.abort();
    await this.members.leave();
  }
}

export class SealingWorld {
  readonly etcd = new MemoryEtcd(clock);
  readonly kv = new MemoryKv({ clock, etcd: this.etcd });
  readonly folder: string;
  #term = 0;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(): Promise<SealingWorld> {
    return new SealingWorld(await mkdtemp(join(tmpdir(), "orch-sealing-")));
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true });
  }

  /** `via`: the store as this one sees it. */
  async plane(name: string, via: Kv = new MemoryKv({ clock, etcd: this.etcd })): Promise<Plane> {
    const life = new AbortController();
    const { signal } = life;
    const path = join(this.folder, name);
    const file = new KeyFile(path);
    const keyring = await openKeyring({ kv: via, file, clock, random, logger, fileRetryMs: 10 }, signal);
    const self = () => ({ name, address: name, version: "", startedAt: "", keys: keyring.keysInFile });
    const members = new Members({ kv: via, clock, logger, id: name, self, leaseMs: 3_600_000 });
    await members.join(signal);
    keyring.onChange(() => members.changed(signal));
    await keyring.start(signal);
    const plane = new Plane({ kv: via, keyring, members, file: path }, life);
    // What a first start makes: from then on there is a cluster.
    const sealed = keyring.seal(Buffer.from("authority"), clusterKey("ca"));
    await via.transact([{ kind: "put", key: clusterKey("ca"), value: Buffer.from(JSON.stringify(sealed)), guard: 0 }]);
    return plane;
  }

  /** This one leads until the signal aborts. */
  async lead(plane: Plane, signal: AbortSignal, told: string[] = []): Promise<readonly string[]> {
    const key = leaderKey;
    await this.kv.transact([{ kind: "delete", key }]);
    await this.kv.transact([{ kind: "put", key, value: Buffer.from(String(++this.#term)), guard: 0 }]);
    const createRevision = (await this.kv.get(key)).item?.createRevision ?? 0;
    const { kv, keyring, members } = plane;
    const tell = (reason: string): void => void told.push(reason);
    await leadRotation({ kv, keyring, members, clock, logger, tell, fence: { key, createRevision }, signal });
    return told;
  }

  /** The keys that anything is sealed with. */
  async used(): Promise<readonly string[]> {
    const { items } = await this.kv.list({ prefix: "" });
    const sealed = items.filter(({ key }) => key.startsWith("registry/core/secrets/") || key === clusterKey("ca"));
    return [...new Set(sealed.map(({ value }) => sealedWith(value) ?? "none"))].sort();
  }

  async raw(name: string): Promise<string> {
    return Buffer.from((await this.kv.get(resourceKey(secretKey(name)))).item?.value ?? []).toString();
  }
}
