/** What every benchmark gives, and the few things all of them need. */

export interface Measured {
  readonly ours: number;
  readonly peer?: number;
  readonly peerName?: string;
  readonly unit: string;
  readonly target: string;
  readonly met: boolean;
  readonly conditions?: readonly string[];
  readonly [more: string]: unknown;
}

export type Say = (text: string) => void;

export interface Benchmark {
  readonly name: string;
  readonly what: string;
  run(say: Say): Promise<Measured>;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1] ?? Number.NaN, sorted[Math.floor(middle)] ?? Number.NaN];
  return Number(((low + high) / 2).toFixed(3));
}

/** Seconds that `body` takes, by the monotonic clock. */
export async function timed(body: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await body();
  return (performance.now() - startedAt) / 1000;
}

export const seconds = (value: number): string => `${value.toFixed(2)} s`;
