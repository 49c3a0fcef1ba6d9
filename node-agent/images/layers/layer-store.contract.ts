/** What every LayerStore does. Run for each kind that this machine can, in test/integration/images. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { LayerRepair, LayerStack, LayerStore } from "./layer-store.ts";

export interface LayerStoreSubject {
  readonly store: LayerStore & LayerRepair;
  /** Writes a layer with these files; a name that ends in `/` is a directory. Returns its DiffID and a blob of it. */
  blob(files: Readonly<Record<string, string>>): { readonly diffId: string; readonly blobPath: string };
  /** What a file holds in a new container of this stack; undefined when there is none. */
  look(stack: LayerStack, name: string): Promise<string | undefined>;
  /** A container that stays; reads its files. */
  run(stack: LayerStack): Promise<(name: string) => string | undefined>;
  /** Changes what is stored of the layer. */
  damage(diffId: string): Promise<void>;
  /** A second start on the same disk. The first one is gone, as after kill -9. */
  restart(): Promise<LayerStore & LayerRepair>;
  /** Mounts, loop devices and unfinished files of the store. */
  leftovers(): Promise<readonly string[]>;
  close(): Promise<void>;
}

const never: AbortSignal = new AbortController().signal;

export function layerStoreContract(name: string, open: () => Promise<LayerStoreSubject>): void {
  const behaves = (behaviour: string, run: (subject: LayerStoreSubject) => Promise<void>): void => {
    test(`${name}: ${behaviour}`, async () => {
      const subject = await open();
      try {
        await run(subject);
      } finally {
        await subject.close();
      }
    });
  };

  behaves("a layer is there when it was added, once, with its size", async ({ store, blob, leftovers }) => {
    const source = blob({ "a/f": "12345" });
    assert.equal(store.has(source.diffId), false);
    await Promise.all([store.add(source, never), store.add(source, never)]);
    await store.add(source, never);
    assert.ok(store.has(source.diffId));
    assert.deepEqual(store.list(), [source.diffId]);
    assert.equal(store.sizeBytes(source.diffId), 5);
    assert.deepEqual(await leftovers(), []);
  });

  behaves("upper layers stand before lower ones, whiteouts hide", async ({ store, blob, look }) => {
    const layers = [blob({ "d/a": "1", "d/b": "1" }), blob({ "d/a": "2", "d/.wh.b": "" })];
    for (const layer of layers) await store.add(layer, never);
    const stack = await store.acquire(
      "c1",
      layers.map(({ diffId }) => diffId),
    );
    assert.equal(await look(stack, "d/a"), "2");
    assert.equal(await look(stack, "d/b"), undefined);
  });

  behaves(
    "an archive that is not what it should be is refused and leaves nothing",
    async ({ store, blob, leftovers }) => {
      const [one, other] = [blob({ f: "1" }), blob({ f: "2" })];
      const forged = { diffId: one.diffId, blobPath: other.blobPath };
      await assert.rejects(store.add(forged, never), { code: "invalid", message: /but the image names/ });
      assert.equal(store.has(one.diffId), false);
      assert.deepEqual(await leftovers(), []);
      await store.add(one, never);
    },
  );

  behaves("a canceled unpacking leaves nothing", async ({ store, blob, leftovers }) => {
    const controller = new AbortController();
    const adding = store.add(blob({ f: "x".repeat(10_000_000) }), controller.signal);
    controller.abort();
    await assert.rejects(adding, { code: "canceled" });
    assert.deepEqual(store.list(), []);
    assert.deepEqual(await leftovers(), []);
  });

  behaves(
    "owners share a layer; the last one to go takes its mounts along",
    async ({ store, blob, look, leftovers }) => {
      const layer = blob({ f: "1" });
      await store.add(layer, never);
      await store.acquire("c1", [layer.diffId]);
      await store.acquire("c1", [layer.diffId]);
      const stack = await store.acquire("c2", [layer.diffId]);
      await store.release("c1");
      assert.equal(await look(stack, "f"), "1");
      await store.release("c2");
      await store.release("c2");
      await store.release("never");
      assert.deepEqual(await leftovers(), []);
    },
  );

  behaves("a missing layer is named", async ({ store, blob }) => {
    const { diffId } = blob({ f: "1" });
    await assert.rejects(store.acquire("c1", [diffId]), { code: "not-found", message: new RegExp(diffId) });
    assert.match((await store.verify([diffId], never))[0]?.message ?? "", /^it is not on this node/);
  });

  behaves("a removed layer is gone, and can come back", async ({ store, blob, leftovers }) => {
    const layer = blob({ f: "1" });
    await store.add(layer, never);
    await store.remove(layer.diffId);
    await store.remove(layer.diffId);
    assert.deepEqual(store.list(), []);
    await store.add(layer, never);
    assert.ok(store.has(layer.diffId));
    assert.deepEqual(await leftovers(), []);
  });

  behaves("after kill -9 layers and mounts are found; what nobody owns any more goes", async (subject) => {
    const [kept, gone] = [subject.blob({ f: "kept" }), subject.blob({ f: "gone" })];
    for (const layer of [kept, gone]) await subject.store.add(layer, never);
    const stack = await subject.store.acquire("stays", [kept.diffId]);
    await subject.store.acquire("goes", [gone.diffId]);
    const store = await subject.restart();
    assert.deepEqual([...store.list()].sort(), [kept.diffId, gone.diffId].sort());
    await store.resume(new Map([["stays", [kept.diffId]]]));
    assert.equal(await subject.look(stack, "f"), "kept");
    assert.deepEqual((await store.acquire("second", [kept.diffId])).directories, stack.directories);
    for (const owner of ["stays", "second"]) await store.release(owner);
    assert.deepEqual(await subject.leftovers(), []);
  });

  behaves(
    "damage is found, told, and repaired while the layer is in use",
    async ({ store, blob, look, run, damage }) => {
      const [good, bad] = [blob({ f: "fine" }), blob({ "d/f": "x".repeat(100_000) })];
      for (const layer of [good, bad]) await store.add(layer, never);
      assert.deepEqual(await store.verify(store.list(), never), []);
      const running = await run(await store.acquire("c1", [good.diffId, bad.diffId]));
      await damage(bad.diffId);
      let done = 0;
      const findings = await store.verify(store.list(), never, ({ doneBytes }) => (done = doneBytes));
      assert.deepEqual(
        findings.map(({ diffId }) => diffId),
        [bad.diffId],
      );
      assert.match(findings[0]?.message ?? "", /not what was written/);
      assert.ok(done > 0);
      await store.repair(bad, never);
      assert.deepEqual(await store.verify(store.list(), never), []);
      assert.equal(running("f"), "fine");
      const after = await store.acquire("c2", [good.diffId, bad.diffId]);
      assert.equal(await look(after, "d/f"), "x".repeat(100_000));
    },
  );

  behaves("a repair that fails leaves the layer as it was", async ({ store, blob, look }) => {
    const [layer, other] = [blob({ f: "1" }), blob({ f: "2" })];
    await store.add(layer, never);
    await assert.rejects(store.repair({ ...other, diffId: layer.diffId }, never), { code: "invalid" });
    assert.equal(await look(await store.acquire("c1", [layer.diffId]), "f"), "1");
  });

  behaves(
    "parents that a layer leaves out look as below, and go with their owner",
    async ({ store, blob, look, leftovers }) => {
      const layers = [blob({ "a/": "", "a/b/": "", "a/b/f": "1" }), blob({ "a/b/g": "2" })];
      for (const layer of layers) await store.add(layer, never);
      const stack = await store.acquire(
        "c1",
        layers.map(({ diffId }) => diffId),
      );
      assert.ok(stack.directories.length >= layers.length);
      assert.equal(await look(stack, "a/b/f"), "1");
      assert.equal(await look(stack, "a/b/g"), "2");
      await store.release("c1");
      assert.deepEqual(await leftovers(), []);
    },
  );

  behaves("an opaque root hides all layers below", async ({ store, blob, look }) => {
    const layers = [blob({ f: "1" }), blob({ ".wh..wh..opq": "", g: "2" })];
    for (const layer of layers) await store.add(layer, never);
    const stack = await store.acquire(
      "c1",
      layers.map(({ diffId }) => diffId),
    );
    assert.equal(await look(stack, "f"), undefined);
    assert.equal(await look(stack, "g"), "2");
  });
}
