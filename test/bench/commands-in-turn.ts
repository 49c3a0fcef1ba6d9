/** One whole command of ours beside one of docker's, in turn, on a cluster and a dockerd of their own. */
import type { TestCluster } from "../e2e/support/cluster.ts";
import { type Benchmark, type Measured, median, seconds, timed } from "./benchmark.ts";
import { Docker } from "./docker.ts";
import { withCluster } from "./with-cluster.ts";

export interface CommandsInTurn {
  readonly name: string;
  readonly what: string;
  readonly nodes: number;
  readonly warmUps: number;
  readonly runs: number;
  /** Arguments of orchctl and of docker. */
  readonly ours: readonly string[];
  readonly peer: readonly string[];
  readonly peerName: string;
  readonly mostRatio: number;
  readonly condition: string;
  /** Before the first run; both sides have the image. */
  readonly prepare?: (cluster: TestCluster, docker: Docker) => Promise<void>;
}

export function commandsInTurn(given: CommandsInTurn): Benchmark {
  const { name, what, nodes, warmUps, runs, peerName, mostRatio, condition } = given;
  return {
    name,
    what,
    run: (say) =>
      withCluster(nodes, say, async ({ cluster, archive }): Promise<Measured> => {
        const docker = new Docker();
        await docker.start();
        try {
          await docker.docker("load", "-i", archive);
          await given.prepare?.(cluster, docker);
          const [ours, peer]: [number[], number[]] = [[], []];
          for (let i = -warmUps; i < runs; i++) {
            const our = await timed(async () => void (await cluster.orchctl(given.ours)));
            const their = await timed(async () => void (await docker.docker(...given.peer)));
            if (i < 0) continue;
            ours.push(our);
            peer.push(their);
          }
          const [our, their] = [median(ours), median(peer)];
          say(`  ours ${seconds(our)}, docker ${seconds(their)}`);
          return {
            ...{ ours: our, peer: their, peerName, unit: "s" },
            target: `ratio ≤ ${mostRatio.toFixed(1)}`,
            met: our / their <= mostRatio,
            conditions: [`median of ${runs} in turn after ${warmUps} warm-ups`, condition],
          };
        } finally {
          await docker.stop();
        }
      }),
  };
}
