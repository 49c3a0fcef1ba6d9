import assert from "node:assert/strict";
import { test } from "node:test";
import { parsePercentage, portNumber, scaledValue } from "./int-or-string.ts";

test("percentages are shares of the total, rounded as asked", () => {
  assert.equal(scaledValue("25%", 10, "up"), 3);
  assert.equal(scaledValue("25%", 10, "down"), 2);
  assert.equal(scaledValue("25%", 4, "up"), 1);
  assert.equal(scaledValue("0%", 10, "up"), 0);
  assert.equal(scaledValue("100%", 7, "down"), 7);
  assert.equal(scaledValue(3, 10, "up"), 3);
  assert.equal(scaledValue(undefined, 10, "up"), 0);
  assert.equal(scaledValue("3", 10, "up"), 0);
  assert.equal(parsePercentage("5"), undefined);
  assert.equal(parsePercentage("1.5%"), undefined);
});

test("a port is found by number or by name", () => {
  const ports = [{ name: "web", containerPort: 8080 }, { containerPort: 9090 }];
  assert.equal(portNumber(80, ports), 80);
  assert.equal(portNumber("web", ports), 8080);
  assert.equal(portNumber("81", ports), 81);
  assert.equal(portNumber("admin", ports), undefined);
  assert.equal(portNumber("web", undefined), undefined);
});
