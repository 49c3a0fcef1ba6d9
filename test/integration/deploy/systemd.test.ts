/** The units are valid for systemd, which runs nothing here: its programs are enough to say so. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { root, run } from "../../e2e/support/programs.ts";

for (const unit of ["orch-control-plane.service", "orch-node-agent.service"]) {
  test(`${unit} passes systemd-analyze verify`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "orch-units-"));
    try {
      // verify insists on programs that exist: any will do.
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
