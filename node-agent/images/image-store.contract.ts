/** What every ImageStore does. Run for the fake beside it and for the real one in test/integration/images. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ImageStore } from "./image-store.ts";

export interface ImageStoreSubject {
  readonly store: ImageStore;
  /** A reference that can be pulled without credentials, as `HOST/REPOSITORY:TAG`. */
  readonly reference: string;
  /** A reference in the same registry that does not exist. */
  readonly missing: string;
  /** An archive of one image under this name. */
  archive(name: string): Uint8Array;
  close(): Promise<void>;
}

const anonymous = { credentials: [] };
const never: AbortSignal = new AbortController().signal;

export function imageStoreContract(name: string, open: () => Promise<ImageStoreSubject>): void {
  const behaves = (behaviour: string, run: (subject: ImageStoreSubject) => Promise<void>): void => {
    test(`${name}: ${behaviour}`, async () => {
      const subject = await open();
      try {
        await run(subject);
      } finally {
        await subject.close();
      }
    });
  };

  behaves("what was never pulled is not found", async ({ store, reference }) => {
    assert.equal(await store.find(reference), undefined);
    assert.deepEqual(await store.list(), []);
  });

  behaves("a pulled image is found by name and digest, and listed once", async ({ store, reference }) => {
    const image = await store.pull(reference, anonymous, never);
    assert.ok(image.names.includes(reference));
    assert.match(image.digest, /^sha256:[0-9a-f]{64}$/);
    assert.ok(image.diffIds.length > 0 && image.sizeBytes > 0);
    assert.equal((await store.find(reference))?.digest, image.digest);
    assert.equal((await store.find(image.digest))?.digest, image.digest);
    assert.equal((await store.list()).length, 1);
  });

  behaves("pulling again, and pulling twice at once, yields the same image", async ({ store, reference }) => {
    const pulls = [1, 2, 3].map(() => store.pull(reference, anonymous, never));
    const digests = new Set((await Promise.all(pulls)).map((image) => image.digest));
    digests.add((await store.pull(reference, anonymous, never)).digest);
    assert.equal(digests.size, 1);
    assert.equal((await store.list()).length, 1);
  });

  behaves("a missing image is a Problem that names it", async ({ store, missing }) => {
    await assert.rejects(store.pull(missing, anonymous, never), (thrown: Error & { code?: string }) => {
      assert.equal(thrown.code, "not-found");
      assert.ok(thrown.message.includes(missing) && /needs credentials/.test(thrown.message), thrown.message);
      return true;
    });
  });

  behaves("a malformed reference is refused", async ({ store }) => {
    await assert.rejects(store.pull("No Such:::Name", anonymous, never), { code: "bad-request" });
    await assert.rejects(store.find("UPPER"), { code: "bad-request" });
  });

  behaves("an aborted pull ends as canceled", async ({ store, reference }) => {
    await assert.rejects(store.pull(reference, anonymous, AbortSignal.abort()), { code: "canceled" });
    assert.equal(await store.find(reference), undefined);
  });

  behaves("a removed image is gone; removing it again is fine", async ({ store, reference }) => {
    await store.pull(reference, anonymous, never);
    await store.remove(reference);
    await store.remove(reference);
    assert.equal(await store.find(reference), undefined);
    assert.deepEqual(await store.list(), []);
  });

  behaves("an archive's image is found under its name", async ({ store, archive }) => {
    const [image] = await store.load(one(archive("docker.io/library/loaded:1")), never);
    assert.deepEqual(image?.names, ["docker.io/library/loaded:1"]);
    assert.equal((await store.find("loaded:1"))?.id, image?.id);
  });

  behaves("an empty archive is refused", async ({ store }) => {
    await assert.rejects(store.load(one(Buffer.alloc(0)), never), { code: "invalid" });
  });
}

async function* one(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}
