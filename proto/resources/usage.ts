/** What a node, its pods and their containers use right now: an agent's answer to the operation `usage`. */

export const usageOperation = "usage";

export interface Amounts {
  /** Thousandths of a core, over the window. */
  readonly milliCpu: number;
  /** What would hurt to lose: in use, less what the kernel may drop at once. */
  readonly memoryBytes: number;
}

/** Bytes since the beginning, and per second over the window. Of disks: read (in) and written (out). */
export interface Flow {
  readonly inBytes: number;
  readonly outBytes: number;
  readonly inBytesPerSecond: number;
  readonly outBytesPerSecond: number;
}

/** What an agent of another version may not tell. */
interface Flows {
  readonly network?: Flow;
  readonly disk?: Flow;
}

export interface NodeUsage {
  /** Time between the two looks that the processor figures come from. */
  readonly windowMs: number;
  readonly node: Amounts & Flows;
  readonly pods: readonly PodUsage[];
}

export interface PodUsage {
  readonly uid: string;
  /** Its containers share it. Absent for pods on the node's network. */
  readonly network?: Flow;
  readonly containers: readonly ContainerUsage[];
}

export interface ContainerUsage extends Amounts {
  readonly name: string;
  readonly disk?: Flow;
  readonly processes?: number;
  readonly memoryLimitBytes?: number;
}

export const encodeUsage = (usage: NodeUsage): Uint8Array => Buffer.from(JSON.stringify(usage));

/** Undefined for what is no answer to our question: agents may be of another version. */
export function decodeUsage(bytes: Uint8Array): NodeUsage | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    return isUsage(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

const isAmounts = (value: unknown): value is Amounts =>
  isRecord(value) && typeof value.milliCpu === "number" && typeof value.memoryBytes === "number";

const isPod = (value: unknown): value is PodUsage =>
  isRecord(value) &&
  typeof value.uid === "string" &&
  Array.isArray(value.containers) &&
  value.containers.every((one) => isAmounts(one) && typeof (one as { name?: unknown }).name === "string");

const isUsage = (value: unknown): value is NodeUsage =>
  isRecord(value) &&
  typeof value.windowMs === "number" &&
  isAmounts(value.node) &&
  Array.isArray(value.pods) &&
  value.pods.every(isPod);
