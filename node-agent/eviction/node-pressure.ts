/**
 * Watches what runs out on this node and does something about it: first what nobody needs goes, then pods, one at a time, in the
 * kubelet's order. Works with and without a control plane.
 */
import type { Clock, Timer } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Eviction } from "../reconciler/view.ts";
import { pressureMessage, thresholdMessage } from "./messages.ts";
import { type EvictionMemory, nextLookMs, nothingInHand, planRelief, type Relief } from "./plan.ts";
import type { PodLoads } from "./pod-loads.ts";
import { rankPods } from "./rank.ts";
import { type EvictionSettings, type Levels, levelsOf, type Pressures, resourceOf, type Signal } from "./signals.ts";
import type { StorageLimits } from "./storage-limits.ts";
import type { MeasuredPod } from "./storage-meter.ts";

export interface NodePressureOptions {
  readonly settings: EvictionSettings;
  readonly readPressures: () => Promise<Pressures>;
  readonly loads: Pick<PodLoads, "read">;
  readonly limits: Pick<StorageLimits, "check" | "least">;
  /** Each look, for the node's conditions. */
  readonly onLook: (pressures: Pressures) => void;
  /** Removes images that nobody needs until so many bytes are free, or nothing more may go. */
  readonly makeRoom: (bytes: number) => Promise<void>;
  /** An event of the node. */
  readonly warn: (reason: string, message: string) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The pods of this node, as far as they can be evicted. */
export interface EvictionTargets {
  pods(): readonly MeasuredPod[];
  evict(pod: MeasuredPod, eviction: Eviction): void;
  /** Nothing of it runs, and what it kept is thrown away. */
  isGone(uid: string): boolean;
  /** What was thrown away so far takes no room on the disk any more. */
  freeDisk(): Promise<void>;
  /** Logs of runs that are over. */
  removeOldLogs(): Promise<void>;
}

const quietMs = 10_000;
const pressedMs = 1_000;
const leastMs = 500;
/** A pod that does not go in this time is not waited for. */
const leavingTimeoutMs = 30_000;
/** Images are looked through this often, and waited for this long: disks fill meanwhile. */
const reclaimEveryMs = 60_000;
const reclaimTimeoutMs = 5_000;
/** Of what is wanted: so that the pressure ends. */
const relievedAt = 1.3;
const repeatWarningMs = 5 * 60_000;
const longestRestMs = 60_000;

/** Who was evicted and still holds some of what the node needs. */
interface Leaving {
  readonly uid: string;
  readonly untilMs: number;
  /** Of what it kept on the disk. */
  freeing?: "begun" | "done";
}

/** Looking for somebody to evict may cost (disks are counted): in vain it is done for a small part of the time only. */
const restMs = (tookMs: number): number => Math.max(quietMs, Math.min(longestRestMs, tookMs * 20));

export class NodePressure {
  readonly #options: NodePressureOptions;
  readonly #stopping = new AbortController();
  #targets: EvictionTargets | undefined;
  #memory: EvictionMemory = nothingInHand;
  #last: { readonly levels: Levels; readonly atMs: number } | undefined;
  #leaving: Leaving | undefined;
  #reclaimedAtMs = Number.NEGATIVE_INFINITY;
  readonly #warnedAtMs = new Map<string, number>();
  #timer: Timer | undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(options: NodePressureOptions) {
    this.#options = options;
  }

  start(targets: EvictionTargets): void {
    this.#targets = targets;
    this.#lookLater(0);
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new DOMException("the agent stops", "AbortError"));
    this.#timer?.cancel();
    await this.#looking;
  }

  #lookLater(delayMs: number): void {
    if (this.#stopping.signal.aborted) return;
    this.#timer = this.#options.clock.after(delayMs, () => {
      this.#looking = this.#look().then(
        (againInMs) => this.#lookLater(againInMs),
        (thrown: unknown) => {
          if (this.#stopping.signal.aborted) return;
          const { message } = Problem.from(thrown);
          this.#options.logger.warn({ error: message }, "what this node has left could not be looked at");
          this.#lookLater(quietMs);
        },
      );
    });
  }

  /** One look, and what follows from it; when the next one is due. */
  async #look(): Promise<number> {
    const { readPressures, settings, clock, onLook } = this.#options;
    // Before what is left is read: what was read while the last one was going knows nothing of what it gave back.
    const isWaiting = this.#isWaiting(clock.monotonicMs());
    const pressures = await readPressures();
    onLook(pressures);
    const [levels, nowMs] = [levelsOf(pressures), clock.monotonicMs()];
    const { memory, due } = planRelief(levels, settings, this.#memory, nowMs);
    this.#memory = memory;
    const before = this.#last && { levels: this.#last.levels, agoMs: nowMs - this.#last.atMs };
    this.#last = { levels, atMs: nowMs };
    if (isWaiting) return pressedMs;
    for (const relief of due) if (await this.#relieve(relief, pressures)) break;
    await this.#enforceLimits(pressures);
    if (this.#leaving) return pressedMs;
    if (due.length > 0) return restMs(clock.monotonicMs() - nowMs);
    const isHeld = Object.keys(memory.softSinceMs).length > 0;
    const soonMs = nextLookMs(levels, before, settings, { leastMs, mostMs: isHeld ? pressedMs : quietMs });
    return Math.min(soonMs, this.#limitsMs());
  }

  /** Until the one that was evicted is gone, and its files with it, nobody else has to go. */
  #isWaiting(nowMs: number): boolean {
    const [leaving, targets] = [this.#leaving, this.#targets];
    if (!leaving || !targets) return false;
    if (leaving.freeing === undefined && targets.isGone(leaving.uid)) {
      leaving.freeing = "begun";
      void this.#freed(targets.freeDisk()).then(() => {
        leaving.freeing = "done";
      });
    }
    if (nowMs < leaving.untilMs && leaving.freeing !== "done") return true;
    this.#leaving = undefined;
    return false;
  }

  /** False when nothing more can be done about it. */
  async #relieve(relief: Relief, pressures: Pressures): Promise<boolean> {
    const { loads, logger } = this.#options;
    const { signal, isHard } = relief;
    const resource = resourceOf(signal);
    this.#warn("EvictionThresholdMet", thresholdMessage(relief), signal);
    if (signal.includes("fs.") && (await this.#reclaim(relief))) return true;
    // On a disk of their own images fill it, not pods.
    if (signal.startsWith("imagefs.") && pressures.hasImagesDisk) return false;
    const pods = this.#targets?.pods() ?? [];
    const [victim] = rankPods(relief, await loads.read(pods, signal, this.#stopping.signal));
    const pod = victim && pods.find(({ uid }) => uid === victim.uid);
    if (!victim || !pod) {
      this.#warn(
        "EvictionNoPod",
        `${resource} runs out, and no pod of this node takes enough of it to be evicted`,
        signal,
      );
      return false;
    }
    const message = pressureMessage(relief, victim);
    logger.warn({ pod: victim.uid, signal, isHard }, "evicting a pod");
    this.#evict(pod, message, isHard ? 0 : this.#options.settings.maxPodGraceMs);
    return true;
  }

  /** What nobody needs goes before any pod. True when that was enough. */
  async #reclaim({ signal, wanted }: Relief): Promise<boolean> {
    const { clock, makeRoom, readPressures, settings } = this.#options;
    const nowMs = clock.monotonicMs();
    if (nowMs - this.#reclaimedAtMs < reclaimEveryMs) return false;
    this.#reclaimedAtMs = nowMs;
    const targets = this.#targets;
    const work = [targets?.freeDisk(), targets?.removeOldLogs(), makeRoom(wanted * relievedAt)];
    const late = Promise.withResolvers<void>();
    const timer = clock.after(reclaimTimeoutMs, () => late.resolve());
    await Promise.race([Promise.all(work.map((part) => this.#freed(part))), late.promise]);
    timer.cancel();
    const levels = levelsOf(await readPressures());
    return !planRelief(levels, settings, this.#memory, nowMs).due.some((one) => one.signal === signal);
  }

  /** Resolves also when it could not be done: that is told in the log. */
  async #freed(work: Promise<void> | undefined): Promise<void> {
    try {
      await work;
    } catch (thrown) {
      const { logger } = this.#options;
      logger.warn({ error: Problem.from(thrown).message }, "the disk could not be freed");
    }
  }

  async #enforceLimits({ disk }: Pressures): Promise<void> {
    const pods = this.#targets?.pods() ?? [];
    const usedBytes = disk.totalBytes - disk.availableBytes;
    for (const { pod, message } of await this.#options.limits.check(pods, usedBytes, this.#stopping.signal))
      this.#evict(pod, message, 0);
  }

  /** How soon a pod could be above one of its limits. */
  #limitsMs(): number {
    const least = this.#options.limits.least(this.#targets?.pods() ?? []);
    return Number.isFinite(least) ? Math.max(2_000, Math.min(quietMs, least / 1_000_000)) : quietMs;
  }

  #evict(pod: MeasuredPod, message: string, graceMs: number): void {
    this.#targets?.evict(pod, { message, graceMs });
    this.#leaving = { uid: pod.uid, untilMs: this.#options.clock.monotonicMs() + leavingTimeoutMs + graceMs };
  }

  /** The same trouble is told once in a while. */
  #warn(reason: string, message: string, signal: Signal): void {
    const nowMs = this.#options.clock.monotonicMs();
    const key = `${reason} ${signal}`;
    if (nowMs - (this.#warnedAtMs.get(key) ?? Number.NEGATIVE_INFINITY) < repeatWarningMs) return;
    this.#warnedAtMs.set(key, nowMs);
    this.#options.warn(reason, message);
  }
}
