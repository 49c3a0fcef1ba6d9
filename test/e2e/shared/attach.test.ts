/** run -it, run -i and attach: in a real terminal, with a full-screen program, with signals, and several at a time. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { inNamespace } from "../support/in-namespace.ts";
import { image, pod } from "../support/manifests.ts";
import { eventually, programs } from "../support/programs.ts";
import { Tmux } from "../support/tmux.ts";

inNamespace("run -it is left with Ctrl-P Ctrl-Q and joined again by attach, vi and all", async (scene) => {
  const { cluster, namespace } = scene;
  const orchctl = join(programs, "bin/orchctl");
  const size = { columns: 93, rows: 33 };
  const run = `${orchctl} run -it --name shell -n ${namespace} --entrypoint /bin/sh ${image}`;
  const tmux = await Tmux.start(run, size, cluster.variables);
  try {
    await tmux.shows(/[$#] ?$/m);
    await tmux.keys("stty size", "Enter");
    await tmux.shows(/^33 93$/m);
    await tmux.keys("clear; vi /tmp/note", "Enter");
    await tmux.shows(/^~\s*$/m);
    await tmux.keys("i", "written in vi", "Escape");
    await tmux.shows(/^written in vi$/m);
    await tmux.resize(103, 43);
    await tmux.keys("C-p", "C-q");
    assert.match(await tmux.shows(/^left with 0$/m), /left pod shell, which goes on/);
  } finally {
    await tmux.stop();
  }

  const attach = `${orchctl} attach -it shell -n ${namespace}`;
  const again = await Tmux.start(attach, { columns: 77, rows: 27 }, cluster.variables);
  try {
    await again.shows(/^written in vi\s*\n(~\s*\n){20,24}/m);
    await again.keys("o", "and more", "Escape");
    await again.shows(/^and more$/m);
    await again.keys(":wq", "Enter");
    await again.shows(/[$#] ?$/m);
    await again.keys("clear; cat /tmp/note; stty size", "Enter");
    await again.shows(/^written in vi\nand more\n27 77$/m);
    await again.resize(88, 28);
    await again.keys("clear; stty size; echo be''gun; sleep 1000", "Enter");
    await again.shows(/^28 88\nbegun$/m);
    await again.keys("C-c");
    await again.keys("exit 9", "Enter");
    await again.shows(/^left with 9$/m);
    await again.keys("echoed again", "Enter");
    await again.shows(/echoed again\s+echoed again/);
  } finally {
    await again.stop();
  }
});

inNamespace("run passes input to its end, keeps outputs apart, and leaves with the exit code", async (scene) => {
  const { cluster, namespace } = scene;
  const run = (script: string, ...flags: readonly string[]) => [
    ...["run", "--rm", "-n", namespace, ...flags, "--entrypoint", "/bin/sh", image, "--", "-c", script],
  ];
  const input = Buffer.alloc(2_000_000, "orchestrate\n");
  const counted = await cluster.run(run("wc -c; echo complaint >&2; exit 3", "-i"), { input });
  assert.deepEqual([counted.code, counted.out.trim(), counted.err], [3, "2000000", "complaint\n"]);
  const silent = await cluster.run(run("wc -c"), { input });
  assert.deepEqual([silent.code, silent.out.trim(), silent.err], [0, "0", ""], "without -i there is no input");
  const typed = await cluster.run(run("tty", "-it"), { input: "" });
  assert.match(typed.err, /no terminal/);

  const trapping = cluster.start(run("trap 'echo got it; exit 5' INT; echo up; while :; do sleep 0.1; done"));
  await trapping.waitFor(/^up$/m);
  trapping.child.kill("SIGINT");
  await trapping.waitFor(/^got it$/m);
  assert.equal(await trapping.exitCode, 5);

  const stubborn = cluster.start(run("trap 'echo no' INT TERM; echo up; while :; do sleep 0.1; done"));
  await stubborn.waitFor(/^up$/m);
  for (const count of [1, 2]) {
    stubborn.child.kill("SIGINT");
    await stubborn.waitFor(new RegExp(`(no\\s+){${count}}`));
  }
  stubborn.child.kill("SIGINT");
  assert.equal(await stubborn.exitCode, 130);
  await eventually("no pod is left", async () => {
    return (await cluster.pods("-n", namespace)).length === 0 ? true : undefined;
  });
});

const reader = (name: string): string =>
  pod(name, "while read line; do echo $line | sed 's/^/got /'; done; echo over").replace(
    "      image:",
    "      stdin: true\n      image:",
  );

inNamespace(
  "several are attached at a time, and one that leaves takes nothing along",
  async ({ cluster, namespace }) => {
    await cluster.apply(reader("desk"), "-n", namespace, "--wait");
    const attach = () => cluster.start(["attach", "desk", "-n", namespace]);
    const say = (words: string) => cluster.run(["attach", "-i", "desk", "-n", namespace], { input: words });
    /** Who has just been started may not listen yet: it is said again until it is heard. */
    const hears = async (listener: ReturnType<typeof attach>, words: string): Promise<void> => {
      const said: Promise<{ readonly out: string }>[] = [];
      await eventually(`${words} is heard`, () => {
        if (said.length < 20) said.push(say(`${words}\n`));
        return listener.text().includes(`got ${words}`) ? true : undefined;
      });
      speakers.push(...said);
    };
    const speakers: Promise<{ readonly out: string }>[] = [];
    const [first, second] = [attach(), attach()];
    await hears(first, "hello");
    await hears(second, "both");
    first.child.kill("SIGINT");
    assert.equal(await first.exitCode, 130);
    const third = attach();
    await hears(third, "again");
    assert.ok(second.text().includes("got again"));
    await cluster.orchctl(["delete", "pod", "desk", "-n", namespace, "--now"]);
    for (const listener of [second, third]) assert.equal(await listener.exitCode, 143, "its end is that of all");
    await Promise.all(speakers);
  },
);

inNamespace("attach says what cannot be", async ({ cluster, namespace }) => {
  await cluster.apply(pod("plain", "echo up; sleep 2; exit 4", "  restartPolicy: Never"), "-n", namespace, "--wait");
  const attached = await cluster.run(["attach", "-i", "plain", "-n", namespace], { input: "words" });
  assert.match(attached.err, /container main takes no input \(stdin: true is not in its spec\)/);
  assert.equal(attached.code, 4);
  const late = await cluster.run(["attach", "plain", "-n", namespace]);
  assert.match(late.err, /container "main" of pod "plain" is not running/);
  assert.match((await cluster.run(["attach", "none", "-n", namespace])).err, /Pod .*none does not exist/);
  assert.equal((await cluster.run(["attach", "plain", "--detach-keys", "ctrl-1", "-n", namespace])).code, 2);
});
