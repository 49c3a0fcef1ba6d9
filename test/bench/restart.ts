/** The control plane is killed with a full store and started again: how long until a client's request is answered. */
import { apiService } from "#proto/wire/generated/services.ts";
import { type Benchmark, type Measured, median, type Say, seconds, timed } from "./benchmark.ts";
import { type BareControlPlane, withControlPlane } from "./control-plane.ts";
import { fillWithPods, podNamespaces, podsPerNamespace } from "./list.ts";
import { connect } from "./load/target.ts";

const runs = 5;
const targetSeconds = 3;

export const restart: Benchmark = {
  name: "restart",
  what: "control plane killed with 10,000 objects → serving again",
  run: (say) => withControlPlane(say, (bare) => measure(bare, say)),
};

async function measure(bare: BareControlPlane, say: Say): Promise<Measured> {
  await fillWithPods(bare, say);
  const figures: number[] = [];
  for (let run = 0; run < runs; run++) {
    await bare.process.stop("SIGKILL");
    figures.push(
      await timed(async () => {
        bare.process.launch();
        await untilServing(bare);
      }),
    );
    say(`  serving again after ${seconds(figures[run] ?? 0)}`);
  }
  const ours = median(figures);
  return {
    ours,
    unit: "s",
    target: `≤ ${targetSeconds} s`,
    met: ours <= targetSeconds,
    worst: Math.max(...figures),
    conditions: [
      `median of ${runs}; 10,000 pods, etcd runs on`,
      "from the start of the process to a client's complete list of a namespace of 500",
    ],
  };
}

/** Tries until a client has listed a whole namespace: the cache is full by then. */
async function untilServing({ target }: BareControlPlane): Promise<void> {
  const deadlineMs = performance.now() + 60_000;
  while (performance.now() < deadlineMs) {
    const caller = await connect(target).catch(() => undefined);
    try {
      const listed = await caller?.unary(apiService.list, { resource: "pods", namespace: podNamespaces[0] ?? "" });
      if (listed?.items.length === podsPerNamespace) return;
    } catch {
      // Not yet.
    } finally {
      caller?.close();
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("the control plane does not serve again");
}
