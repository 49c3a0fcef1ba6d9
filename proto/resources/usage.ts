/** What a node, its pods and their containers use right now: an agent's answer to the operation `usage`. */

export const usageOperation = "usage";

export interface Amounts {
  /** Thousandths of a core, over the window. */
  readonly milliCpu: number;
  /** What would hurt to lose: in use, less what the kernel may drop at once. */
  readonly memoryBytes: number;
}

export interface NodeUsage {
  /** Time between the two looks that the processor figures come from. */
  readonly windowMs: number;
  readonly node: Amounts;
  readonly pods: readonly PodUsage[];
}

export interface PodUsage {
  readonly uid: string;
  readonly containers: readonly (Amounts & { readonly name: string })[];
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
