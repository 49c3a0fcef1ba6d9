/** The twin in memory and etcd do the same: random operations on both, every answer and every watch event compared. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Fence, KeyValue, Kv, LeaseId, WatchEvent, Write } from "#control-plane/store/kv.ts";
import { MemoryKv } from "#control-plane/store/memory-kv.ts";
import { systemClock } from "#proto/kit/clock.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { type Random, seededRandom } from "#proto/kit/random.ts";
import { EtcdProcess } from "./etcd-process.ts";

const steps = 250;
const keys = ["p/a", "p/b", "p/c", "p/d", "q/a", "q/b"];

/** One of the two stores, with its revisions counted from where it started. */
class Side {
  readonly kv: Kv;
  readonly events: string[] = [];
  readonly leases: LeaseId[] = [];
  #base = 0;

  constructor(kv: Kv) {
    this.kv = kv;
  }

  async start(signal: AbortSignal): Promise<void> {
    this.#base = (await this.kv.get("x")).revision;
    const reading = async (): Promise<void> => {
      for await (const batch of this.kv.watch("p/", this.#base, signal)) {
        for (const event of batch.events) this.events.push(this.#event(event));
      }
    };
    reading().catch((thrown: unknown) => this.events.push(String(thrown)));
    // The watch stands before anything is compacted.
    await this.kv.transact([{ kind: "put", key: "p/a", value: new Uint8Array() }]);
    while (this.events.length === 0) await new Promise(setImmediate);
  }

  /** What `run` answers, or the code of its Problem, in a form that both sides share. */
  async answer(run: (side: Side) => Promise<unknown>): Promise<unknown> {
    try {
      return await run(this);
    } catch (thrown) {
      return Problem.from(thrown).code;
    }
  }

  relative(revision: number): number {
    return revision === 0 ? 0 : revision - this.#base;
  }

  absolute(revision: number): number {
    return revision === 0 ? 0 : revision + this.#base;
  }

  item(item: KeyValue | undefined): unknown {
    if (!item) return undefined;
    const { key, value, createRevision, modRevision } = item;
    return [key, Buffer.from(value).toString(), this.relative(createRevision), this.relative(modRevision)];
  }

  #event(event: WatchEvent): string {
    const revisions = [event.modRevision, event.createRevision].map((revision) => this.relative(revision));
    return `${event.type} ${event.key} ${Buffer.from(event.value).toString()} ${revisions.join(" ")}`;
  }
}

type Operation = { readonly name: string; readonly run: (side: Side) => Promise<unknown> };

/** Decided once, run on both. `revision` is the last one known, relative. */
function choose(random: Random, revision: number, leases: number): Operation {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random.next() * from.length)] as T;
  const number = (below: number): number => Math.floor(random.next() * below);
  const kind = number(20);
  if (kind === 0)
    return { name: "grant", run: async (side) => void side.leases.push(await side.kv.grantLease(60_000)) };
  if (kind === 1 && leases > 0) {
    const at = number(leases);
    return { name: "revoke", run: (side) => side.kv.revokeLease(side.leases[at] ?? "0") };
  }
  if (kind === 2) {
    const to = Math.max(1, revision - number(30));
    return { name: `compact ${to}`, run: (side) => side.kv.compact(side.absolute(to)) };
  }
  if (kind < 6) {
    const [prefix, limit] = [pick(["p/", "q/", "", "p/b"]), pick([undefined, 1, 2, 5])];
    const at = pick([undefined, undefined, Math.max(1, revision - number(40)), revision + number(3)]);
    const rest = { ...(limit !== undefined && { limit }), ...(random.next() < 0.3 && { after: pick(keys) }) };
    return { name: `list ${prefix} ${limit} ${at}`, run: (side) => list(side, prefix, at, rest) };
  }
  const chosen = new Set(Array.from({ length: 1 + number(4) }, () => pick(keys)));
  const writes = [...chosen].map((key) => {
    const guard = pick([undefined, undefined, 0, revision, Math.max(1, revision - number(10))]);
    const lease = leases > 0 && random.next() < 0.2 ? number(leases) : undefined;
    return { key, guard, lease, isDelete: random.next() < 0.3, value: String(number(1000)) };
  });
  const fence = random.next() < 0.2 ? { key: pick(keys), at: Math.max(1, revision - number(20)) } : undefined;
  return { name: `transact ${JSON.stringify({ writes, fence })}`, run: (side) => transact(side, writes, fence) };
}

async function list(side: Side, prefix: string, at: number | undefined, rest: object): Promise<unknown> {
  const revision = at === undefined ? {} : { revision: side.absolute(at) };
  const listed = await side.kv.list({ prefix, ...rest, ...revision });
  return [listed.items.map((item) => side.item(item)), listed.more, listed.count, side.relative(listed.revision)];
}

type ChosenWrite = {
  readonly key: string;
  readonly guard: number | undefined;
  readonly lease: number | undefined;
  readonly isDelete: boolean;
  readonly value: string;
};

async function transact(
  side: Side,
  chosen: readonly ChosenWrite[],
  fence: { readonly key: string; readonly at: number } | undefined,
): Promise<unknown> {
  const writes = chosen.map(({ key, guard, lease, isDelete, value }): Write => {
    const guarded = guard === undefined ? {} : { guard: side.absolute(guard) };
    if (isDelete) return { kind: "delete", key, ...guarded };
    const leased = lease === undefined ? {} : { lease: side.leases[lease] ?? "0" };
    return { kind: "put", key, value: Buffer.from(value), ...guarded, ...leased };
  });
  const held: Fence | undefined = fence && { key: fence.key, createRevision: side.absolute(fence.at) };
  const result = await side.kv.transact(writes, held);
  const outcomes = result.outcomes.map((outcome) =>
    outcome.ok ? ["ok", side.item(outcome.previous)] : ["no", side.item(outcome.current)],
  );
  return [result.fenceHeld, side.relative(result.revision), outcomes];
}

describe("the twin in memory", () => {
  let etcd: EtcdProcess | undefined;
  before(async () => {
    etcd = await EtcdProcess.start();
  });
  after(() => etcd?.end());

  for (const seed of [1, 2, 3, 4]) {
    it(`does what etcd does, seed ${seed}`, { timeout: 60_000 }, async () => {
      assert.ok(etcd);
      const random = seededRandom(seed);
      const stopping = new AbortController();
      const real = new Side(etcd.client(`/twin-${seed}/`));
      const twin = new Side(new MemoryKv({ clock: new ManualClock() }));
      await Promise.all([real.start(stopping.signal), twin.start(stopping.signal)]);
      const done: string[] = [];
      for (let step = 0; step < steps; step++) {
        const { revision } = await twin.kv.get("x");
        const operation = choose(random, twin.relative(revision), twin.leases.length);
        done.push(operation.name);
        const answers = await Promise.all([real.answer(operation.run), twin.answer(operation.run)]);
        assert.deepEqual(answers[0], answers[1], `step ${step}: ${operation.name}`);
      }
      const deadlineMs = systemClock.monotonicMs() + 5000;
      while (real.events.length < twin.events.length && systemClock.monotonicMs() < deadlineMs)
        await new Promise(setImmediate);
      assert.deepEqual(real.events, twin.events);
      assert.ok(twin.events.length > 50);
      stopping.abort();
      await Promise.all([real.kv.close(), twin.kv.close()]);
    });
  }
});
