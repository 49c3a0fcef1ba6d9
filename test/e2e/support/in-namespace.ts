/** A test in a namespace of its own on the shared cluster, with the leak audit around it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { auditNodes, auditStore } from "./audit.ts";
import { TestCluster } from "./cluster.ts";
import { eventually } from "./programs.ts";
import { difference } from "./shared-cluster.ts";

export interface Scene {
  readonly cluster: TestCluster;
  readonly namespace: string;
}

let sequence = 0;

/** For pods that reach for the node: a namespace takes none unless it says so. */
export async function allowPrivileged({ cluster, namespace }: Scene): Promise<void> {
  await cluster.orchctl(["label", "namespace", namespace, "pod-security.kubernetes.io/enforce=privileged"]);
}

/** Runs `body`, deletes the namespace, and fails when anything of it stays on any node or in the store. */
export function inNamespace(name: string, body: (scene: Scene) => Promise<void>, timeoutMs = 120_000): void {
  test(name, { timeout: timeoutMs }, async () => {
    const cluster = TestCluster.shared();
    const namespace = `t-${process.pid}-${sequence++}`;
    const audit = async (): Promise<readonly string[]> => [
      ...auditNodes(cluster.name),
      ...(await auditStore(cluster.name)),
    ];
    const before = await audit();
    await cluster.orchctl(["apply", "-f", "-"], {
      input: `{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"${namespace}"}}`,
    });
    try {
      await body({ cluster, namespace });
    } finally {
      await cluster.orchctl(["delete", "namespace", namespace, "--timeout", "60s"], { timeoutMs: 90_000 });
      let leaks: readonly string[] = [];
      await eventually(
        "clean nodes",
        async () => {
          leaks = difference(before, await audit());
          return leaks.length === 0 ? true : undefined;
        },
        15_000,
      ).catch(() => assert.deepEqual(leaks, [], `${name} left something on the nodes`));
      cluster.forget();
    }
  });
}
