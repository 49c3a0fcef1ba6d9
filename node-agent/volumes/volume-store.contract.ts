/** What every VolumeStore does. Run for the fake beside it and for the real one in test/integration/images. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Pod, Volume } from "#proto/resources/pod.ts";
import type { PodObjects, VolumeStore } from "./volume-store.ts";

export interface VolumeStoreSubject {
  readonly store: VolumeStore;
  /** Content of a file in a prepared volume; undefined when there is none. */
  read(volumePath: string, file: string): string | undefined;
  close(): Promise<void>;
}

export function podWith(volumes: readonly Volume[], uid = "0b8f7a52-0000-4000-8000-000000000001"): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web", namespace: "default", uid, labels: { app: "web", tier: 'a "b"' } },
    spec: { containers: [], volumes: [...volumes] },
  };
}

export function objectsOf(
  configMaps: Readonly<Record<string, Record<string, string>>>,
  secrets: Readonly<Record<string, Record<string, string>>> = {},
): PodObjects {
  const object = (kind: string, name: string, data: Record<string, string> | undefined): KubeObject | undefined =>
    data && { apiVersion: "v1", kind, metadata: { name }, data };
  const encoded = (data: Record<string, string> | undefined): Record<string, string> | undefined =>
    data && Object.fromEntries(Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString("base64")]));
  return {
    configMap: (name) => object("ConfigMap", name, configMaps[name]),
    secret: (name) => object("Secret", name, encoded(secrets[name])),
  };
}

const nothing = objectsOf({});

export function volumeStoreContract(name: string, open: () => Promise<VolumeStoreSubject>): void {
  const behaves = (behaviour: string, run: (subject: VolumeStoreSubject) => Promise<void>): void => {
    test(`${name}: ${behaviour}`, async () => {
      const subject = await open();
      try {
        await run(subject);
      } finally {
        await subject.close();
      }
    });
  };

  behaves("a pod without volumes has none", async ({ store }) => {
    assert.deepEqual(await store.prepare(podWith([]), nothing), []);
  });

  behaves("ConfigMap and Secret keys are files, all or those asked for, and read-only", async ({ store, read }) => {
    const pod = podWith([
      { name: "all", configMap: { name: "c" } },
      { name: "some", secret: { secretName: "s", items: [{ key: "password", path: "deep/er/pw" }] } },
    ]);
    const prepared = await store.prepare(
      pod,
      objectsOf({ c: { "a.conf": "A", b: "B" } }, { s: { password: "pw", user: "u" } }),
    );
    const [all, some] = prepared;
    assert.ok(all && some && all.readOnly && some.readOnly);
    assert.deepEqual([read(all.path, "a.conf"), read(all.path, "b")], ["A", "B"]);
    assert.deepEqual([read(some.path, "deep/er/pw"), read(some.path, "user")], ["pw", undefined]);
  });

  behaves("projected and downward volumes gather several sources", async ({ store, read }) => {
    const pod = podWith([
      {
        name: "v",
        projected: {
          sources: [
            { configMap: { name: "c" } },
            { secret: { name: "s", optional: true } },
            {
              downwardAPI: {
                items: [{ path: "labels", fieldRef: { apiVersion: "v1", fieldPath: "metadata.labels" } }],
              },
            },
          ],
        },
      },
      {
        name: "d",
        downwardAPI: { items: [{ path: "name", fieldRef: { apiVersion: "v1", fieldPath: "metadata.name" } }] },
      },
    ]);
    const [v, d] = await store.prepare(pod, objectsOf({ c: { key: "value" } }));
    assert.equal(read(v?.path ?? "", "key"), "value");
    assert.equal(read(v?.path ?? "", "labels"), 'app="web"\ntier="a \\"b\\""');
    assert.equal(read(d?.path ?? "", "name"), "web");
  });

  behaves("a missing object or key is named; an optional one is not needed", async ({ store }) => {
    const missing = podWith([{ name: "v", configMap: { name: "gone" } }]);
    await assert.rejects(store.prepare(missing, nothing), {
      code: "not-found",
      message: /ConfigMap "gone" of volume v/,
    });
    const key = podWith([{ name: "v", secret: { secretName: "s", items: [{ key: "k", path: "p" }] } }]);
    await assert.rejects(store.prepare(key, objectsOf({}, { s: {} })), {
      code: "not-found",
      message: /Secret s has no key "k"/,
    });
    const optional = podWith([{ name: "v", configMap: { name: "gone", optional: true } }]);
    assert.equal((await store.prepare(optional, nothing)).length, 1);
  });

  behaves("paths that leave the volume are refused", async ({ store }) => {
    for (const path of ["../x", "/x", "a/../../x", "..data", "", "a//b"]) {
      const pod = podWith([{ name: "v", configMap: { name: "c", items: [{ key: "k", path }] } }]);
      await assert.rejects(store.prepare(pod, objectsOf({ c: { k: "v" } })), { code: "invalid" }, path);
    }
  });

  behaves("preparing again is the same, refreshing brings new content", async ({ store, read }) => {
    const pod = podWith([
      { name: "v", configMap: { name: "c" } },
      { name: "e", emptyDir: {} },
    ]);
    const first = await store.prepare(pod, objectsOf({ c: { a: "1", gone: "x" } }));
    assert.deepEqual(await store.prepare(pod, objectsOf({ c: { a: "1", gone: "x" } })), first);
    await store.refresh(pod, objectsOf({ c: { a: "2" } }));
    assert.deepEqual([read(first[0]?.path ?? "", "a"), read(first[0]?.path ?? "", "gone")], ["2", undefined]);
  });

  behaves("pods are listed until removed; removing again is fine", async ({ store }) => {
    const [one, two] = ["uid-1", "uid-2"].map((uid) => podWith([{ name: "e", emptyDir: {} }], uid));
    assert.ok(one && two);
    for (const pod of [one, two]) await store.prepare(pod, nothing);
    assert.deepEqual([...(await store.list())].sort(), ["uid-1", "uid-2"]);
    await store.remove("uid-1");
    await store.remove("uid-1");
    assert.deepEqual(await store.list(), ["uid-2"]);
  });

  behaves("a subPath must stay inside", async ({ store }) => {
    const [volume] = await store.prepare(podWith([{ name: "e", emptyDir: {} }]), nothing);
    assert.ok(volume);
    assert.ok(await store.subPath("0b8f7a52-0000-4000-8000-000000000001", volume, "a/b"));
    for (const path of ["/etc", "../x", "a/../../x"]) {
      await assert.rejects(store.subPath("0b8f7a52-0000-4000-8000-000000000001", volume, path), { code: "invalid" });
    }
  });
}
