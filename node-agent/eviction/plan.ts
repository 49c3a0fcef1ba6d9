/**
 * PURE. What is running out, since when, and which of it has to be done about now. What was begun goes on until the minimum to
 * reclaim is free again.
 */
import {
  amountOf,
  type EvictionSettings,
  type Level,
  type Levels,
  pressureAt,
  type Signal,
  signals,
} from "./signals.ts";

/** From one look to the next. */
export interface EvictionMemory {
  /** Since when a soft threshold is passed, by the monotonic clock. */
  readonly softSinceMs: Readonly<Partial<Record<Signal, number>>>;
  /** What something was done about and is not over. */
  readonly inHand: readonly Signal[];
}

export const nothingInHand: EvictionMemory = { softSinceMs: {}, inHand: [] };

export interface Relief {
  readonly signal: Signal;
  readonly isHard: boolean;
  readonly level: Level;
  /** The threshold that was passed. */
  readonly threshold: number;
  /** How much there must be for this to be over. */
  readonly wanted: number;
}

export interface EvictionPlan {
  readonly memory: EvictionMemory;
  /** The most urgent first. */
  readonly due: readonly Relief[];
}

export function planRelief(
  levels: Levels,
  settings: EvictionSettings,
  memory: EvictionMemory,
  nowMs: number,
): EvictionPlan {
  const softSinceMs: Partial<Record<Signal, number>> = {};
  const due: Relief[] = [];
  for (const signal of signals) {
    const level = levels[signal];
    const reclaim = memory.inHand.includes(signal) ? amountOf(settings.minimumReclaim[signal], level) : 0;
    const passes = (threshold: number): boolean => threshold > 0 && level.available < threshold + reclaim;
    const [hard, soft] = [amountOf(settings.hard[signal], level), amountOf(settings.soft[signal], level)];
    if (passes(soft)) softSinceMs[signal] = memory.softSinceMs[signal] ?? nowMs;
    const wanted = pressureAt(signal, level, settings) + amountOf(settings.minimumReclaim[signal], level);
    if (passes(hard)) due.push({ signal, isHard: true, level, threshold: hard, wanted });
    else if (isOverdue(softSinceMs[signal], settings.softGraceMs[signal] ?? 0, nowMs))
      due.push({ signal, isHard: false, level, threshold: soft, wanted });
  }
  return { memory: { softSinceMs, inHand: due.map(({ signal }) => signal) }, due };
}

const isOverdue = (sinceMs: number | undefined, graceMs: number, nowMs: number): boolean =>
  sinceMs !== undefined && nowMs - sinceMs >= graceMs;

/** As fast as disks fill: so much may be written between two looks. */
const writtenPerMs = 1_000_000;

export interface Pace {
  readonly leastMs: number;
  readonly mostMs: number;
}

/**
 * When to look again: soon when what is left would be gone soon, at the pace of late or, for disks, at the pace a disk can be filled.
 */
export function nextLookMs(
  now: Levels,
  before: { readonly levels: Levels; readonly agoMs: number } | undefined,
  settings: EvictionSettings,
  { leastMs, mostMs }: Pace,
): number {
  let soonestMs = mostMs;
  for (const signal of signals) {
    const level = now[signal];
    const left = level.available - pressureAt(signal, level, settings);
    if (!Number.isFinite(left)) continue;
    const lost = before ? before.levels[signal].available - level.available : 0;
    if (before && lost > 0) soonestMs = Math.min(soonestMs, (left / lost) * before.agoMs * 0.5);
    if (signal.endsWith("fs.available"))
      soonestMs = Math.min(soonestMs, Math.max(left / writtenPerMs, slowestNearFullMs));
  }
  return Math.max(leastMs, Math.min(mostMs, soonestMs));
}

/** However near the threshold is, a quiet disk is looked at no more often than this. */
const slowestNearFullMs = 2_000;
