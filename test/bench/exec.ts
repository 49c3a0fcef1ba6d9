/** orchctl exec POD true beside docker exec CONTAINER true: whole commands, in turn. */
import { image, pod } from "../e2e/support/manifests.ts";
import { type Benchmark, type Measured, median, seconds, timed } from "./benchmark.ts";
import { Docker } from "./docker.ts";
import { withCluster } from "./with-cluster.ts";

const runs = 21;

export const exec: Benchmark = {
  name: "exec",
  what: "orchctl exec POD true, beside docker exec",
  run: (say) =>
    withCluster(1, say, async ({ cluster, archive }): Promise<Measured> => {
      const docker = new Docker();
      await docker.start();
      try {
        await docker.docker("load", "-i", archive);
        await docker.docker("run", "-d", "--name", "idle", image, "sleep", "3600");
        await cluster.apply(pod("idle", "exec sleep 3600"), "--wait");
        const ours: number[] = [];
        const peer: number[] = [];
        for (let i = -3; i < runs; i++) {
          const our = await timed(async () => void (await cluster.orchctl(["exec", "idle", "--", "true"])));
          const their = await timed(async () => void (await docker.docker("exec", "idle", "true")));
          if (i < 0) continue;
          ours.push(our);
          peer.push(their);
        }
        const [our, their] = [median(ours), median(peer)];
        say(`  ours ${seconds(our)}, docker ${seconds(their)}`);
        return {
          ours: our,
          peer: their,
          peerName: "docker exec",
          unit: "s",
          target: "ratio ≤ 1.0",
          met: our / their <= 1,
          conditions: [`median of ${runs} in turn after 3 warm-ups`, "1 node"],
        };
      } finally {
        await docker.stop();
      }
    }),
};
