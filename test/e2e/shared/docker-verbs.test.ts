/** What somebody who comes from Docker types, on the real thing. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Pod } from "#proto/resources/pod.ts";
import { inNamespace, type Scene } from "../support/in-namespace.ts";
import { deployment, image } from "../support/manifests.ts";
import { eventually } from "../support/programs.ts";

/** Counts as long as it runs; says which signals it hears. */
const counter =
  "echo $(( $(cat /kept/starts 2>/dev/null || echo 0) + 1 )) >/kept/starts; trap 'echo hup >>/heard' HUP; trap 'exit 3' TERM; echo 0 >/count; while :; do echo $(( $(cat /count) + 1 )) >/count; sleep 0.1; done";

function verbs({ cluster, namespace }: Scene) {
  // Behind the verb: what follows "--" is the container's.
  const placed = ([verb = "", ...words]: readonly string[]) => [verb, "-n", namespace, ...words];
  const run = (...words: readonly string[]) => cluster.run(placed(words));
  const ok = (...words: readonly string[]) => cluster.orchctl(placed(words));
  const refused = async (message: RegExp, ...words: readonly string[]): Promise<number> => {
    const { code, err } = await run(...words);
    assert.match(err, message, words.join(" "));
    return code;
  };
  return { ok, refused, run };
}

inNamespace("run, ps, pause, stop, start, restart, kill, wait, rm", async (scene) => {
  const { ok, refused } = verbs(scene);
  const { cluster, namespace } = scene;
  const pod = (): Promise<Pod> => cluster.get<Pod>("pod/box", "-n", namespace);
  const read = async (path: string): Promise<string> =>
    (await cluster.orchctl(["exec", "box", "-n", namespace, "--", "cat", path])).trim();
  const flags = ["--name", "box", "--restart", "always", "-v", "/kept", "--entrypoint", "sh", "--stop-timeout", "5"];
  assert.equal(await ok("run", "-d", ...flags, image, "--", "-c", counter), "pod/box created\n");
  await ok("wait", "pod/box", "--for", "condition=Ready");
  assert.match(
    await ok("ps"),
    /^NAME +IMAGE +COMMAND +CREATED +STATUS +PORTS +NODE +POD\nhello +\S+ +sh -c .* Up \S+ .* box\n$/,
  );
  const format = "{{.Pod}}/{{.Names}} {{.State}}";
  assert.equal(await ok("ps", "--format", format, "--filter", "status=running"), "box/hello running\n");

  // Frozen: nothing counts, nothing runs in it, and it is not ready; then it goes on where it was, the same process.
  const pidOf = (): Promise<string> => ok("inspect", "box", "-c", "hello", "-f", "{{.State.Pid}} {{.State.Status}}");
  const before = await pidOf();
  assert.equal(await ok("pause", "box"), "pod/box paused\n");
  assert.match(await ok("get", "pod", "box"), /box +0\/1 +Paused/);
  assert.equal(await ok("ps", "--format", format), "box/hello paused\n");
  assert.equal(await refused(/is paused\n.*orchctl unpause box/, "exec", "box", "--", "true"), 4);
  const [pid] = before.split(" ");
  const processorTime = (): string => readFileSync(`/proc/${pid}/schedstat`, "utf8");
  const frozen = processorTime();
  await ok("top", "box");
  assert.equal(processorTime(), frozen);
  assert.equal(await ok("unpause", "box"), "pod/box unpaused\n");
  assert.equal(await pidOf(), before);

  // Stopped it keeps its place and its volumes, and stays stopped although it restarts always.
  assert.equal(await ok("stop", "box", "-t", "4"), "pod/box stopped\n");
  const stopped = (await pod()).status?.containerStatuses?.[0];
  assert.equal(stopped?.state?.waiting?.reason, "Stopped");
  assert.equal(stopped?.lastState?.terminated?.exitCode, 3);
  assert.equal(await ok("ps"), "NAME   IMAGE   COMMAND   CREATED   STATUS   PORTS   NODE   POD\n");
  assert.match(await ok("ps", "-a"), / Stopped \(3\) /);
  assert.equal(await refused(/nothing of pod box runs/, "kill", "box"), 4);
  const { podIP } = (await pod()).status ?? {};
  assert.equal(await ok("start", "box"), "pod/box started\n");
  assert.equal((await pod()).status?.podIP, podIP);
  assert.equal(await read("/kept/starts"), "2");
  assert.equal(await ok("restart", "box", "-t", "4"), "pod/box restarted\n");
  assert.equal(await read("/kept/starts"), "3");

  // A signal that it handles, one that ends it; docker wait tells how.
  await eventually("it listens", async () => (Number(await read("/count")) > 0 ? true : undefined));
  assert.match(await ok("kill", "-s", "HUP", "box"), /pod\/box HUP sent to hello/);
  await eventually("it heard", async () => ((await read("/heard").catch(() => "")) === "hup" ? true : undefined));
  assert.equal(await refused(/there is no signal "FOO"/, "kill", "-s", "FOO", "box"), 5);
  const waiting = cluster.run(["wait", "box", "-n", namespace, "--timeout", "60s"]);
  await eventually("the wait ends with its container", async () => {
    await ok("kill", "-s", "KILL", "box");
    return Promise.race([waiting.then(() => true), ok("ps").then(() => undefined)]);
  });
  assert.equal((await waiting).out, "137\n");

  await eventually("it runs again", async () => ((await ok("ps", "-q")) === "box\n" ? true : undefined));
  assert.equal(await refused(/pod box runs\n.*orchctl rm -f box/, "rm", "box"), 4);
  await ok("pause", "box");
  assert.equal(await ok("rm", "-f", "box"), "pod/box removed\n");
  assert.equal(await ok("ps", "-a", "-q"), "");
});

inNamespace(
  "a pod that has ended stays so; what belongs to a workload is scaled or rolled, not stopped",
  async (scene) => {
    const { ok, refused, run } = verbs(scene);
    const { cluster, namespace } = scene;
    assert.equal((await run("run", "--name", "once", image, "--command", "--", "sh", "-c", "exit 4")).code, 4);
    assert.equal(await ok("wait", "once"), "4\n");
    assert.match(await ok("ps", "-a"), / Exited \(4\) /);
    assert.equal(await refused(/has ended \(Failed\): it cannot be started\n.*replace --force/, "start", "once"), 4);
    assert.equal(await ok("stop", "once"), "pod/once has ended already\n");
    const manifest = await ok("get", "pod", "once", "-o", "yaml");
    await cluster.orchctl(["replace", "--force", "-f", "-", "-n", namespace], { input: manifest });
    assert.equal(await ok("wait", "once"), "4\n");
    assert.equal(await ok("rm", "once"), "pod/once removed\n");

    await cluster.apply(deployment({ name: "web", replicas: 1 }), "-n", namespace, "--wait");
    assert.equal(
      await refused(/cannot be stopped.*\n.*scale deployment\/web --replicas 0/, "stop", "deployment/web"),
      5,
    );
    const name = (await ok("ps", "-q")).trim();
    assert.equal(await refused(/belongs to replicaset\/.*serve nobody\n.*delete pod/, "stop", name), 4);
    assert.equal(await ok("restart", name), `pod/${name} restarted\n`);
    assert.equal(await ok("restart", "deployment/web"), "deployment.apps/web restarts\n");
  },
);

inNamespace("inspect, changes, top and stats tell what the node knows", async (scene) => {
  const { ok, refused } = verbs(scene);
  const script = "echo a >/added; rm /bin/true; echo PATH >>/etc/passwd; ln -s /etc /link; exec sleep 3600";
  const flags = ["--name", "seen", "-e", "TOKEN=hush", "-m", "64m", "--hostname", "box", "--tmpfs", "/scratch"];
  await ok("run", "-d", ...flags, image, "--command", "--", "sh", "-c", script);
  await ok("wait", "pod/seen", "--for", "condition=Ready");
  const changed = await eventually("all is written", async () => {
    const lines = (await ok("changes", "seen")).trim().split("\n");
    return lines.includes("A /link") ? lines : undefined;
  });
  assert.deepEqual(changed, ["A /added", "C /bin", "D /bin/true", "C /etc", "C /etc/passwd", "A /link"]);
  const { changes } = JSON.parse(await ok("changes", "seen", "-o", "json"));
  assert.deepEqual(changes[0], { kind: "A", path: "/added" });

  const text = await ok("inspect", "seen");
  assert.ok(!text.includes("managedFields"));
  const [{ containers }] = JSON.parse(text);
  const { state, rootfs, runtime, image: used } = containers[0];
  assert.equal(state.status, "running");
  assert.match(readFileSync(`/proc/${state.pid}/cgroup`, "utf8"), new RegExp(runtime.cgroup));
  assert.match(used.digest, /^sha256:/);
  assert.equal(rootfs.layers.length, rootfs.layerPaths.length);
  assert.equal(readFileSync(`${rootfs.upper}/added`, "utf8"), "a\n");
  assert.ok(runtime.mounts.some(({ destination }: { destination: string }) => destination === "/scratch"));
  assert.ok(runtime.env.includes("TOKEN") && !JSON.stringify(containers).includes("hush"));
  assert.match(await ok("inspect", "seen", "-c", "hello", "-f", "{{.State.Running}} {{.Pod}}"), /^true seen$/m);
  assert.equal(await refused(/there is no pod, node or image "nobody"/, "inspect", "nobody"), 3);

  assert.match(await ok("top", "seen"), /^CONTAINER +UID +PID .*\n(hello .*\n)*hello +0 +\d+ .* sleep 3600\n/);
  assert.match(await ok("top", "containers"), /^POD +CONTAINER +CPU +MEMORY +READ\/S +WRITTEN\/S\nseen +hello /);
  assert.match(await ok("top", "pods"), / NET IN\/S +NET OUT\/S /);
  assert.match(
    await ok("stats", "--no-stream", "seen"),
    /^POD +CONTAINER +CPU %.*\nseen +hello +[\d.]+% +\S+ \/ 64\.0MiB /,
  );
});
