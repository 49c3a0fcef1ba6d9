/** orchctl cp: into a container and out of it, volumes and mounted files included, and never beyond. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inNamespace } from "../support/in-namespace.ts";
import { image } from "../support/manifests.ts";

const target = `apiVersion: v1
kind: Pod
metadata: { name: box }
spec:
  terminationGracePeriodSeconds: 1
  securityContext: { runAsUser: 1234, runAsGroup: 2345, fsGroup: 2345 }
  volumes: [{ name: data, emptyDir: {} }]
  containers:
    - name: main
      image: ${image}
      command: ["/bin/sh", "-c", "ln -s /etc /data/etc; mkfifo /data/fifo; exec sleep 3600"]
      volumeMounts: [{ name: data, mountPath: /data }]
`;

const hash = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

inNamespace(
  "cp takes trees both ways, keeps links as links, and gives files to the container's user",
  async ({ cluster, namespace }) => {
    const folder = mkdtempSync(join(tmpdir(), "orch-cp-"));
    const cp = (...words: readonly string[]) => cluster.run(["cp", "-n", namespace, ...words]);
    const inside = (script: string): Promise<string> =>
      cluster.orchctl(["exec", "-n", namespace, "box", "--", "sh", "-c", script]);
    try {
      await cluster.apply(target, "-n", namespace, "--wait");
      const large = Buffer.alloc(5_000_000, "0123456789abcdef");
      mkdirSync(join(folder, "site/sub"), { recursive: true });
      writeFileSync(join(folder, "site/large"), large);
      writeFileSync(join(folder, "site/sub/run.sh"), "#!/bin/sh\necho ran\n", { mode: 0o755 });
      symlinkSync("sub/run.sh", join(folder, "site/run"));

      const up = await cp(join(folder, "site"), "box:/data");
      assert.equal(up.code, 0, up.err);
      assert.match(up.err, /Copied 3 files, 5000019 bytes, to box:\/data/);
      assert.equal(
        await inside("/data/site/run; stat -c '%u:%g %a' /data/site/sub/run.sh /data/site"),
        "ran\n1234:2345 755\n1234:2345 755\n",
      );

      const down = await cp("box:/data/site", join(folder, "back"));
      assert.equal(down.code, 0, down.err);
      assert.equal(hash(readFileSync(join(folder, "back/large"))), hash(large));
      assert.equal(readlinkSync(join(folder, "back/run")), "sub/run.sh");

      // What is there already: a directory is gone into, content is poured out, a link in the container leads within it.
      assert.equal((await cp("box:/data/.", folder)).code, 0);
      assert.ok(existsSync(join(folder, "site/large")) && !existsSync(join(folder, "fifo")));
      assert.equal((await cp("box:/data/etc/hostname", folder)).code, 0);
      assert.equal(readFileSync(join(folder, "hostname"), "utf8"), "box\n");
      writeFileSync(join(folder, "hosts"), "127.0.0.1 localhost mine\n");
      assert.equal(
        (await cp(join(folder, "hosts"), "pod/box:/data/etc/hosts")).code,
        0,
        "a file that is a mount of its own",
      );
      assert.equal(await inside("cat /etc/hosts"), "127.0.0.1 localhost mine\n");

      const missing = await cp("box:/nowhere", folder);
      assert.deepEqual(
        [missing.code, /\/nowhere does not exist in the container/.test(missing.err)],
        [3, true],
        missing.err,
      );
      const noDirectory = await cp(join(folder, "hosts"), "box:/data/none/");
      assert.deepEqual([noDirectory.code, /there is no directory/.test(noDirectory.err)], [3, true], noDirectory.err);
      const readOnly = await cp(join(folder, "hosts"), "box:/proc/version");
      assert.notEqual(readOnly.code, 0);
      assert.deepEqual(
        readdirSync(folder).filter((name) => name.startsWith(".orch-copy")),
        [],
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
