import assert from "node:assert/strict";
import { test } from "node:test";
import { formatPlatform, hostPlatform, normalPlatform, platformRank } from "./platform.ts";

const rank = (host: string, candidate: string): number | undefined => platformRank(parse(host), parse(candidate));
const parse = (text: string): ReturnType<typeof normalPlatform> => {
  const [os = "", architecture = "", variant = ""] = text.split("/");
  return normalPlatform({ os, architecture, variant });
};

test("spellings of one platform are equal", () => {
  assert.deepEqual(parse("linux/x86_64"), parse("linux/amd64/v1"));
  assert.deepEqual(parse("linux/aarch64"), parse("linux/arm64/v8"));
  assert.deepEqual(parse("linux/armhf"), parse("linux/arm/7"));
  assert.equal(formatPlatform(hostPlatform("x64")), "linux/amd64");
  assert.equal(formatPlatform(hostPlatform("arm64")), "linux/arm64");
});

test("a lower variant fits worse than the machine's own, a higher one not at all", () => {
  assert.equal(rank("linux/arm64", "linux/arm64/v8"), 0);
  assert.ok((rank("linux/arm/v7", "linux/arm/v6") ?? 0) > 0);
  assert.equal(rank("linux/arm/v6", "linux/arm/v7"), undefined);
  assert.ok((rank("linux/amd64/v3", "linux/amd64/v2") ?? 0) > 0);
  assert.ok((rank("linux/amd64/v3", "linux/amd64") ?? 0) > (rank("linux/amd64/v3", "linux/amd64/v2") ?? 0));
  assert.equal(rank("linux/amd64", "linux/amd64/v3"), undefined);
});

test("a 32-bit image is the last choice, another system's none", () => {
  assert.ok((rank("linux/amd64", "linux/386") ?? 0) > 0);
  assert.ok((rank("linux/arm64", "linux/arm/v7") ?? 0) > 0);
  assert.equal(rank("linux/amd64", "windows/amd64"), undefined);
  assert.equal(rank("linux/amd64", "linux/arm64"), undefined);
  assert.equal(rank("linux/amd64", "unknown/unknown"), undefined);
});
