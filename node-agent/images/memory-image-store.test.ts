import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import { imageStoreContract } from "./image-store.contract.ts";
import { MemoryImageStore, MemoryRootfsStore } from "./memory-image-store.ts";

imageStoreContract("memory", async () => {
  const store = new MemoryImageStore();
  store.offer("registry.example/app:1");
  return {
    store,
    reference: "registry.example/app:1",
    missing: "registry.example/none:1",
    archive: (name) => Buffer.from(name),
    close: () => store.close(),
  };
});

test("a pull that hangs ends when the image is offered, refused or the caller leaves", async () => {
  const store = new MemoryImageStore();
  const pull = (signal: AbortSignal = new AbortController().signal): Promise<unknown> =>
    store.pull("app", { credentials: [] }, signal);
  store.hang("app");
  const controller = new AbortController();
  const left = pull(controller.signal);
  const waited = pull();
  controller.abort();
  await assert.rejects(left, { code: "canceled" });
  store.offer("app", { user: "7" });
  assert.ok(await waited);
  assert.equal((await store.find("app"))?.config.user, "7");
  store.refuse("app", new Problem("unavailable", "down"));
  await assert.rejects(pull(), { message: "down" });
  assert.equal(store.pulls.length, 3);
});

test("root filesystems are listed until removed", async () => {
  const images = new MemoryImageStore();
  images.offer("app");
  const rootfs = new MemoryRootfsStore();
  const image = await images.pull("app", { credentials: [] }, new AbortController().signal);
  assert.equal(await rootfs.prepare("c", image), await rootfs.prepare("c", image));
  assert.deepEqual(await rootfs.list(), ["c"]);
  await rootfs.remove("c");
  await rootfs.remove("c");
  assert.deepEqual(await rootfs.list(), []);
});
