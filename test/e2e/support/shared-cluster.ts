/** Starts the cluster that end-to-end tests share, and audits the machine around its whole life. */
import { auditHost } from "./audit.ts";
import { TestCluster } from "./cluster.ts";
import { eventually } from "./programs.ts";

export interface SharedCluster {
  readonly variables: Readonly<Record<string, string>>;
  /** Removes the cluster; returns what is different on this machine from before. */
  stop(): Promise<readonly string[]>;
}

export async function startSharedCluster(): Promise<SharedCluster> {
  const cluster = new TestCluster("e2e");
  const before = auditHost(cluster.name);
  await cluster.up(3);
  await cluster.loadExampleImage();
  return {
    variables: { ORCH_TEST_CLUSTER: cluster.name, ORCH_TEST_CONFIG: cluster.config },
    stop: async () => {
      await cluster.down();
      let different: readonly string[] = [];
      await eventually(
        "a clean machine",
        () => {
          different = difference(before, auditHost(cluster.name));
          return different.length === 0 ? true : undefined;
        },
        10_000,
      ).catch(() => undefined);
      return different;
    },
  };
}

/** Lines that only one of two audits has. */
export function difference(before: readonly string[], after: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const line of before) counts.set(line, (counts.get(line) ?? 0) - 1);
  for (const line of after) counts.set(line, (counts.get(line) ?? 0) + 1);
  return [...counts].filter(([, count]) => count !== 0).map(([line, count]) => `${count > 0 ? "+" : "-"} ${line}`);
}
