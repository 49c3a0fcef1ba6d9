/** What a person does all day: apply, look, scale, read logs, run commands, reach a port, delete. */
import assert from "node:assert/strict";
import type { Pod } from "#proto/resources/pod.ts";
import { inNamespace } from "../support/in-namespace.ts";
import { deployment, pod } from "../support/manifests.ts";
import { eventually } from "../support/programs.ts";

inNamespace(
  "a Deployment is applied, spread over the nodes, scaled up and down, and deleted",
  async ({ cluster, namespace }) => {
    const yaml = deployment({ name: "web", replicas: 3 });
    assert.match(await cluster.apply(yaml, "-n", namespace, "--wait"), /deployment\.apps\/web created/);
    const pods = await cluster.pods("-n", namespace);
    assert.equal(pods.length, 3);
    assert.equal(new Set(pods.map((one) => one.spec.nodeName)).size, 3, "three pods on three nodes");
    assert.equal(new Set(pods.map((one) => one.status?.podIP)).size, 3, "an address each");
    assert.match(await cluster.apply(yaml, "-n", namespace), /deployment\.apps\/web unchanged/);
    await cluster.orchctl(["scale", "deployment/web", "--replicas", "7", "--wait", "-n", namespace]);
    assert.equal((await cluster.pods("-n", namespace)).filter(isReady).length, 7);
    await cluster.orchctl(["scale", "deployment/web", "--replicas", "1", "-n", namespace]);
    await eventually("one pod is left", async () =>
      (await cluster.pods("-n", namespace)).length === 1 ? true : undefined,
    );
  },
);

const isReady = (one: Pod): boolean =>
  one.status?.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True") === true;

inNamespace(
  "a Deployment's rollout replaces all pods, keeps its history, and can be undone",
  async ({ cluster, namespace }) => {
    await cluster.apply(deployment({ name: "web", replicas: 2 }), "-n", namespace, "--wait");
    const before = (await cluster.pods("-n", namespace)).map((one) => one.metadata.name);
    await cluster.apply(
      deployment({ name: "web", replicas: 2, container: "          env: [{ name: VERSION, value: two }]" }),
      "-n",
      namespace,
      "--wait",
    );
    const after = (await cluster.pods("-n", namespace)).filter((one) => one.metadata.deletionTimestamp === undefined);
    assert.ok(after.every((one) => !before.includes(one.metadata.name)));
    assert.match(await cluster.orchctl(["rollout", "history", "deployment/web", "-n", namespace]), /^1 .*\n2 /m);
    await cluster.orchctl(["rollout", "undo", "deployment/web", "-n", namespace]);
    await cluster.orchctl(["rollout", "status", "deployment/web", "-n", namespace, "--timeout", "60s"]);
    const undone = (await cluster.pods("-n", namespace)).filter((one) => one.metadata.deletionTimestamp === undefined);
    assert.ok(undone.every((one) => one.spec.containers[0]?.env === undefined));
  },
);

inNamespace("logs, exec and port-forward reach into a pod", async ({ cluster, namespace }) => {
  const command = "echo first line; echo to stderr >&2; echo Hello > /tmp/index.html; exec httpd -f -p 8080 -h /tmp";
  await cluster.apply(pod("web", command), "-n", namespace, "--wait");
  const logs = await cluster.orchctl(["logs", "web", "-n", namespace]);
  assert.match(logs, /first line/);
  assert.match(logs, /to stderr/);
  assert.equal(await cluster.orchctl(["logs", "web", "--tail", "0", "-n", namespace]), "");
  const ran = await cluster.run(["exec", "web", "-n", namespace, "--", "sh", "-c", "echo out; echo err >&2; exit 7"]);
  assert.deepEqual([ran.code, ran.out, ran.err], [7, "out\n", "err\n"]);
  const piped = await cluster.orchctl(["exec", "-i", "web", "-n", namespace, "--", "wc", "-c"], {
    input: "x".repeat(300_000),
  });
  assert.equal(piped.trim(), "300000");
  const forward = cluster.start(["port-forward", "pod/web", ":8080", "-n", namespace]);
  try {
    const [, port] = await forward.waitFor(/Forwarding from 127\.0\.0\.1:(\d+)/);
    const answer = await fetch(`http://127.0.0.1:${port}/index.html`);
    assert.equal(await answer.text(), "Hello\n");
  } finally {
    await forward.stop();
  }
});

inNamespace(
  "run prints a command's output, returns its exit code, and removes its pod",
  async ({ cluster, namespace }) => {
    const ran = await cluster.run([
      "run",
      "--rm",
      "-n",
      namespace,
      "orch-example/hello:1",
      "--",
      "sh",
      "-c",
      "echo from the pod; exit 3",
    ]);
    assert.deepEqual([ran.code, ran.out], [3, "from the pod\n"], ran.err);
    await eventually("the pod is gone", async () =>
      (await cluster.pods("-n", namespace)).length === 0 ? true : undefined,
    );
  },
);

inNamespace(
  "ConfigMaps and Secrets arrive as environment and files; a Secret's file is in memory only",
  async ({ cluster, namespace }) => {
    await cluster.apply(
      `apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data: { color: blue, size: "7" }
---
apiVersion: v1
kind: Secret
metadata: { name: login }
stringData: { password: s3cret }
---
apiVersion: v1
kind: Pod
metadata: { name: reader }
spec:
  terminationGracePeriodSeconds: 1
  containers:
    - name: main
      image: orch-example/hello:1
      command: ["/bin/sh", "-c", "exec sleep 3600"]
      envFrom: [{ configMapRef: { name: settings } }]
      env:
        - { name: PASSWORD, valueFrom: { secretKeyRef: { name: login, key: password } } }
        - { name: POD, valueFrom: { fieldRef: { fieldPath: metadata.name } } }
        - { name: GREETING, value: "$(POD) is $(color)" }
      volumeMounts:
        - { name: settings, mountPath: /settings }
        - { name: login, mountPath: /login, readOnly: true }
  volumes:
    - { name: settings, configMap: { name: settings } }
    - { name: login, secret: { secretName: login, defaultMode: 0400 } }
`,
      "-n",
      namespace,
      "--wait",
    );
    const shown = await cluster.orchctl([
      "exec",
      "reader",
      "-n",
      namespace,
      "--",
      "sh",
      "-c",
      "echo $GREETING $PASSWORD; cat /settings/size; echo; cat /login/password; echo; grep ' /login ' /proc/mounts | cut -d' ' -f3; ls -lL /login/password | cut -c1-10",
    ]);
    assert.deepEqual(shown.trim().split("\n"), ["reader is blue s3cret", "7", "s3cret", "tmpfs", "-r--------"]);
  },
);

inNamespace("a pod that nobody can place says why", async ({ cluster, namespace }) => {
  await cluster.apply(
    deployment({ name: "huge", replicas: 1, container: "          resources: { requests: { cpu: 999 } }" }),
    "-n",
    namespace,
  );
  const message = await eventually("a reason", async () => {
    const [waiting] = await cluster.pods("-n", namespace);
    return waiting?.status?.conditions?.find(
      (condition) => condition.type === "PodScheduled" && condition.status === "False",
    )?.message;
  });
  assert.match(message, /0\/3 nodes are available.*cpu/i);
  assert.match(
    await cluster.orchctl([
      "describe",
      "pod",
      (await cluster.pods("-n", namespace))[0]?.metadata.name ?? "",
      "-n",
      namespace,
    ]),
    /Why pending.*cpu/i,
  );
});
