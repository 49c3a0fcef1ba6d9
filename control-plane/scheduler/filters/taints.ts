/** NoSchedule and NoExecute taints that the pod does not tolerate. */
import type { NodeState } from "../node-state.ts";
import type { PodShape } from "../pod-facts.ts";
import { type Filter, fits, type Refusal } from "../rule.ts";
import { isTolerated } from "../tolerance.ts";

/** The cordon has its own filter; these come with conditions that node-ready and the agent's report tell better. */
const cordon = "node.kubernetes.io/unschedulable";
/** Keeps away only pods that say nothing of what they need: others were counted when the node was chosen. */
const memoryPressure = "node.kubernetes.io/memory-pressure";

export const taints: Filter = {
  name: "taints",
  helpedBy: ["node-added", "node-taints"],
  prepare: (shape) => ({
    scope: "static",
    refusals(node: NodeState) {
      for (const taint of node.facts.taints) {
        if (taint.effect === "PreferNoSchedule" || taint.key === cordon) continue;
        if (taint.key === memoryPressure && hasRequests(shape)) continue;
        if (!isTolerated(shape.tolerations, taint)) return [refusal(taint)];
      }
      return fits;
    },
  }),
};

const hasRequests = ({ requests }: PodShape): boolean => requests.milliCpu > 0 || requests.memoryBytes > 0;

function refusal(taint: { key: string; value?: string | undefined }): Refusal {
  const text = taint.value === undefined || taint.value === "" ? `{${taint.key}}` : `{${taint.key}: ${taint.value}}`;
  const rest = `taint ${text} that the pod does not tolerate`;
  return { filter: "taints", code: `taint ${text}`, one: `node has ${rest}`, many: `nodes have ${rest}` };
}
