/** What a pod's fields say about its life, seen from inside: names, environment, projected files that follow, last words, signals. */
import assert from "node:assert/strict";
import type { Pod } from "#proto/resources/pod.ts";
import { inNamespace } from "../support/in-namespace.ts";
import { image } from "../support/manifests.ts";
import { eventually } from "../support/programs.ts";

const objects = `apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data: { level: debug, color: red, bad.name: kept }
---
apiVersion: v1
kind: Secret
metadata: { name: login }
stringData: { user: ana, password: hush }
---
`;

const seen = `apiVersion: v1
kind: Pod
metadata:
  name: seen
  labels: { app: seen, tier: front }
  annotations: { note: first }
spec:
  hostname: box
  subdomain: boxes
  setHostnameAsFQDN: true
  terminationGracePeriodSeconds: 10
  hostAliases: [{ ip: 192.0.2.7, hostnames: [db, db.test] }]
  dnsPolicy: None
  dnsConfig: { nameservers: [192.0.2.53], searches: [example.test], options: [{ name: ndots, value: "2" }] }
  enableServiceLinks: false
  containers:
    - name: main
      image: ${image}
      command: [sh, -c, "trap 'echo hup' HUP; trap 'echo told USR1 >/dev/termination-log; exit 7' USR1; while :; do sleep 0.1; done"]
      lifecycle:
        stopSignal: SIGUSR1
        preStop: { sleep: { seconds: 1 } }
      resources: { limits: { cpu: 250m, memory: 64Mi } }
      envFrom:
        - { prefix: SET_, configMapRef: { name: settings } }
        - { secretRef: { name: absent, optional: true } }
      env:
        - { name: FIRST, value: one }
        - { name: SECOND, value: "$(FIRST) and $(UNKNOWN) and $$(FIRST)" }
        - { name: USER_NAME, valueFrom: { secretKeyRef: { name: login, key: user } } }
        - { name: GONE, valueFrom: { configMapKeyRef: { name: settings, key: absent, optional: true } } }
        - { name: POD_IP, valueFrom: { fieldRef: { fieldPath: status.podIP } } }
        - { name: NODE, valueFrom: { fieldRef: { fieldPath: spec.nodeName } } }
        - { name: APP, valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } }
        - { name: MILLICPU, valueFrom: { resourceFieldRef: { resource: limits.cpu, divisor: 1m } } }
        - { name: MEMORY, valueFrom: { resourceFieldRef: { resource: limits.memory, divisor: 1Mi } } }
      volumeMounts:
        - { name: all, mountPath: /all }
        - { name: all, mountPath: /one, subPath: etc/level }
        - { name: config, mountPath: /config }
        - { name: scratch, mountPath: /scratch, subPathExpr: "$(APP)/logs" }
  volumes:
    - name: all
      projected:
        defaultMode: 0440
        sources:
          - configMap: { name: settings, items: [{ key: level, path: etc/level, mode: 0400 }] }
          - secret: { name: login, items: [{ key: password, path: password }] }
          - downwardAPI:
              items:
                - { path: labels, fieldRef: { fieldPath: metadata.labels } }
                - { path: note, fieldRef: { fieldPath: "metadata.annotations['note']" } }
                - { path: memory, resourceFieldRef: { containerName: main, resource: limits.memory, divisor: 1Mi } }
    - name: config
      configMap: { name: settings }
    - name: scratch
      emptyDir: {}
`;

inNamespace(
  "names, environment and projected files, which follow what they are made of",
  async ({ cluster, namespace }) => {
    await cluster.apply(objects + seen, "-n", namespace, "--wait");
    const inside = (script: string): Promise<string> =>
      cluster.orchctl(["exec", "seen", "-n", namespace, "--", "sh", "-c", script]);
    const [name, hosts, resolver, env, files] = (
      await inside(
        "hostname; echo ---; tail -n 2 /etc/hosts; echo ---; cat /etc/resolv.conf; echo ---; env | sort; echo ---; cat /all/etc/level /one /all/password /all/labels /all/note /all/memory; echo; stat -L -c '%a %n' /all/etc/level /all/password; readlink /config/level; ls -d /scratch",
      )
    ).split("---\n");
    const full = `box.boxes.${namespace}.svc.cluster.local`;
    assert.equal(name, `${full}\n`);
    assert.match(hosts ?? "", new RegExp(`^[\\d.]+\\t${full}\\tbox\\n192\\.0\\.2\\.7\\tdb db\\.test\\n$`));
    assert.equal(resolver, "nameserver 192.0.2.53\nsearch example.test\noptions ndots:2\n");
    const { status, spec } = await cluster.get<Pod>("pod/seen", "-n", namespace);
    for (const line of [
      ...["APP=seen", "FIRST=one", "MEMORY=64", "MILLICPU=250", `NODE=${spec.nodeName}`, `POD_IP=${status?.podIP}`],
      ...["SECOND=one and $(UNKNOWN) and $(FIRST)", "SET_color=red", "SET_level=debug", "USER_NAME=ana"],
    ])
      assert.ok((env ?? "").split("\n").includes(line), `${line} in\n${env}`);
    assert.ok(!(env ?? "").includes("GONE="));
    assert.equal(
      files,
      'debugdebughushapp="seen"\ntier="front"first64\n400 /all/etc/level\n440 /all/password\n..data/level\n/scratch\n',
    );

    // Each kind of source is followed, all files of a volume at one moment; what a subPath pinned stays.
    await cluster.orchctl(["label", "pod", "seen", "tier=back", "--overwrite", "-n", namespace]);
    await cluster.orchctl(["annotate", "pod", "seen", "note=second", "--overwrite", "-n", namespace]);
    await cluster.orchctl(["patch", "configmap", "settings", "-n", namespace, "-p", '{"data":{"level":"info"}}']);
    await cluster.orchctl(["patch", "secret", "login", "-n", namespace, "-p", '{"stringData":{"password":"new"}}']);
    const expected = 'infodebugnewapp="seen"\ntier="back"second';
    const now = "cat /all/etc/level /one /all/password /all/labels /all/note";
    await eventually("the files follow", async () => ((await inside(now)) === expected ? true : undefined));
    assert.equal(await inside("cat /config/level"), "info");
  },
);

inNamespace("last words, stop signals and hooks are heard", async ({ cluster, namespace }) => {
  const talker = (name: string, script: string, more = ""): string => `apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec:
  restartPolicy: Never
  containers:
    - name: main
      image: ${image}
      command: [sh, -c, ${JSON.stringify(script)}]
${more}---
`;
  const manifests = [
    talker("file", "echo goodbye >/dev/termination-log; exit 3"),
    talker("elsewhere", "echo -n bye >/tmp/words; exit 0", "      terminationMessagePath: /tmp/words\n"),
    talker("long", "yes 0123456789 | head -c 9000 >/dev/termination-log; exit 1"),
    talker("log", "seq 1 200; echo the reason; exit 1", "      terminationMessagePolicy: FallbackToLogsOnError\n"),
    talker("fine", "echo nothing to tell", "      terminationMessagePolicy: FallbackToLogsOnError\n"),
  ].join("");
  await cluster.apply(manifests + objects + seen, "-n", namespace);
  const ended = (name: string) =>
    eventually(`${name} has ended`, async () => {
      const { status } = await cluster.get<Pod>(`pod/${name}`, "-n", namespace);
      return status?.containerStatuses?.[0]?.state?.terminated;
    });
  assert.equal((await ended("file")).message, "goodbye\n");
  assert.equal((await ended("elsewhere")).message, "bye");
  assert.equal((await ended("long")).message?.length, 4096);
  const lines = (await ended("log")).message?.trimEnd().split("\n") ?? [];
  assert.deepEqual([lines.length, lines[0], lines.at(-1)], [80, "122", "the reason"]);
  assert.equal((await ended("fine")).message, undefined);

  // Stopped by its own signal, after its hook; what it says with its last breath is kept.
  await cluster.orchctl(["wait", "pod/seen", "--for", "condition=Ready", "-n", namespace]);
  await cluster.orchctl(["stop", "seen", "-n", namespace]);
  const { status } = await cluster.get<Pod>("pod/seen", "-n", namespace);
  const [stopped] = status?.containerStatuses ?? [];
  assert.equal(stopped?.stopSignal, "SIGUSR1");
  assert.equal(stopped?.lastState?.terminated?.message, "told USR1\n");
  assert.equal(stopped?.lastState?.terminated?.exitCode, 7);
});
