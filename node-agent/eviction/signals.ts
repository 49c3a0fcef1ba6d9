/** PURE. What runs out on a node, in Kubernetes' words, and the thresholds below which something is done about it. */

/** What a machine has left. */
export interface Pressures {
  readonly memoryAvailableBytes: number;
  /** Of the node's share, or of the machine. */
  readonly memoryCapacityBytes: number;
  /** Where containers, volumes and logs write. */
  readonly disk: DiskSpace;
  /** Where images are: the same disk, if not told otherwise. */
  readonly imagesDisk: DiskSpace;
  readonly hasImagesDisk: boolean;
  readonly processes: ProcessRoom;
}

/** How many processes (and threads) there are and may be: of the whole machine, or of the node's share of it. */
export interface ProcessRoom {
  readonly used: number;
  readonly limit: number;
  readonly of: "machine" | "node";
}

export interface DiskSpace {
  readonly totalBytes: number;
  readonly availableBytes: number;
  readonly totalFiles: number;
  readonly availableFiles: number;
}

export const signals = [
  "memory.available",
  "nodefs.available",
  "nodefs.inodesFree",
  "imagefs.available",
  "imagefs.inodesFree",
  "pid.available",
] as const;
export type Signal = (typeof signals)[number];

export interface Level {
  readonly available: number;
  readonly capacity: number;
}

export type Levels = Readonly<Record<Signal, Level>>;

/** A share of the capacity, or an amount: the smaller counts. */
export interface Amount {
  readonly bytes: number;
  readonly share: number;
}

type Amounts = Readonly<Partial<Record<Signal, Amount>>>;

export interface EvictionSettings {
  /** Below it a pod is evicted at once. */
  readonly hard: Amounts;
  /** Below it for the time of grace a pod is evicted with its own time to stop. */
  readonly soft: Amounts;
  readonly softGraceMs: Readonly<Partial<Record<Signal, number>>>;
  /** Once something is done about it, so much more is freed. */
  readonly minimumReclaim: Amounts;
  /** Most time to stop in, after a soft threshold. */
  readonly maxPodGraceMs: number;
  /** How long a pressure stays told after it is over. */
  readonly holdMs: number;
}

const share = (of: number): Amount => ({ bytes: Number.POSITIVE_INFINITY, share: of });
const exactly = (bytes: number): Amount => ({ bytes, share: 1 });
const gib = 2 ** 30;

/** The kubelet's, but for disks: a tenth of a large one is plenty. */
export const defaultEvictionSettings: EvictionSettings = {
  hard: {
    "memory.available": exactly(100 * 2 ** 20),
    "nodefs.available": { bytes: gib, share: 0.1 },
    "nodefs.inodesFree": share(0.05),
    "imagefs.available": { bytes: gib, share: 0.1 },
    "imagefs.inodesFree": share(0.05),
    "pid.available": share(0.1),
  },
  soft: {},
  softGraceMs: {},
  minimumReclaim: {},
  maxPodGraceMs: 0,
  holdMs: 60_000,
};

export function amountOf(amount: Amount | undefined, { capacity }: Level): number {
  if (!amount) return 0;
  // Some file systems (btrfs) count no files, and some machines' sizes are not known: a share of that is nothing.
  const part = Number.isFinite(capacity) ? capacity * amount.share : amount.share < 1 ? 0 : Number.POSITIVE_INFINITY;
  return Math.min(amount.bytes, part);
}

/** Where a pressure begins: the higher of both thresholds. */
export function pressureAt(signal: Signal, level: Level, { hard, soft }: EvictionSettings): number {
  return Math.max(amountOf(hard[signal], level), amountOf(soft[signal], level));
}

export function levelsOf(pressures: Pressures): Levels {
  const { disk, imagesDisk, processes, memoryAvailableBytes, memoryCapacityBytes } = pressures;
  return {
    "memory.available": { available: memoryAvailableBytes, capacity: memoryCapacityBytes },
    "nodefs.available": { available: disk.availableBytes, capacity: disk.totalBytes },
    "nodefs.inodesFree": { available: disk.availableFiles, capacity: disk.totalFiles },
    "imagefs.available": { available: imagesDisk.availableBytes, capacity: imagesDisk.totalBytes },
    "imagefs.inodesFree": { available: imagesDisk.availableFiles, capacity: imagesDisk.totalFiles },
    "pid.available": { available: Math.max(0, processes.limit - processes.used), capacity: processes.limit },
  };
}

/** What the pods' requests call it. */
export function resourceOf(signal: Signal): "memory" | "ephemeral-storage" | "inodes" | "pids" {
  if (signal === "memory.available") return "memory";
  if (signal === "pid.available") return "pids";
  return signal.endsWith(".available") ? "ephemeral-storage" : "inodes";
}
