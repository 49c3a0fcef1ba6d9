/** What surrounds a pod's containers: init containers, sidecars, hooks, the startup probe, a deadline. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync } from "node:fs";
import type { Pod } from "#proto/resources/pod.ts";
import { allowPrivileged, inNamespace } from "../support/in-namespace.ts";
import { image, pod } from "../support/manifests.ts";
import { eventually } from "../support/programs.ts";

const folder = `/tmp/orch-parts-${process.pid}`;
const diary = `${folder}/diary`;
const lines = (): readonly string[] => (existsSync(diary) ? readFileSync(diary, "utf8").trim().split("\n") : []);

const container = (name: string, command: string, more = ""): string => `    - name: ${name}
      image: ${image}
      command: ["/bin/sh", "-c", ${JSON.stringify(command)}]
      volumeMounts: [{ name: diary, mountPath: /diary }]
${more}`;

const stays = (name: string): string =>
  `echo ${name} begins >>/diary/diary; trap 'echo ${name} ends >>/diary/diary; exit 0' TERM; while :; do sleep 0.1; done`;

const parts = `apiVersion: v1
kind: Pod
metadata: { name: parts }
spec:
  terminationGracePeriodSeconds: 20
  volumes: [{ name: diary, hostPath: { path: ${folder}, type: DirectoryOrCreate } }]
  initContainers:
${container("first", "sleep 0.2; echo first >>/diary/diary")}
${container(
  "proxy",
  stays("proxy"),
  `      restartPolicy: Always
      startupProbe: { exec: { command: [test, -s, /diary/diary] }, periodSeconds: 1 }`,
)}
${container("second", "echo second >>/diary/diary")}
  containers:
${container(
  "main",
  stays("main"),
  `      lifecycle:
        postStart: { exec: { command: [sh, -c, "sleep 0.5; echo postStart >>/diary/diary"] } }
        preStop: { exec: { command: [sh, -c, "echo preStop >>/diary/diary; sleep 0.5"] } }
      readinessProbe: { exec: { command: [grep, postStart, /diary/diary] }, periodSeconds: 1 }`,
)}
`;

inNamespace("init containers, a sidecar and hooks run in Kubernetes' order, up and down", async (scene) => {
  const { cluster, namespace } = scene;
  await allowPrivileged(scene);
  try {
    await cluster.apply(parts, "-n", namespace, "--wait");
    const begun = lines();
    assert.deepEqual(begun.slice(0, 3), ["first", "proxy begins", "second"]);
    assert.deepEqual(begun.slice(3).toSorted(), ["main begins", "postStart"]);
    assert.match(await cluster.orchctl(["get", "pod", "parts", "-n", namespace]), /parts +2\/2 +Running +0 /);
    await cluster.orchctl(["delete", "pod", "parts", "-n", namespace]);
    assert.deepEqual(lines().slice(5), ["preStop", "main ends", "proxy ends"]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

inNamespace(
  "a failing init container holds the pod back and says so; a deadline ends a pod",
  async ({ cluster, namespace }) => {
    const init = `  initContainers: [{ name: check, image: "${image}", command: [sh, -c, "echo not yet; exit 3"] }]\n  restartPolicy: Never`;
    await cluster.apply(pod("held", "exec sleep 3600", init), "-n", namespace);
    await cluster.apply(
      pod("late", "trap 'exit 0' TERM; while :; do sleep 0.1; done", "  activeDeadlineSeconds: 2"),
      "-n",
      namespace,
    );
    const status = (name: string, phase: string): Promise<Pod["status"]> =>
      eventually(`${name} ${phase}`, async () => {
        const found = (await cluster.get<Pod>(`pod/${name}`, "-n", namespace)).status;
        return found?.phase === phase ? found : undefined;
      });
    const held = await status("held", "Failed");
    assert.equal(held?.initContainerStatuses?.[0]?.state?.terminated?.exitCode, 3);
    assert.match(await cluster.orchctl(["get", "pod", "held", "-n", namespace]), /held +0\/1 +Init:Error /);
    assert.equal(await cluster.orchctl(["logs", "held", "-c", "check", "-n", namespace]), "not yet\n");
    assert.equal((await status("late", "Failed"))?.reason, "DeadlineExceeded");
  },
);
