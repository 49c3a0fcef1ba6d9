/**
 * Counters, gauges and histograms in Prometheus' text form. Label values come in the order of their names. A family keeps a
 * bounded number of series: what is beyond is counted under one of the name "other", so that no caller can fill our memory.
 */

export interface Counter {
  add(value: number, ...labels: readonly string[]): void;
}

export interface Gauge {
  set(value: number, ...labels: readonly string[]): void;
}

export interface Histogram {
  /** Seconds, as Prometheus has it. */
  observe(value: number, ...labels: readonly string[]): void;
}

/** One value and its labels. */
export type Sample = readonly [value: number, ...labels: readonly string[]];

interface Family {
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly labelNames: readonly string[];
  lines(name: string): Iterable<string> | Promise<Iterable<string>>;
}

const maxSeries = 500;
const maxLabelLength = 120;
const other = "other";
/** From a fraction of a millisecond to half a minute. */
const secondsBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export class Metrics {
  readonly #families = new Map<string, Family>();

  counter(name: string, help: string, labelNames: readonly string[] = []): Counter {
    const values = new Series<{ value: number }>(labelNames.length, () => ({ value: 0 }));
    this.#add(name, { type: "counter", help, labelNames, lines: (of) => plainLines(of, labelNames, values) });
    return {
      add(value, ...labels) {
        values.at(labels).value += value;
      },
    };
  }

  gauge(name: string, help: string, labelNames: readonly string[] = []): Gauge {
    const values = new Series<{ value: number }>(labelNames.length, () => ({ value: 0 }));
    this.#add(name, { type: "gauge", help, labelNames, lines: (of) => plainLines(of, labelNames, values) });
    return {
      set(value, ...labels) {
        values.at(labels).value = value;
      },
    };
  }

  /** Read when it is asked for. One that fails is left out of that answer. */
  observed(
    type: "gauge" | "counter",
    name: string,
    help: string,
    read: () => Iterable<Sample> | Promise<Iterable<Sample>>,
    labelNames: readonly string[] = [],
  ): void {
    const lines = async (of: string): Promise<Iterable<string>> => {
      const values = new Series<{ value: number }>(labelNames.length, () => ({ value: 0 }));
      for (const [value, ...labels] of await read()) values.at(labels).value = value;
      return plainLines(of, labelNames, values);
    };
    this.#add(name, { type, help, labelNames, lines });
  }

  histogram(
    name: string,
    help: string,
    labelNames: readonly string[] = [],
    buckets: readonly number[] = secondsBuckets,
  ): Histogram {
    const series = new Series<Distribution>(labelNames.length, () => new Distribution(buckets));
    const lines = (of: string): Iterable<string> => histogramLines(of, labelNames, series);
    this.#add(name, { type: "histogram", help, labelNames, lines });
    return { observe: (value, ...labels) => series.at(labels).observe(value) };
  }

  async text(): Promise<string> {
    const parts: string[] = [];
    for (const [name, family] of this.#families) {
      try {
        const lines = [...(await family.lines(name))];
        parts.push(`# HELP ${name} ${family.help}\n# TYPE ${name} ${family.type}\n${lines.join("")}`);
      } catch {
        parts.push(`# ${name} could not be read\n`);
      }
    }
    return parts.join("");
  }

  #add(name: string, family: Family): void {
    if (this.#families.has(name)) throw new TypeError(`the metric ${name} is there twice`);
    this.#families.set(name, family);
  }
}

/** By label values, bounded. */
class Series<Value> implements Iterable<readonly [labels: readonly string[], value: Value]> {
  readonly #byKey = new Map<string, readonly [readonly string[], Value]>();
  readonly #labelCount: number;
  readonly #make: () => Value;

  constructor(labelCount: number, make: () => Value) {
    this.#labelCount = labelCount;
    this.#make = make;
  }

  at(labels: readonly string[]): Value {
    const key = labels.length === 1 ? (labels[0] ?? "") : labels.join("\u0000");
    const known = this.#byKey.get(key);
    if (known) return known[1];
    const isFull = this.#byKey.size >= maxSeries;
    const named = isFull
      ? Array.from({ length: this.#labelCount }, () => other)
      : Array.from({ length: this.#labelCount }, (_, index) => (labels[index] ?? "").slice(0, maxLabelLength));
    const place = isFull ? named.join("\u0000") : key;
    const entry = this.#byKey.get(place) ?? ([named, this.#make()] as const);
    this.#byKey.set(place, entry);
    return entry[1];
  }

  [Symbol.iterator](): Iterator<readonly [readonly string[], Value]> {
    return this.#byKey.values();
  }
}

class Distribution {
  readonly buckets: readonly number[];
  readonly counts: number[];
  sum = 0;
  count = 0;

  constructor(buckets: readonly number[]) {
    this.buckets = buckets;
    this.counts = buckets.map(() => 0);
  }

  observe(value: number): void {
    this.sum += value;
    this.count++;
    const index = this.buckets.findIndex((bound) => value <= bound);
    if (index >= 0) this.counts[index] = (this.counts[index] ?? 0) + 1;
  }
}

function* plainLines(name: string, labelNames: readonly string[], series: Series<{ value: number }>): Iterable<string> {
  for (const [labels, { value }] of series) yield `${name}${labelText(labelNames, labels)} ${numberText(value)}\n`;
}

function* histogramLines(name: string, labelNames: readonly string[], series: Series<Distribution>): Iterable<string> {
  const bucketNames = [...labelNames, "le"];
  for (const [labels, { buckets, counts, sum, count }] of series) {
    let cumulative = 0;
    for (const [index, bound] of buckets.entries()) {
      cumulative += counts[index] ?? 0;
      yield `${name}_bucket${labelText(bucketNames, [...labels, String(bound)])} ${cumulative}\n`;
    }
    yield `${name}_bucket${labelText(bucketNames, [...labels, "+Inf"])} ${count}\n`;
    yield `${name}_sum${labelText(labelNames, labels)} ${numberText(sum)}\n`;
    yield `${name}_count${labelText(labelNames, labels)} ${count}\n`;
  }
}

function labelText(names: readonly string[], values: readonly string[]): string {
  if (names.length === 0) return "";
  const escaped = (text: string): string => text.replace(/[\\"\n]/g, (one) => (one === "\n" ? "\\n" : `\\${one}`));
  return `{${names.map((name, index) => `${name}="${escaped(values[index] ?? "")}"`).join(",")}}`;
}

const numberText = (value: number): string =>
  Number.isFinite(value) ? String(value) : Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
