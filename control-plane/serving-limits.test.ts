import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import { defaultCallLimits } from "#proto/kit/rpc/call-admission.ts";
import { defaultConnectionLimits } from "#proto/kit/rpc/connection-guard.ts";
import { defaultSizeLimits } from "./api/size-limits.ts";
import { defaultWatchLimits } from "./api/watch-limits.ts";
import { readInvocation } from "./config.ts";
import { limitFlags, type ServingLimits } from "./serving-limits.ts";

const host = { hostname: "box", address: "192.0.2.7", searchPath: "/usr/bin" };

function limitsOf(...args: readonly string[]): ServingLimits {
  const invocation = readInvocation(args, host);
  assert.ok(invocation.kind === "run");
  return invocation.config.limits;
}

function refusals(...args: readonly string[]): readonly string[] {
  try {
    readInvocation(args, host);
    return [];
  } catch (thrown) {
    return Problem.from(thrown).causes.map(({ path, message }) => `${path} ${message}`);
  }
}

test("without flags the defaults of each part are in force", () => {
  const { calls, connections, watches, sizes } = limitsOf();
  assert.deepEqual(calls, defaultCallLimits);
  assert.deepEqual({ ...defaultConnectionLimits, ...connections }, defaultConnectionLimits);
  assert.deepEqual([watches, sizes], [defaultWatchLimits, defaultSizeLimits]);
});

test("each flag sets its own limit and no other", () => {
  const counts = Object.keys(limitFlags).filter((flag) => !flag.endsWith("-size"));
  // Falling, so that each part is within its whole, which comes before it.
  const args = counts.flatMap((flag, index) => [`--${flag}`, `${900 - index}`]);
  const { calls, enrollment, connections, watches, sizes } = limitsOf(
    ...args,
    ...["--max-object-size", "64Ki", "--max-list-size=2Mi"],
  );
  assert.deepEqual(calls.rate, { perSecond: 900, burst: 899 });
  assert.deepEqual([calls.maxRunningInAll, calls.maxRunning], [898, 897]);
  assert.deepEqual([calls.maxStreamsInAll, calls.maxStreams], [896, 895]);
  assert.deepEqual(watches, { total: 894, perUser: 893 });
  assert.deepEqual(connections, {
    ...{ maxConnections: 892, maxConnectionsOfIdentity: 891, maxConnectionsOfAddress: 890 },
    ...{ maxHandshakes: 889, maxHandshakesOfAddress: 888 },
  });
  assert.deepEqual(enrollment.rate, { perSecond: 887, burst: 886 });
  assert.deepEqual(sizes, { objectBytes: 65_536, listBytes: 2 << 20 });
});

test("a part that was not asked for fits a smaller whole; one that was asked for is refused beyond it", () => {
  const { calls, watches, connections } = limitsOf("--max-streams=100", "--max-connections=7");
  assert.deepEqual([calls.maxStreams, watches.total, watches.perUser], [100, 100, 100]);
  assert.deepEqual([connections.maxConnectionsOfIdentity, connections.maxConnectionsOfAddress], [7, 7]);
  assert.deepEqual(refusals("--max-calls=10", "--max-calls-per-identity=11"), [
    "--max-calls-per-identity is more than --max-calls 10",
  ]);
});

test("what is no number, no size, or out of bounds is refused with what is right", () => {
  assert.deepEqual(refusals("--max-calls=0", "--max-watches=many", "--max-call-rate=1.5"), [
    "--max-call-rate use a whole number from 1 to 1000000",
    "--max-calls use a whole number from 1 to 1000000",
    "--max-watches use a whole number from 1 to 1000000",
  ]);
  assert.deepEqual(refusals("--max-object-size=2Mi", "--max-list-size=1k"), [
    "--max-object-size use a size from 16Ki to 1Mi",
    "--max-list-size use a size from 1Mi to 60Mi",
  ]);
});

test("help names every limit with the default that is in force", () => {
  const help = readInvocation(["--help"], host);
  assert.ok(help.kind === "help");
  for (const flag of Object.keys(limitFlags)) assert.match(help.text, new RegExp(`--${flag} \\w+ +\\S`));
  assert.match(help.text, /--max-call-rate N +calls a second of one identity \(500\)/);
  assert.match(help.text, /--max-object-size SIZE +body of an object \(1Mi\)/);
});
