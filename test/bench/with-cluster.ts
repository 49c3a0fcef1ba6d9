/** A cluster for a benchmark, and the image both sides run. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TestCluster } from "../e2e/support/cluster.ts";
import { must, root } from "../e2e/support/programs.ts";
import type { Say } from "./benchmark.ts";
import { weighLikePrograms } from "./cpu-weight.ts";

export interface Bench {
  readonly cluster: TestCluster;
  /** The example image as a docker archive. */
  readonly archive: string;
}

/** `flags` are more of `cluster up`. */
export async function withCluster<T>(
  nodes: number,
  say: Say,
  body: (bench: Bench) => Promise<T>,
  flags: readonly string[] = [],
): Promise<T> {
  await must("sh", [join(root, "deploy/setup/packages.sh"), "run", "example"], { timeoutMs: 600_000 });
  await must(process.execPath, [join(root, "deploy/build.ts")]);
  const folder = mkdtempSync(join(tmpdir(), "orch-bench-"));
  const archive = join(folder, "hello.tar");
  await must("sh", [join(root, "deploy/example-image.sh"), archive]);
  const cluster = new TestCluster("bench");
  say(`starting a local cluster of ${nodes} nodes`);
  await cluster.up(nodes, flags);
  const undoWeight = weighLikePrograms("/orch");
  try {
    await cluster.loadExampleImage();
    return await body({ cluster, archive });
  } finally {
    say("removing the cluster");
    undoWeight();
    await cluster.down();
    rmSync(folder, { recursive: true, force: true });
  }
}
