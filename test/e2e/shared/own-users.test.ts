/** `hostUsers: false` as a user meets it: root in the pod, nobody on the node, with volumes, exec, cp and a restart. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Pod } from "#proto/resources/pod.ts";
import { pidsWith } from "../support/containers.ts";
import { inNamespace } from "../support/in-namespace.ts";
import { image } from "../support/manifests.ts";
import { eventually } from "../support/programs.ts";

const word = 40_000 + (process.pid % 20_000);

const manifest = `apiVersion: v1
kind: ConfigMap
metadata: { name: conf }
data: { key: value }
---
apiVersion: v1
kind: Pod
metadata: { name: own }
spec:
  hostUsers: false
  terminationGracePeriodSeconds: 1
  securityContext: { fsGroup: 2000 }
  volumes:
    - { name: data, emptyDir: {} }
    - { name: memory, emptyDir: { medium: Memory } }
    - { name: conf, configMap: { name: conf } }
  containers:
    - name: main
      image: ${image}
      command: ["/bin/sh", "-c", "echo mine >/root-file; echo $(cat /conf/key) >/data/f; echo m >/memory/f; echo s >/sub/f; sleep ${word}"]
      volumeMounts:
        - { name: data, mountPath: /data }
        - { name: data, mountPath: /sub, subPath: deep/er }
        - { name: memory, mountPath: /memory }
        - { name: conf, mountPath: /conf }
`;

inNamespace("a pod with users of its own writes where it may, and its root is nobody on the node", async (scene) => {
  const { cluster, namespace } = scene;
  const nothing = statSync("/dev/null");
  await cluster.apply(manifest, "-n", namespace, "--wait");
  const exec = (...command: string[]): Promise<string> =>
    cluster.orchctl(["exec", "own", "-n", namespace, "--", ...command]);
  const running = await eventually("its process", () => {
    const pids = pidsWith(String(word));
    return pids.length > 0 ? pids : undefined;
  });
  for (const pid of running) {
    const owner = Number(/^Uid:\t(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
    assert.ok(owner >= 0x7000_0000, `process ${pid} belongs to user ${owner}`);
  }
  assert.equal((await exec("cat", "/data/f", "/sub/f", "/memory/f", "/root-file")).trim(), "value\ns\nm\nmine");
  const listed = (await exec("ls", "-lnd", "/data/f", "/root-file", "/bin/sh", "/conf")).trim().split("\n");
  assert.deepEqual(
    listed
      .map((line) => line.split(/\s+/))
      .map((words) => `${words[8]} ${words[2]}:${words[3]}`)
      .toSorted(),
    ["/bin/sh 0:0", "/conf 0:2000", "/data/f 0:2000", "/root-file 0:0"],
  );
  assert.match(await exec("cat", "/proc/self/uid_map"), /^ +0 +1879\d+ +65536\n$/);
  await exec("sh", "-c", "echo kept >/data/kept");
  const folder = mkdtempSync(join(tmpdir(), "orch-own-users-"));
  try {
    mkdirSync(join(folder, "tree"));
    writeFileSync(join(folder, "tree", "file"), "copied");
    symlinkSync("file", join(folder, "tree", "link"));
    for (const to of ["/data", "/memory", "/tmp"]) {
      await cluster.orchctl(["cp", join(folder, "tree"), `own:${to}`, "-n", namespace]);
      assert.equal(await exec("cat", `${to}/tree/link`), "copied", "cp into its volumes and its own files");
      assert.match(await exec("ls", "-ln", `${to}/tree/file`), /^-rw-r--r-- +1 0 +0 /);
      await cluster.orchctl(["cp", `own:${to}/tree`, join(folder, "back"), "-n", namespace]);
      assert.equal(readFileSync(join(folder, "back", "link"), "utf8"), "copied");
      rmSync(join(folder, "back"), { recursive: true });
    }
    await cluster.orchctl(["cp", "-L", "own:/conf/key", join(folder, "key"), "-n", namespace]);
    assert.equal(readFileSync(join(folder, "key"), "utf8"), "value", "what the link leads to, in its volume");
  } finally {
    rmSync(folder, { recursive: true });
  }
  const uid = (await cluster.get<Pod>("pod/own", "-n", namespace)).metadata.uid;
  for (const pid of running) process.kill(pid, "SIGKILL");
  await eventually("a second start", async () => {
    const pod = await cluster.get<Pod>("pod/own", "-n", namespace);
    const [status] = pod.status?.containerStatuses ?? [];
    return pod.metadata.uid === uid && (status?.restartCount ?? 0) > 0 && status?.ready ? true : undefined;
  });
  assert.equal((await exec("cat", "/data/kept")).trim(), "kept", "its volume outlives a container");
  const now = statSync("/dev/null");
  assert.deepEqual([now.uid, now.gid, now.mode], [nothing.uid, nothing.gid, nothing.mode]);
});

inNamespace("what contradicts users of its own is refused with the field", async ({ cluster, namespace }) => {
  const bad = manifest.replace("hostUsers: false", "hostUsers: false\n  hostIPC: true");
  const { code, err } = await cluster.run(["apply", "-f", "-", "-n", namespace], { input: bad });
  assert.notEqual(code, 0);
  assert.match(err, /spec\.hostUsers: cannot be false beside hostIPC/);
});
