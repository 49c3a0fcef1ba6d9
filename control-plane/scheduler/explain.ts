/** Why no node would do, as one sentence in kubectl's style, the most frequent reason first. */
import type { Refusal } from "./rule.ts";

interface Counted {
  readonly refusal: Refusal;
  readonly nodes: number;
  readonly mostFree: number;
}

export function explain(nodeCount: number, refusals: readonly Refusal[]): string {
  if (nodeCount === 0) return "0/0 nodes are available: no node has joined the cluster.";
  const byCode = new Map<string, Counted>();
  for (const refusal of refusals) {
    const known = byCode.get(refusal.code);
    const free = refusal.shortage?.free ?? 0;
    byCode.set(refusal.code, {
      refusal,
      nodes: (known?.nodes ?? 0) + 1,
      mostFree: Math.max(known?.mostFree ?? Number.NEGATIVE_INFINITY, free),
    });
  }
  const sorted = [...byCode.values()].sort(
    (a, b) => b.nodes - a.nodes || (a.refusal.code < b.refusal.code ? -1 : a.refusal.code > b.refusal.code ? 1 : 0),
  );
  return `0/${nodeCount} nodes are available: ${sorted.map(phrase).join(", ")}.`;
}

function phrase({ refusal, nodes, mostFree }: Counted): string {
  const text = `${nodes} ${nodes === 1 ? refusal.one : refusal.many}`;
  const { shortage } = refusal;
  if (!shortage) return text;
  return `${text} (asks ${shortage.format(shortage.asked)}, at most ${shortage.format(Math.max(0, mostFree))} free)`;
}
