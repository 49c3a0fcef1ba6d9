/** Commands that need a real cluster to mean something: what is used, what holds a pod, what a change of a template does. */
import assert from "node:assert/strict";
import { inNamespace } from "../support/in-namespace.ts";
import { deployment, pod } from "../support/manifests.ts";
import { eventually } from "../support/programs.ts";

inNamespace("top tells a busy pod from an idle one, and its node", async ({ cluster, namespace }) => {
  await cluster.apply(
    `${pod("busy", "while :; do :; done")}---\n${pod("idle", "exec sleep 600")}`,
    "-n",
    namespace,
    "--wait",
  );
  const usage = await eventually("a busy pod shows", async () => {
    const { out } = await cluster.run(["top", "pods", "-n", namespace, "-o", "json"]);
    const { items } = JSON.parse(out) as {
      items: readonly {
        metadata: { name: string };
        containers: readonly { usage: { cpu: string; memory: string } }[];
      }[];
    };
    const of = (name: string) => items.find((item) => item.metadata.name === name)?.containers[0]?.usage;
    const [busy, idle] = [of("busy"), of("idle")];
    return busy && idle && Number.parseInt(busy.cpu, 10) > 20 ? { busy, idle } : undefined;
  });
  assert.ok(Number.parseInt(usage.idle.cpu, 10) < Number.parseInt(usage.busy.cpu, 10));
  assert.match(usage.idle.memory, /^\d+(Ki|Mi)$/);
  assert.match(
    await cluster.orchctl(["top", "pods", "-n", namespace, "--sort-by", "cpu"]),
    /^POD +CPU +MEMORY +NET IN\/S +NET OUT\/S +READ\/S +WRITTEN\/S\nbusy +\d+m +\d+Mi .*\nidle /,
  );
  const nodes = await cluster.orchctl(["top", "nodes"]);
  assert.match(nodes, /^NAME +CPU +CPU % +MEMORY +MEMORY % +NET IN\/S +NET OUT\/S +READ\/S +WRITTEN\/S\n/);
  assert.doesNotMatch(nodes, /unknown/);
});

inNamespace(
  "set image rolls out, describe shows the content that runs, patch and label reach the cluster",
  async ({ cluster, namespace }) => {
    const run = (...words: readonly string[]): Promise<string> => cluster.orchctl([...words, "-n", namespace]);
    await cluster.apply(deployment({ name: "web", replicas: 1 }), "-n", namespace, "--wait");
    assert.match(await run("set", "env", "deployment/web", "GREETING=hello"), /env updated/);
    await run("rollout", "status", "deployment/web", "--timeout", "60s");
    const name = (
      await run("get", "pods", "-o", 'jsonpath={.items[?(@.spec.containers[0].env[0].value=="hello")].metadata.name}')
    ).trim();
    assert.notEqual(name, "");
    assert.match(
      await run("describe", "pod", name),
      /Content: +.*sha256:[0-9a-f]{64}[\s\S]*GREETING=hello[\s\S]*Events:/,
    );
    assert.match(
      await run("describe", "deployment", "web"),
      /Replicas: +1 wanted, 1 of the newest template, 1 available/,
    );
    await run("label", "pod", name, "checked=yes");
    assert.equal((await run("get", "pods", "-l", "checked=yes", "-o", "name")).trim(), `pod/${name}`);
    assert.match(await run("patch", "deploy", "web", "-p", '{"spec":{"replicas":2}}'), /patched/);
    await run("wait", "deploy/web", "--for", "jsonpath={.status.readyReplicas}=2", "--timeout", "60s");
  },
);
