/** exec -it in a real terminal: a shell, a full-screen program, a change of size, and the terminal as it was afterwards. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { inNamespace } from "../support/in-namespace.ts";
import { pod } from "../support/manifests.ts";
import { programs } from "../support/programs.ts";
import { Tmux } from "../support/tmux.ts";

inNamespace("exec -it runs a shell and vi in a real terminal, follows its size and restores it", async (scene) => {
  const { cluster, namespace } = scene;
  await cluster.apply(pod("shell", "exec sleep 3600"), "-n", namespace, "--wait");
  const command = `${join(programs, "bin/orchctl")} exec -it -n ${namespace} shell -- sh`;
  const tmux = await Tmux.start(command, { columns: 91, rows: 31 }, cluster.variables);
  try {
    await tmux.shows(/[$#] ?$/m);
    await tmux.keys("stty size", "Enter");
    await tmux.shows(/^31 91$/m);
    await tmux.resize(101, 41);
    await tmux.keys("clear; stty size", "Enter");
    await tmux.shows(/^41 101$/m);

    await tmux.keys("vi /tmp/note", "Enter");
    await tmux.shows(/^~\s*$/m);
    await tmux.keys("i", "written in vi", "Escape");
    await tmux.shows(/^written in vi$/m);
    await tmux.keys(":wq", "Enter");
    await tmux.shows(/[$#] ?$/m);
    await tmux.keys("clear; cat /tmp/note; echo", "Enter");
    await tmux.shows(/^written in vi$/m);

    await tmux.keys("clear; echo be''gun; sleep 1000", "Enter");
    await tmux.shows(/^begun$/m);
    await tmux.keys("C-c");
    await tmux.keys("exit 9", "Enter");
    await tmux.shows(/^left with 9$/m);
    await tmux.keys("echoed again", "Enter");
    assert.match(
      await tmux.shows(/echoed again\s+echoed again/),
      /echoed again/,
      "the terminal echoes lines as before",
    );
  } finally {
    await tmux.stop();
  }
});
