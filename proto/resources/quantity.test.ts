import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "../kit/random.ts";
import {
  addQuantities,
  canonicalQuantity,
  compareQuantities,
  formatQuantity,
  fromBytes,
  fromMilliCpu,
  parseQuantity,
  toBytes,
  toMilliCpu,
} from "./quantity.ts";

test("spellings of one amount share one canonical form, that of Kubernetes", () => {
  const table: readonly (readonly [string, string])[] = [
    ["0", "0"],
    ["-0", "0"],
    ["0.5", "500m"],
    ["1000m", "1"],
    ["1500m", "1500m"],
    ["1.5", "1500m"],
    ["100m", "100m"],
    ["1000", "1k"],
    ["1e3", "1e3"],
    ["12E6", "12e6"],
    ["1024Ki", "1Mi"],
    ["1024Mi", "1Gi"],
    ["1536Mi", "1536Mi"],
    ["0.5Gi", "512Mi"],
    ["512", "512"],
    ["1Ki", "1Ki"],
    ["0.5Ki", "512"],
    [".5", "500m"],
    ["5.", "5"],
    ["+3", "3"],
    ["-1.5", "-1500m"],
    ["1E", "1E"],
    ["999999999999999999999", "9223372036854775807"],
    ["0.0000000001", "1n"],
    ["007", "7"],
  ];
  for (const [given, expected] of table) assert.equal(canonicalQuantity(given), expected, given);
});

test("what is not a quantity is told apart", () => {
  for (const text of [
    "",
    " ",
    "m",
    ".",
    "1 Mi",
    "1Kib",
    "1mi",
    "0x10",
    "1e",
    "one",
    "1,5",
    "--1",
    "1Mi ",
    "NaN",
    "1e9999",
  ])
    assert.equal(parseQuantity(text), undefined, text);
  assert.equal(parseQuantity("9".repeat(100_000)), undefined);
});

test("cpu in thousandths and bytes are rounded up", () => {
  assert.equal(toMilliCpu("250m"), 250);
  assert.equal(toMilliCpu("2"), 2000);
  assert.equal(toMilliCpu("0.1"), 100);
  assert.equal(toMilliCpu("100u"), 1);
  assert.equal(toMilliCpu("1k"), 1_000_000);
  assert.equal(toMilliCpu(undefined), 0);
  assert.equal(toBytes("128Mi"), 134_217_728);
  assert.equal(toBytes("1M"), 1_000_000);
  assert.equal(toBytes("1.5Gi"), 1_610_612_736);
  assert.equal(toBytes("100m"), 1);
  assert.equal(toBytes("nonsense"), 0);
  assert.equal(fromMilliCpu(1500), "1500m");
  assert.equal(fromMilliCpu(2000), "2");
  assert.equal(fromBytes(3 * 1024 ** 3), "3Gi");
});

test("comparison and sum work across suffixes", () => {
  assert.equal(compareQuantities("1Gi", "1024Mi"), 0);
  assert.equal(compareQuantities("1", "999m"), 1);
  assert.equal(compareQuantities("1M", "1Mi"), -1);
  assert.equal(addQuantities("500m", "1"), "1500m");
  assert.equal(addQuantities("512Mi", "512Mi"), "1Gi");
});

test("printing and parsing are inverse for seeded amounts", () => {
  const random = seededRandom(7);
  for (let i = 0; i < 2000; i++) {
    const nanos = BigInt(Math.floor(random.next() * 2 ** 52)) * 10n ** BigInt(Math.floor(random.next() * 8));
    const text = formatQuantity({ nanos, format: "decimal" });
    assert.equal(parseQuantity(text)?.nanos, nanos, text);
  }
});
