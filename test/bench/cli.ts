/** How long the command line takes: get pods of 100, and version beside kubectl's. */
import { join } from "node:path";
import { deployment } from "../e2e/support/manifests.ts";
import { must, programs, root, run } from "../e2e/support/programs.ts";
import { type Benchmark, type Measured, median, seconds, timed } from "./benchmark.ts";
import { withCluster } from "./with-cluster.ts";

const runs = 20;

async function series(
  command: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<number> {
  const figures: number[] = [];
  for (let i = -3; i < runs; i++) {
    const figure = await timed(async () => void (await must(command, args, { variables })));
    if (i >= 0) figures.push(figure);
  }
  return median(figures);
}

export const cli: Benchmark = {
  name: "cli",
  what: "orchctl get pods (100 pods); orchctl version --client beside kubectl's",
  run: (say) =>
    withCluster(3, say, async ({ cluster }): Promise<Measured> => {
      await cluster.apply(deployment({ name: "many", replicas: 100, command: "exec sleep 86400" }), "--wait");
      const orchctl = join(programs, "bin/orchctl");
      const getPods = await series(orchctl, ["get", "pods"], cluster.variables);
      const version = await series(orchctl, ["version", "--client"]);
      const isThere = async (): Promise<boolean> => (await run("sh", ["-c", "command -v kubectl"])).code === 0;
      if (!(await isThere()))
        await must("sh", [join(root, "deploy/setup/packages.sh"), "kubectl"], { timeoutMs: 600_000 });
      const hasKubectl = await isThere();
      const kubectl = hasKubectl ? await series("kubectl", ["version", "--client"]) : undefined;
      say(
        `  get pods ${seconds(getPods)}, version ${seconds(version)}, kubectl ${kubectl === undefined ? "missing" : seconds(kubectl)}`,
      );
      const versionMet = kubectl !== undefined && version / kubectl <= 1.5;
      return {
        ours: version,
        ...(kubectl !== undefined && { peer: kubectl, peerName: "kubectl version --client" }),
        unit: "s",
        target: "get pods ≤ 0.150 s; version ≤ 1.5 × kubectl",
        met: getPods <= 0.15 && versionMet,
        getPods,
        conditions: [`median of ${runs} after 3 warm-ups`, "100 pods"],
      };
    }),
};
