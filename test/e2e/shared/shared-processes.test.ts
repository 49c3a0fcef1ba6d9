/** `shareProcessNamespace` as a user meets it: one process tree for the pod's containers and who debugs them, which starts anew as a whole. */
import assert from "node:assert/strict";
import type { Pod } from "#proto/resources/pod.ts";
import { pidsWith, processesWith } from "../support/containers.ts";
import { inNamespace } from "../support/in-namespace.ts";
import { image } from "../support/manifests.ts";
import { eventually } from "../support/programs.ts";

const word = 60_000 + (process.pid % 20_000);

const pair = `apiVersion: v1
kind: Pod
metadata: { name: pair }
spec:
  shareProcessNamespace: true
  terminationGracePeriodSeconds: 1
  containers:
    - { name: one, image: ${image}, command: [sleep, "${word}"] }
    - { name: two, image: ${image}, command: [/bin/sh, -c, "(true &); exec sleep ${word}"] }
`;

inNamespace("containers that share processes see each other, and start anew with the first of them", async (scene) => {
  const { cluster, namespace } = scene;
  await cluster.apply(pair, "-n", namespace, "--wait");
  const tree = /^ +1 65535 +\/pause -P\n(.* sleep \d+\n){2}/m;
  assert.match(await cluster.orchctl(["exec", "pair", "-c", "one", "-n", namespace, "--", "ps"]), tree);
  const debug = ["debug", "pair", "--attach", "--image", image, "-n", namespace, "--", "ps"];
  assert.match(await cluster.orchctl(debug), tree);
  const before = await eventually("both programs", () => {
    const pids = pidsWith(String(word));
    return pids.length === 2 ? pids : undefined;
  });
  const [holder, ...others] = processesWith("/pause");
  assert.ok(holder && others.length === 0);
  process.kill(holder.pid, "SIGKILL");
  await eventually("both started again", async () => {
    const { status } = await cluster.get<Pod>("pod/pair", "-n", namespace);
    return status?.containerStatuses?.every(({ restartCount, ready }) => restartCount > 0 && ready) ? true : undefined;
  });
  assert.equal(processesWith("/pause").length, 1);
  const after = pidsWith(String(word));
  assert.deepEqual([after.length, after.filter((pid) => before.includes(pid))], [2, []]);
});
