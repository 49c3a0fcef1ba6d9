/** Logs of pods that were replaced or deleted. */
import assert from "node:assert/strict";
import { inNamespace } from "../support/in-namespace.ts";
import { deployment } from "../support/manifests.ts";
import { eventually } from "../support/programs.ts";

inNamespace("the log of a pod that was replaced is read by its name", async ({ cluster, namespace }) => {
  const command = "echo last words; echo second line; exec sleep 3600";
  await cluster.apply(deployment({ name: "web", replicas: 1, command }), "-n", namespace, "--wait");
  const [before] = await cluster.pods("-n", namespace);
  const name = before?.metadata.name ?? "";
  await cluster.orchctl(["delete", "pod", name, "-n", namespace, "--now"]);
  await eventually("it is gone", async () => {
    const names = (await cluster.pods("-n", namespace)).map(({ metadata }) => metadata.name);
    return names.includes(name) ? undefined : true;
  });
  const log = await cluster.run(["logs", name, "-n", namespace]);
  assert.deepEqual([log.code, log.out], [0, "last words\nsecond line\n"], log.err);
  assert.match(log.err, new RegExp(`pod ${name} is gone since \\d{4}-`));
  assert.equal(await cluster.orchctl(["logs", name, "-n", namespace, "--gone", "--tail", "1"]), "second line\n");
  const other = await cluster.run(["logs", name, "-n", namespace, "-c", "other"]);
  assert.match(other.err, /no log of container other .* is kept\n.*Its containers were: main/);
  const never = await cluster.run(["logs", "never-was", "-n", namespace]);
  assert.equal(never.code, 3);
  assert.match(never.err, /there is no pod "never-was", and no node keeps logs of one/);
});
