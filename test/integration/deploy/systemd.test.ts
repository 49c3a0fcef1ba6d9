/** The units are valid for systemd; where there is no systemd-analyze, packages.sh has not installed systemd and we say so. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { root, run } from "../../e2e/support/programs.ts";

const hasSystemd = existsSync("/usr/bin/systemd-analyze");

for (const unit of ["orch-control-plane.service", "orch-node-agent.service"]) {
  test(`${unit} passes systemd-analyze verify`, {
    skip: !hasSystemd && "systemd-analyze is not on this machine",
  }, async () => {
    const folder = mkdtempSync(join(tmpdir(), "orch-units-"));
    try {
      // verify insists on programs that exist: any will do.
      mkdirSync(folder, { recursive: true });
      const text = readFileSync(join(root, "deploy/systemd", unit), "utf8").replaceAll(
        /\/usr\/local\/lib\/orch\/bin\/orch-[a-z-]+/g,
        "/bin/true",
      );
      writeFileSync(join(folder, unit), text);
      const ran = await run("systemd-analyze", ["verify", "--man=no", join(folder, unit)]);
      const complaints = ran.err.split("\n").filter((line) => line.includes(unit));
      assert.deepEqual(complaints, []);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}
