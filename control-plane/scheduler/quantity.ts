/** Kubernetes quantities as plain numbers: `500m` is 0.5, `128Mi` is 134217728. And back, for sentences. */

const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

const pattern = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)([numkMGTPE]|[KMGTPE]i)?$/;

/** Undefined when the text is no quantity. */
export function parseQuantity(text: string): number | undefined {
  const match = pattern.exec(text);
  const factor = factors[match?.[2] ?? ""];
  if (!match || factor === undefined) return undefined;
  return Number(match[1]) * factor;
}

/** 1200 → `1.2`. */
export const formatCpu = (milliCpu: number): string => String(Math.round(milliCpu) / 1000);

/** The largest unit that leaves a short number: 1610612736 → `1.5Gi`. */
export function formatBytes(bytes: number): string {
  for (const unit of ["Ti", "Gi", "Mi", "Ki"]) {
    const factor = factors[unit] ?? 1;
    if (Math.abs(bytes) >= factor) return `${Math.floor((bytes / factor) * 10) / 10}${unit}`;
  }
  return String(bytes);
}
