/** Runs a file of tests inside a network namespace of its own, so that bridges, rules and settings never touch this machine's. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

const timeoutMs = 400_000;

export function testInNetworkNamespace(name: string, file: string): void {
  test(name, () => {
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const setUp = 'mount --make-rprivate / && ip link set lo up && exec "$@"';
    const command = ["--net", "--mount", "sh", "-c", setUp, "sh", process.execPath, file];
    const { status, stdout, stderr } = spawnSync("unshare", command, { env, encoding: "utf8", timeout: timeoutMs });
    assert.equal(status, 0, `${stdout}\n${stderr}`);
  });
}
