/** What the containers of a pod share: network, name, memory and volumes always, processes when `shareProcessNamespace` says so. */
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
  const { uid = "none" } = (await cluster.get<Pod>("pod/pair", "-n", namespace)).metadata;
  const holders = () => processesWith("/pause").filter(({ cgroup }) => cgroup.includes(uid));
  const [holder, ...others] = holders();
  assert.ok(holder && others.length === 0);
  process.kill(holder.pid, "SIGKILL");
  await eventually("both started again", async () => {
    const { status } = await cluster.get<Pod>("pod/pair", "-n", namespace);
    return status?.containerStatuses?.every(({ restartCount, ready }) => restartCount > 0 && ready) ? true : undefined;
  });
  assert.equal(holders().length, 1);
  const after = pidsWith(String(word));
  assert.deepEqual([after.length, after.filter((pid) => before.includes(pid))], [2, []]);
});

const apart = `apiVersion: v1
kind: Pod
metadata: { name: apart }
spec:
  terminationGracePeriodSeconds: 1
  volumes: [{ name: both, emptyDir: {} }]
  containers:
    - name: web
      image: ${image}
      command: [/bin/sh, -c, "echo served >/tmp/index.html; exec httpd -f -p 8080 -h /tmp"]
      volumeMounts: [{ name: both, mountPath: /both }]
    - name: look
      image: ${image}
      command: [sleep, "3600"]
      volumeMounts: [{ name: both, mountPath: /both }]
`;

inNamespace(
  "others share network, name and memory, not processes and files; one that starts again has new files",
  async (scene) => {
    const { cluster, namespace } = scene;
    await cluster.apply(apart, "-n", namespace, "--wait");
    const look = (script: string): Promise<string> =>
      cluster.orchctl(["exec", "apart", "-c", "look", "-n", namespace, "--", "sh", "-c", script]);
    const seen = "wget -qO- http://127.0.0.1:8080/index.html; hostname; ls /tmp; ps | grep -c '[h]ttpd'; true";
    assert.equal(await look(seen), "served\napart\n0\n");
    await look("echo mine >/tmp/mine; echo kept >/both/kept; echo memory >/dev/shm/kept");
    await cluster.orchctl(["restart", "apart", "-c", "look", "-n", namespace]);
    assert.equal(await look("ls /tmp; cat /both/kept /dev/shm/kept"), "kept\nmemory\n");
    const { status } = await cluster.get<Pod>("pod/apart", "-n", namespace);
    assert.deepEqual(
      status?.containerStatuses?.map(({ name, restartCount }) => [name, restartCount]),
      [
        ["web", 0],
        ["look", 1],
      ],
    );
  },
);
