/** Judges nodes by the liveness port, a timer per node at the instant its silence would count. */
import type { CacheChange } from "#control-plane/cache/cache.ts";
import type { Plan } from "#proto/kit/plan.ts";
import { massLossText } from "../../mass-loss-text.ts";
import type { Controller } from "../engine/controller.ts";
import type { Node, Pod } from "../model/kinds.ts";
import { isAssigned, isLost, isUnheard } from "../model/pod-state.ts";
import { keyOf, splitKey } from "../model/resource-name.ts";
import type { Step } from "../model/step.ts";
import type { ControllerWorld } from "../world.ts";
import { MassLoss } from "./mass-loss.ts";
import { plan } from "./plan.ts";
import type { Verdict } from "./plan-view.ts";

interface Judgement {
  readonly verdict: Verdict;
  /** When it may change without an event; undefined: only an event changes it. */
  readonly againInMs: number | undefined;
}

/** While this process cannot judge, it asks itself again this often. */
const judgeRetryMs = 1_000;

export function nodeLifecycleController(world: ControllerWorld): Controller {
  const { cache, clock, liveness, settings } = world;
  // A new leader was not in charge of watching until now: silence counts from here.
  const inChargeSinceMs = clock.monotonicMs();
  const massLoss = new MassLoss({ share: settings.massLossShare, intervalMs: settings.slowEvictionIntervalMs });

  /** By node, uids of pods that carry a mark of its loss. */
  const marked = new Map<string, Set<string>>();
  const note = (node: string, uid: string, isMarked: boolean): void => {
    const uids = marked.get(node) ?? new Set<string>();
    if (isMarked) marked.set(node, uids.add(uid));
    else if (uids.delete(uid) && uids.size === 0) marked.delete(node);
  };

  const judge = (name: string): Judgement => {
    const nowMs = clock.monotonicMs();
    const heardAtMs = liveness.lastHeardAtMs(name);
    const grace = settings.nodeGraceMs;
    if (heardAtMs !== undefined && nowMs - heardAtMs < grace) {
      return { verdict: "alive", againInMs: heardAtMs + grace - nowMs };
    }
    const judgesSinceMs = liveness.judgesSinceMs();
    if (judgesSinceMs === undefined) return { verdict: "unjudged", againInMs: judgeRetryMs };
    const silentSinceMs = Math.max(heardAtMs ?? 0, judgesSinceMs, inChargeSinceMs);
    const left = silentSinceMs + grace - nowMs;
    return left <= 0 ? { verdict: "silent", againInMs: undefined } : { verdict: "unjudged", againInMs: left };
  };

  const mayEvict = (name: string, nowMs: number) => {
    const names = cache.list("nodes", "").map((one) => one.metadata.name);
    const lost = names.filter((one) => judge(one).verdict === "silent").length;
    return { ...massLoss.ask(name, lost, names.length, nowMs), lost, total: names.length };
  };
  const slowed = (name: string, leave: ReturnType<typeof mayEvict> | undefined): string | undefined => {
    if (!leave || leave.may || !massLoss.isNews(name)) return undefined;
    return massLossText(leave.lost, leave.total, settings.slowEvictionIntervalMs);
  };

  const decideFor = (node: Node, nowMs: number): Plan<Step> => {
    const { name } = node.metadata;
    const { verdict, againInMs } = judge(name);
    if (verdict === "alive") massLoss.returned(name);
    const leave = verdict === "silent" ? mayEvict(name, nowMs) : undefined;
    // A node that is well is looked at every few seconds: its pods are not.
    const concernsPods = verdict === "silent" || hasNoExecute(node) || marked.has(name);
    const decided = plan(
      {
        node,
        verdict,
        pods: concernsPods ? (cache.byIndex("pods", "node", name) as readonly Pod[]) : [],
        mayEvict: leave?.may ?? false,
        evictAgainAtMs: leave?.againAtMs ?? nowMs,
        slowed: concernsPods ? slowed(name, leave) : undefined,
        defaultTolerationMs: settings.defaultTolerationMs,
        nodeGoneMs: settings.nodeGoneMs,
      },
      nowMs,
    );
    if (againInMs === undefined) return decided;
    const againAtMs = nowMs + againInMs;
    return { ...decided, recheckAtMs: Math.min(decided.recheckAtMs ?? againAtMs, againAtMs) };
  };

  /** Pods matter to a node that is not well, and those that still carry the mark of a loss. */
  const podKeys = (change: CacheChange): readonly string[] => {
    const pod = change.object as Pod;
    const name = pod.spec.nodeName ?? "";
    if (!isAssigned(pod)) return [];
    const isMarked = change.type !== "deleted" && (isLost(pod) || isUnheard(pod));
    note(name, pod.metadata.uid ?? "", isMarked);
    if (change.type === "deleted") return [];
    const node = cache.get("nodes", "", name) as Node | undefined;
    const isWell = node !== undefined && judge(name).verdict === "alive" && !hasNoExecute(node);
    return isMarked || !isWell ? [`/${name}`] : [];
  };

  return {
    name: "node-lifecycle",
    source: "node-controller",
    wakes: { nodes: (change) => [keyOf(change.object)], pods: podKeys },
    start: (wake) => liveness.subscribe((node) => wake(`/${node}`)),
    decide(key, nowMs) {
      const node = cache.get("nodes", "", splitKey(key).name) as Node | undefined;
      return node && decideFor(node, nowMs);
    },
  };
}

const hasNoExecute = (node: Node): boolean => (node.spec?.taints ?? []).some((taint) => taint.effect === "NoExecute");
