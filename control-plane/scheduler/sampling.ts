/** How many feasible nodes to compare before choosing, as kube-scheduler does: all of a small cluster, 5–50 % of a large one. */

const atLeast = 100;

export function sampleSize(nodeCount: number, podCount: number): number {
  const percent = Math.max(5, 50 - nodeCount / 125);
  const sampled = Math.max(atLeast, Math.ceil((nodeCount * percent) / 100));
  return Math.min(nodeCount, Math.max(sampled, podCount));
}
