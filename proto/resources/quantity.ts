/**
 * Kubernetes quantities: `500m`, `1.5`, `128Mi`, `2e3`. Exact, in billionths; printed in Kubernetes' canonical form, so that
 * two spellings of one amount compare and hash the same.
 */

export interface Quantity {
  readonly nanos: bigint;
  readonly format: "decimal" | "binary" | "exponent";
}

const pattern = /^([+-]?)(\d{1,40})?(?:\.(\d{0,40}))?(?:([eE][+-]?\d{1,3})|(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E))?$/;
const decimalPower: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const decimalSuffix = new Map([
  [-9, "n"],
  [-6, "u"],
  [-3, "m"],
  [0, ""],
  [3, "k"],
  [6, "M"],
  [9, "G"],
  [12, "T"],
  [15, "P"],
  [18, "E"],
]);
const binarySuffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"] as const;
const nanosPerUnit = 1_000_000_000n;
const largest = (2n ** 63n - 1n) * nanosPerUnit;

/** Undefined when the text is not a quantity. Below a billionth rounds away from zero; beyond 2^63-1 is capped, as Kubernetes does. */
export function parseQuantity(text: string): Quantity | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = "", fraction = "", exponent, suffix = ""] = match;
  if (whole === "" && fraction === "") return undefined;
  const digits = BigInt(whole + fraction);
  const binary = suffix.length === 2 ? binarySuffixes.indexOf(suffix as "Ki") : 0;
  const power = (exponent === undefined ? (decimalPower[suffix] ?? 0) : Number(exponent.slice(1))) - fraction.length;
  const magnitude = min(scaled(digits * 1024n ** BigInt(binary), power + 9), largest);
  const format = binary > 0 ? "binary" : exponent === undefined ? "decimal" : "exponent";
  return { nanos: sign === "-" ? -magnitude : magnitude, format };
}

function scaled(value: bigint, power: number): bigint {
  if (value === 0n) return 0n;
  if (power >= 0) return power > 60 ? largest : value * 10n ** BigInt(power);
  return ceilDivide(value, 10n ** BigInt(-power));
}

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const ceilDivide = (value: bigint, by: bigint): bigint => (value % by === 0n ? value / by : value / by + 1n);

export function formatQuantity(quantity: Quantity): string {
  const negative = quantity.nanos < 0n;
  const magnitude = negative ? -quantity.nanos : quantity.nanos;
  if (magnitude === 0n) return "0";
  const small = magnitude < 1024n * nanosPerUnit;
  const body = quantity.format === "binary" && !small ? inBinary(magnitude) : inDecimal(magnitude, quantity.format);
  return negative ? `-${body}` : body;
}

function inBinary(magnitude: bigint): string {
  let value = ceilDivide(magnitude, nanosPerUnit);
  let step = 0;
  while (step < binarySuffixes.length - 1 && value % 1024n === 0n) {
    value /= 1024n;
    step++;
  }
  return `${value}${binarySuffixes[step]}`;
}

function inDecimal(magnitude: bigint, format: Quantity["format"]): string {
  let value = magnitude;
  let power = -9;
  while (power < 18 && value % 1000n === 0n) {
    value /= 1000n;
    power += 3;
  }
  if (format === "exponent") return power === 0 ? `${value}` : `${value}e${power}`;
  return `${value}${decimalSuffix.get(power)}`;
}

const alreadyCanonical = /^[1-9]\d{0,2}(?:m|Ki|Mi|Gi)?$/;

/** The canonical spelling, or undefined when the text is not a quantity. */
export function canonicalQuantity(text: string): string | undefined {
  if (alreadyCanonical.test(text)) return text;
  const quantity = parseQuantity(text);
  return quantity === undefined ? undefined : formatQuantity(quantity);
}

/** Negative, zero or positive as a is less than, equal to or more than b. What is not a quantity counts as 0. */
export function compareQuantities(a: string, b: string): number {
  const difference = nanosOf(a) - nanosOf(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function addQuantities(a: string, b: string): string {
  const format = parseQuantity(a)?.format ?? parseQuantity(b)?.format ?? "decimal";
  return formatQuantity({ nanos: nanosOf(a) + nanosOf(b), format });
}

const nanosOf = (text: string): bigint => parseQuantity(text)?.nanos ?? 0n;

const plain = /^(\d{1,12})(m|Ki|Mi|Gi)?$/;
const plainFactor: Readonly<Record<string, number>> = { m: 0.001, Ki: 1024, Mi: 1024 ** 2, Gi: 1024 ** 3 };

/** Thousandths of a core, rounded up. Absent or unreadable is 0: stored objects were validated. */
export function toMilliCpu(text: string | undefined): number {
  if (text === undefined) return 0;
  const match = plain.exec(text);
  if (match?.[2] === "m") return Number(match[1]);
  if (match !== null && match[2] === undefined) return Number(match[1]) * 1000;
  return Number(ceilDivide(nanosOf(text), 1_000_000n));
}

/** Whole units (bytes, pieces), rounded up. Absent or unreadable is 0: stored objects were validated. */
export function toBytes(text: string | undefined): number {
  if (text === undefined) return 0;
  const match = plain.exec(text);
  if (match !== null && match[2] !== "m") return Number(match[1]) * (plainFactor[match[2] ?? ""] ?? 1);
  return Number(ceilDivide(nanosOf(text), nanosPerUnit));
}

/** `1536` milli → `1536m`, `2000` → `2`. */
export const fromMilliCpu = (milli: number): string =>
  formatQuantity({ nanos: BigInt(Math.round(milli)) * 1_000_000n, format: "decimal" });

/** Bytes in the largest binary unit that is exact. */
export const fromBytes = (bytes: number): string =>
  formatQuantity({ nanos: BigInt(Math.round(bytes)) * nanosPerUnit, format: "binary" });
