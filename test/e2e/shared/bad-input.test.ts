/** Wrong files and wrong wishes: a clear answer with the place, and nothing changed. */
import assert from "node:assert/strict";
import { inNamespace } from "../support/in-namespace.ts";
import { pod } from "../support/manifests.ts";
import { eventually } from "../support/programs.ts";

const configMap = (name: string, extra = ""): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${extra}`;

inNamespace(
  "the third of five documents is wrong: nothing is applied, and the error names its line",
  async ({ cluster, namespace }) => {
    const documents = ["a", "b", "c", "d", "e"]
      .map((name) => configMap(name, name === "c" ? "dta: {x: one}\n" : "data: {x: one}\n"))
      .join("---\n");
    const ran = await cluster.run(["apply", "-f", "-", "-n", namespace], { input: documents });
    assert.equal(ran.code, 5);
    assert.match(ran.err, /nothing was applied/);
    assert.match(ran.err, /stdin:17:1: ConfigMap c: .*dta.*did you mean.*data/s);
    assert.deepEqual(await cluster.list("configmaps", "-n", namespace), []);
  },
);

inNamespace("wrong types, duplicate keys and anchor bombs are refused with a place", async ({ cluster, namespace }) => {
  const refused = async (text: string): Promise<string> => {
    const ran = await cluster.run(["apply", "-f", "-", "-n", namespace], { input: text });
    assert.equal(ran.code, 5, ran.err);
    return ran.err;
  };
  assert.match(
    await refused("apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: x }\nspec:\n  replicas: many\n"),
    /stdin:5:3: Deployment x: .*spec\.replicas/s,
  );
  assert.match(await refused(`${configMap("x")}kind: Pod\n`), /stdin:5:1/);
  let bomb = `${configMap("x")}a0: &a0 [x]\n`;
  for (let i = 1; i < 30; i++)
    bomb += `a${i}: &a${i} [${Array(9)
      .fill(`*a${i - 1}`)
      .join(",")}]\n`;
  assert.match(await refused(bomb), /aliases/);
  assert.match(await refused("not: {a: manifest}\n"), /apiVersion is missing/);
});

inNamespace(
  "an unknown image is a clear event and back-off, and mends itself when the pod is replaced",
  async ({ cluster, namespace }) => {
    await cluster.apply(pod("nowhere", "true").replace("orch-example/hello:1", "127.0.0.1:1/none:1"), "-n", namespace);
    const waiting = await eventually("a reason", async () => {
      const [one] = await cluster.pods("-n", namespace);
      const reason = one?.status?.containerStatuses?.[0]?.state?.waiting;
      return reason?.reason === "ErrImagePull" || reason?.reason === "ImagePullBackOff" ? reason : undefined;
    });
    assert.match(waiting.message ?? "", /127\.0\.0\.1:1/);
    assert.match(await cluster.orchctl(["events", "--for", "pod/nowhere", "-n", namespace]), /Failed|BackOff/);
  },
);

inNamespace("a stale resourceVersion is a conflict", async ({ cluster, namespace }) => {
  await cluster.apply(configMap("versions", "data: {x: one}\n"), "-n", namespace);
  const old = await cluster.get("configmap/versions", "-n", namespace);
  await cluster.apply(configMap("versions", "data: {x: two}\n"), "-n", namespace);
  const ran = await cluster.run(["apply", "-f", "-", "-n", namespace], {
    input: JSON.stringify({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "versions", resourceVersion: old.metadata.resourceVersion },
      data: { x: "w" },
    }),
  });
  assert.equal(ran.code, 4, ran.err);
});

inNamespace("what does not exist is said so, with exit code 3", async ({ cluster, namespace }) => {
  const ran = await cluster.run(["get", "pod", "nobody", "-n", namespace]);
  assert.equal(ran.code, 3);
  assert.match(ran.err, /nobody/);
  assert.equal((await cluster.run(["get", "gizmos"])).code, 3);
  assert.equal((await cluster.run(["frobnicate"])).code, 2);
});
