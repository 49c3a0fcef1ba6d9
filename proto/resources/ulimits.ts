/**
 * Limits of a process (`ulimit`), which Kubernetes has no field for: annotation `orch/ulimits` of a pod, as
 * `nofile=1024:65536,core=0,memlock=unlimited` (soft:hard, or one for both), and `orch/ulimits.CONTAINER` for one of its containers.
 */

export interface Ulimit {
  readonly name: UlimitName;
  /** Infinity: unlimited. */
  readonly soft: number;
  readonly hard: number;
}

/** Docker's names; the kernel's are RLIMIT_ and these in capitals. */
export const ulimitNames = [
  "core",
  "cpu",
  "data",
  "fsize",
  "locks",
  "memlock",
  "msgqueue",
  "nice",
  "nofile",
  "nproc",
  "rss",
  "rtprio",
  "rttime",
  "sigpending",
  "stack",
] as const;
export type UlimitName = (typeof ulimitNames)[number];

export const ulimitsAnnotation = "orch/ulimits";

export function isUlimitAnnotation(key: string): boolean {
  return key === ulimitsAnnotation || key.startsWith(`${ulimitsAnnotation}.`);
}

/** Name of the container an annotation is about; undefined for all of the pod. */
export function ulimitContainer(key: string): string | undefined {
  return key === ulimitsAnnotation ? undefined : key.slice(ulimitsAnnotation.length + 1);
}

/** What is wrong with the text, or the limits it says. */
export function parseUlimits(text: string): readonly Ulimit[] | string {
  const found = new Map<UlimitName, Ulimit>();
  for (const part of text.split(",")) {
    const [, word = "", soft = "", hard = soft] = /^\s*([a-z]+)=(-?\w+)(?::(-?\w+))?\s*$/.exec(part) ?? [];
    const name = ulimitNames.find((known) => known === word);
    if (name === undefined)
      return `${JSON.stringify(part.trim())} is not NAME=SOFT:HARD with a name of ${ulimitNames.join(", ")}`;
    const [low, high] = [amountOf(soft), amountOf(hard)];
    if (low === undefined || high === undefined) return `${name} takes whole numbers or \`unlimited\``;
    if (low > high) return `${name}: the soft limit ${soft} is above the hard limit ${hard}`;
    if (found.has(name)) return `${name} is there twice`;
    found.set(name, { name, soft: low, hard: high });
  }
  return [...found.values()];
}

/** Those of one container: its own annotation wins over the pod's, limit by limit. What cannot be read counts as not there. */
export function ulimitsOf(
  annotations: Readonly<Record<string, string>> | undefined,
  container: string,
): readonly Ulimit[] {
  const limits = [ulimitsAnnotation, `${ulimitsAnnotation}.${container}`].flatMap((key) => {
    const parsed = parseUlimits(annotations?.[key] ?? "");
    return typeof parsed === "string" ? [] : parsed;
  });
  return [...new Map(limits.map((limit) => [limit.name, limit])).values()];
}

function amountOf(text: string): number | undefined {
  if (text === "unlimited" || text === "-1") return Number.POSITIVE_INFINITY;
  const amount = /^\d{1,16}$/.test(text) ? Number(text) : undefined;
  return amount !== undefined && Number.isSafeInteger(amount) ? amount : undefined;
}
