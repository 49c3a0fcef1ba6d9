/** orchctl run --rm IMAGE true beside docker run --rm: whole commands, in turn. */
import { image } from "../e2e/support/manifests.ts";
import { type Benchmark, type Measured, median, seconds, timed } from "./benchmark.ts";
import { Docker } from "./docker.ts";
import { withCluster } from "./with-cluster.ts";

const runs = 15;

export const startTime: Benchmark = {
  name: "start",
  what: "orchctl run --rm IMAGE true, beside docker run --rm",
  run: (say) =>
    withCluster(3, say, async ({ cluster, archive }): Promise<Measured> => {
      const docker = new Docker();
      await docker.start();
      try {
        await docker.docker("load", "-i", archive);
        const ours: number[] = [];
        const peer: number[] = [];
        for (let i = -2; i < runs; i++) {
          const our = await timed(async () => void (await cluster.orchctl(["run", "--rm", image, "true"])));
          const their = await timed(async () => void (await docker.docker("run", "--rm", image, "true")));
          if (i < 0) continue;
          ours.push(our);
          peer.push(their);
        }
        const [our, their] = [median(ours), median(peer)];
        say(`  ours ${seconds(our)}, docker ${seconds(their)}`);
        return {
          ours: our,
          peer: their,
          peerName: "docker run --rm",
          unit: "s",
          target: "ratio ≤ 0.6",
          met: our / their <= 0.6,
          conditions: [`median of ${runs} in turn after 2 warm-ups`, "busybox image present"],
        };
      } finally {
        await docker.stop();
      }
    }),
};
