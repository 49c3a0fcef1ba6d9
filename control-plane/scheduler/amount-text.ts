/** Amounts for sentences: short, and rounded down so that what is told as free is free. */

/** 1200 → `1.2`. */
export const formatCpu = (milliCpu: number): string => String(Math.floor(milliCpu) / 1000);

const units = [
  ["Ti", 2 ** 40],
  ["Gi", 2 ** 30],
  ["Mi", 2 ** 20],
  ["Ki", 2 ** 10],
] as const;

/** The largest unit that leaves a short number: 1610612736 → `1.5Gi`. */
export function formatBytes(bytes: number): string {
  for (const [unit, factor] of units) {
    if (bytes >= factor) return `${Math.floor((bytes / factor) * 10) / 10}${unit}`;
  }
  return String(bytes);
}
