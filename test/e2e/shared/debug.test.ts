/** orchctl debug: tools beside a pod's containers, in a copy, and what it refuses. */
import assert from "node:assert/strict";
import { inNamespace } from "../support/in-namespace.ts";
import { image, pod } from "../support/manifests.ts";

inNamespace(
  "debug joins a pod that runs, sees its container's processes and files, and leaves it alone",
  async (scene) => {
    const { cluster, namespace } = scene;
    await cluster.apply(pod("plain", "echo secret > /tmp/inside; exec sleep 3600"), "-n", namespace, "--wait");
    const debug = (...words: readonly string[]) =>
      cluster.run(["debug", "plain", "-n", namespace, "--image", image, ...words]);
    const look = "ps -o comm | grep -c '^sleep'; cat /proc/1/root/tmp/inside; hostname; exit 6";
    const seen = await debug("--attach", "--target", "main", "--", "sh", "-c", look);
    assert.deepEqual([seen.code, seen.out], [6, "1\nsecret\nplain\n"], seen.err);
    const alone = await debug("--attach", "--", "sh", "-c", "ps -o comm | grep -c '^sleep'; true");
    assert.equal(alone.out, "0\n", "without a target it sees its own processes only");

    const added = await debug("-c", "second", "--", "sh", "-c", "echo from the second");
    assert.match(added.out, /container second added to pod plain/);
    await cluster.orchctl([
      ...["wait", "pod/plain", "-n", namespace, "--timeout", "60s"],
      ...["--for", "jsonpath={.status.ephemeralContainerStatuses[?(@.name=='second')].state.terminated.exitCode}=0"],
    ]);
    assert.equal(await cluster.orchctl(["logs", "plain", "-c", "second", "-n", namespace]), "from the second\n");
    const twice = await debug("-c", "second", "--", "true");
    assert.match(twice.err, /second/);
    assert.notEqual(twice.code, 0);
    const [{ status } = {}] = await cluster.pods("-n", namespace);
    assert.equal(status?.containerStatuses?.[0]?.restartCount, 0);
    assert.equal(status?.phase, "Running");

    const copied = await debug("--attach", "--copy-to", "copy", "--", "hostname");
    assert.deepEqual([copied.code, copied.out], [0, "copy\n"], copied.err);
    assert.match((await debug("--attach", "--target", "none", "--", "true")).err, /the pod has no container `none`/);
    assert.match((await debug("--attach", "--copy-to", "x", "--target", "main")).err, /--target is for the pod itself/);
    const refused = await cluster.run(["debug", "node/node-1", "-n", namespace, "--image", image, "--", "true"]);
    assert.match(refused.err, /Pod Security level "baseline"/);
  },
);
