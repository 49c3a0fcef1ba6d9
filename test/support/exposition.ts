/** Prometheus' text format 0.0.4, read as strictly as it is written down, with the conventions that `promtool check metrics` holds on to. */
import assert from "node:assert/strict";

interface Family {
  readonly name: string;
  readonly type: string;
  /** By labels. */
  readonly samples: Map<string, number>;
}

const sampleLine = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/y;

/** Throws an AssertionError that names the line. Returns how many series there are. */
export function assertExposition(text: string): number {
  assert.ok(text.endsWith("\n"), "the last line ends too");
  const families = new Map<string, Family>();
  let family: Family | undefined;
  let help = "";
  for (const line of text.slice(0, -1).split("\n")) {
    const [, word, name = "", rest = ""] = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/.exec(line) ?? [];
    if (word === "HELP") help = name;
    else if (word === "TYPE") {
      assert.equal(help, name, `TYPE without HELP: ${line}`);
      assert.ok(!families.has(name), `twice: ${line}`);
      assert.match(rest, /^(counter|gauge|histogram)$/, line);
      assert.equal(rest === "counter", name.endsWith("_total"), `counters, and only they, are called _total: ${line}`);
      assert.doesNotMatch(name, /_(milliseconds|ms|minutes|kilobytes|mb|count|sum|bucket)$/, `base units: ${line}`);
      family = { name, type: rest, samples: new Map() };
      families.set(name, family);
    } else takeSample(line, family);
  }
  for (const one of families.values()) if (one.type === "histogram") assertHistogram(one);
  return [...families.values()].reduce((sum, { samples }) => sum + samples.size, 0);
}

function takeSample(line: string, family: Family | undefined): void {
  const [, name = "", labels = "", value = ""] = sampleLine.exec(line) ?? [];
  assert.ok(name !== "" && family, `no sample: ${line}`);
  const own =
    family.type === "histogram" ? ["_bucket", "_sum", "_count"].map((end) => family.name + end) : [family.name];
  assert.ok(own.includes(name), `among the samples of ${family.name}: ${line}`);
  label.lastIndex = 0;
  const names: string[] = [];
  while (label.lastIndex < labels.length) {
    const found = label.exec(labels);
    assert.ok(found, `labels that cannot be read: ${line}`);
    names.push(found[1] ?? "");
  }
  assert.equal(new Set(names).size, names.length, `a label twice: ${line}`);
  const amount = value === "+Inf" ? Number.POSITIVE_INFINITY : Number(value);
  assert.ok(!Number.isNaN(amount), `no number: ${line}`);
  if (family.type !== "gauge") assert.ok(amount >= 0, `below 0: ${line}`);
  const series = `${name}{${labels}}`;
  assert.ok(!family.samples.has(series), `twice: ${line}`);
  family.samples.set(series, amount);
}

/** Buckets only grow, and the last one holds all. */
function assertHistogram({ name, samples }: Family): void {
  const last = new Map<string, number>();
  for (const [series, amount] of samples) {
    const [, before, bound] = /^.*_bucket\{(?:(.*),)?le="([^"]+)"\}$/.exec(series) ?? [];
    if (bound === undefined) continue;
    const labels = before ?? "";
    assert.ok(amount >= (last.get(labels) ?? 0), `buckets do not grow: ${series}`);
    last.set(labels, amount);
    if (bound !== "+Inf") continue;
    assert.equal(samples.get(`${name}_count{${labels}}`), amount, `the last bucket holds all: ${series}`);
    assert.ok(samples.has(`${name}_sum{${labels}}`), `no sum: ${series}`);
  }
}
