/** orchctl get, describe, events and wait against the real API. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { OrchctlUnderTest } from "../../support/orchctl.ts";

let cli: OrchctlUnderTest;
before(async () => {
  cli = await OrchctlUnderTest.start();
  for (const [name, labels] of [
    ["b", { app: "web", tier: "front" }],
    ["a", { app: "db" }],
  ] as const)
    await cli.calls.create("pods", pod(name, labels));
  await cli.calls.create("configmaps", {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "c", namespace: "kube-public" },
  });
});
after(() => cli.stop());

const pod = (name: string, labels: Record<string, string>, namespace = "default"): KubeObject => ({
  ...{ apiVersion: "v1", kind: "Pod", metadata: { name, namespace, labels } },
  spec: { containers: [{ name: "main", image: "busybox" }] },
});
const get = (...words: readonly string[]): ReturnType<OrchctlUnderTest["run"]> => cli.run(["get", ...words]);
const firstColumn = (text: string): readonly string[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => line.split(/\s+/)[0] ?? "");

test("a table, wider, without headers, with labels", async () => {
  const plain = await get("pods");
  assert.match(plain.out, /^NAME {3}READY {3}STATUS {4}RESTARTS {3}AGE\na {6}0\/1 {5}Pending {3}0 {10}\d+s\nb /);
  assert.match((await get("pods", "-o", "wide")).out, /AGE {3}IP +NODE/);
  assert.deepEqual(firstColumn((await get("po", "--no-headers")).out), ["a", "b"]);
  assert.match((await get("pods", "--show-labels")).out, /app=web,tier=front\n$/);
});

test("names, JSON and YAML: one object alone, several as a List", async () => {
  assert.equal((await get("pods", "-o", "name")).out, "pod/a\npod/b\n");
  assert.equal(JSON.parse((await get("pod", "a", "-o", "json")).out).kind, "Pod");
  assert.equal(JSON.parse((await get("pod/a", "pod/b", "-o", "json")).out).items.length, 2);
  const list = JSON.parse((await get("deploy", "-o", "json")).out);
  assert.deepEqual(list, { apiVersion: "v1", kind: "List", metadata: {}, items: [] });
  assert.doesNotMatch((await get("pod", "a", "-o", "yaml")).out, /managedFields/);
  assert.match((await get("pod", "a", "-o", "yaml", "--show-managed-fields")).out, /managedFields/);
  assert.match((await get("pod", "a", "-o", "yaml")).out, /^apiVersion: v1\nkind: Pod\nmetadata:\n/);
});

test("selected by label and field, sorted by a field", async () => {
  assert.equal((await get("pods", "-l", "app=web", "-o", "name")).out, "pod/b\n");
  assert.equal((await get("pods", "-l", "app in (web,db),!tier", "-o", "name")).out, "pod/a\n");
  assert.equal((await get("pods", "--field-selector", "metadata.name=a", "-o", "name")).out, "pod/a\n");
  assert.equal((await get("pods", "--sort-by", "{.metadata.labels.app}", "-o", "name")).out, "pod/a\npod/b\n");
  assert.equal((await get("pods", "--sort-by", ".metadata.labels.tier", "-o", "name")).out, "pod/a\npod/b\n");
  assert.equal((await get("pods", "-l", "app=(", "-o", "name")).code, 5);
});

test("all namespaces, several kinds, all", async () => {
  assert.match((await get("cm", "-A")).out, /^NAMESPACE +NAME +DATA +AGE\nkube-public +c /);
  assert.match(
    (await get("pods,ns")).out,
    /^NAME +READY[\s\S]*\npod\/a [\s\S]*\n\nNAME +STATUS +AGE\nnamespace\/default /,
  );
  assert.match((await get("all")).out, /pod\/a/);
});

test("nothing there is no error, and says where nothing is", async () => {
  assert.deepEqual(await get("deploy", "-n", "kube-public"), {
    code: 0,
    out: "",
    err: "No deployments found in namespace kube-public.\n",
  });
  assert.equal((await get("deploy", "-A")).err, "No deployments found.\n");
  assert.equal((await get("nodes")).err, "No nodes found.\n");
});

test("what is missing is said after what is there; --ignore-not-found is silent", async () => {
  const ran = await get("pods", "a", "nobody", "none", "-o", "name");
  assert.deepEqual([ran.code, ran.out], [3, "pod/a\n"]);
  assert.match(ran.err, /2 objects do not exist\n.*nobody.*\n.*none/);
  const one = await get("pod", "nobody");
  assert.deepEqual([one.code, one.out], [3, ""]);
  assert.match(one.err, /nobody/);
  assert.deepEqual(await get("pod", "nobody", "--ignore-not-found"), { code: 0, out: "", err: "" });
});

test("a part of an object by name: its status, its scale; what has none says so", async () => {
  const web = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "sized", namespace: "default" } };
  const labels = { app: "sized" };
  const template = { metadata: { labels }, spec: { containers: [{ name: "main", image: "busybox" }] } };
  await cli.calls.create("deployments.apps", {
    ...web,
    spec: { replicas: 3, selector: { matchLabels: labels }, template },
  });
  assert.equal(
    (await get("deploy/sized", "--subresource", "scale", "-o", "jsonpath={.kind} {.spec.replicas}")).out,
    "Scale 3",
  );
  assert.equal((await get("deploy/sized", "--subresource", "status", "-o", "jsonpath={.kind}")).out, "Deployment");
  assert.match((await get("deploy/sized", "--subresource", "status")).out, /sized +0\/3/);
  for (const [words, why] of [
    [["deploy/sized", "--subresource", "scale"], /a scale has no table[\s\S]*-o yaml/],
    [["pods", "--subresource", "status"], /by name, once/],
    [["configmap/c", "--subresource", "status"], /configmaps have no subresource status/],
    [["deploy/sized", "--subresource", "logs"], /Allowed choices are status, scale|status, scale/],
  ] as const) {
    const ran = await get(...words);
    assert.equal(ran.code, 2, ran.err);
    assert.match(ran.err, why);
  }
  await cli.calls.delete("deployments.apps", "default", "sized");
});

test("flags that exclude each other are wrong use", async () => {
  for (const words of [
    ["pods,deploy", "-w"],
    ["pods", "a", "b", "-w"],
    ["pod", "a", "-A"],
    ["pod", "a", "-l", "app=x"],
  ])
    assert.equal((await get(...words)).code, 2, words.join(" "));
});

test("a watch prints each change in the same columns, until it is interrupted", async () => {
  const stopping = new AbortController();
  let step = 0;
  const onOutput = (text: string): void => {
    const lines = text.trimEnd().split("\n");
    if (step === 0 && lines.length === 3) {
      step = 1;
      void cli.calls.create("pods", pod("watched", { app: "web" }));
    } else if (step === 1 && text.includes("watched")) {
      step = 2;
      void cli.calls.delete("pods", "default", "watched", { graceSeconds: 0 });
    } else if (text.includes("(deleted)")) stopping.abort(new Error("done"));
  };
  const ran = await cli.run(["get", "pods", "-w"], {
    onOutput,
    signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(20_000)]),
  });
  assert.equal(ran.code, 130);
  assert.match(ran.out, /\nwatched +0\/1 +Pending .*\n(watched .*\n)*watched .* \(deleted\)\n$/);
});

test("a watch ends after --request-timeout, when it is given, and that is no failure", async () => {
  const space = "watched-for-a-while";
  await cli.calls.create("namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: space } });
  const involvedObject = { kind: "Pod", name: "x", namespace: space };
  for (const [resource, words, content] of [
    ["configmaps", ["get", "cm", "-w", "-o", "name"], { apiVersion: "v1", kind: "ConfigMap" }],
    ["events", ["events", "-w", "-o", "json"], { apiVersion: "v1", kind: "Event", involvedObject, reason: "Seen" }],
  ] as const) {
    const make = (name: string) => cli.calls.create(resource, { ...content, metadata: { name, namespace: space } });
    await make("before");
    const clock = new ManualClock();
    let made: Promise<unknown> | undefined;
    const ran = await cli.run([...words, "-n", space, "--request-timeout", "5m"], {
      clock,
      signal: AbortSignal.timeout(20_000),
      onOutput: (text) => {
        made ??= make("while");
        if (text.includes("while")) clock.advance(5 * 60_000);
      },
    });
    await made;
    assert.deepEqual([ran.code, ran.err], [0, ""], words.join(" "));
    assert.match(ran.out, /before[\s\S]*while/);
  }
});

test("describe tells the story with events; no match says so", async () => {
  const ran = await cli.run(["describe", "pod", "a"]);
  assert.match(
    ran.out,
    /^Name: +a\nKind: +Pod\nNamespace: +default\n[\s\S]*Container main: +busybox\n[\s\S]*Events: {2}none\n$/,
  );
  assert.equal((await cli.run(["describe", "pods", "-l", "app=none"])).err, "Nothing matches.\n");
  assert.equal((await cli.run(["describe", "pod", "nobody"])).code, 3);
  assert.equal((await cli.run(["events"])).err, "No events in namespace default.\n");
});

test("wait: for deletion, creation, a condition, a field; a time-out says what it waited for", async () => {
  assert.equal((await cli.run(["wait", "pod/nobody", "--for", "delete"])).out, "pod/nobody condition met\n");
  assert.equal(
    (await cli.run(["wait", "pod", "a", "b", "--for", "create"])).out,
    "pod/a condition met\npod/b condition met\n",
  );
  assert.equal((await cli.run(["wait", "pod/a", "--for", "jsonpath={.status.phase}=Pending"])).code, 0);
  const late = await cli.run(["wait", "pod/a", "pod/b", "--for", "condition=Ready", "--timeout", "150ms"]);
  assert.equal(late.code, 8);
  assert.match(late.err, /Pod a: not condition=Ready within 0\.15 s: it has no conditions yet\n/);
  assert.match(
    (await cli.run(["wait", "pod/zz", "--for", "condition=Ready", "--timeout", "100ms"])).err,
    /Pod zz does not exist: not condition=Ready.*\n {2}→ orchctl get pods lists those there are/,
  );
  assert.equal((await cli.run(["wait", "pod/a", "--for", "luck"])).code, 2);
  assert.equal((await cli.run(["wait", "pods", "-l", "app=none", "--for", "condition=Ready"])).code, 3);
});

test("wait for several: one that does not come is told, and so is what became of the others", async () => {
  const space = "waited-for";
  await cli.calls.create("namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: space } });
  for (const name of ["first", "second", "third"]) await cli.calls.create("pods", pod(name, {}, space));
  const second = await cli.calls.get("pods", space, "second");
  const status = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] };
  await cli.calls.update("pods", { ...second, status }, { subresource: "status" });
  for (const words of [
    ["pods", "--all"],
    ["pod/first", "pod/second", "pod/third"],
  ]) {
    const ran = await cli.run(["wait", ...words, "-n", space, "--for", "condition=Ready", "--timeout", "150ms"]);
    assert.deepEqual([ran.code, ran.out], [8, "pod/second condition met\n"], words.join(" "));
    for (const name of ["first", "third"])
      assert.match(ran.err, new RegExp(`^error: Pod ${name}: not condition=Ready within 0\\.15 s: it has no`, "m"));
    assert.match(ran.err, /error: waited in vain for 2 of 3\n$/);
  }
  const third = await cli.calls.get("pods", space, "third");
  const ran = { name: "main", image: "busybox", imageID: "", ready: false, restartCount: 0 };
  const containerStatuses = [{ ...ran, state: { terminated: { exitCode: 4 } } }];
  await cli.calls.update(
    "pods",
    { ...third, status: { phase: "Failed", containerStatuses } },
    { subresource: "status" },
  );
  const ended = await cli.run(["wait", "nobody", "third", "-n", space]);
  assert.deepEqual([ended.code, ended.out], [3, "4\n"], ended.err);
  assert.match(ended.err, /nobody[\s\S]*error: waited in vain for 1 of 2\n$/);
});

test("a condition that becomes true while waiting ends the wait", async () => {
  await cli.calls.create("pods", pod("soon", {}));
  const waiting = cli.run(["wait", "pod/soon", "--for", "condition=Ready", "--timeout", "20s"]);
  const current = await cli.calls.get("pods", "default", "soon");
  const status = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] };
  await cli.calls.update("pods", { ...current, status }, { subresource: "status" });
  assert.deepEqual(await waiting, { code: 0, out: "pod/soon condition met\n", err: "" });
});

test("custom columns: a header may be empty, as scripts write it, and a path needs no dot before it", async () => {
  const columns = "custom-columns=:metadata.name,PHASE:.status.phase";
  const ran = await cli.run(["get", "pod", "a", "--no-headers", "-o", columns]);
  assert.deepEqual([ran.code, ran.out.trim().split(/ +/)], [0, ["a", "Pending"]], ran.err);
});

test("jsonpath, custom columns, label columns; what is printed as YAML reads back the same", async () => {
  const space = "printed-objects";
  await cli.calls.create("namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: space } });
  const data = { y: "yes", octal: "0644", tilde: "~" };
  for (const [name, app] of [
    ["b", "x"],
    ["a", "y"],
  ] as const)
    await cli.calls.create("configmaps", {
      ...{ apiVersion: "v1", kind: "ConfigMap", data },
      metadata: { name, namespace: space, labels: { app } },
    });
  const get = (...words: readonly string[]) => cli.run(["get", "cm", "-n", space, ...words]);
  assert.equal(
    (await get("-o", "jsonpath={range .items[*]}{.metadata.name}={.data.y}{'\\n'}{end}")).out,
    "a=yes\nb=yes\n",
  );
  assert.equal((await get("a", "-o", "jsonpath={.metadata.name}")).out, "a");
  assert.equal(
    (await get("-o", "custom-columns=NAME:.metadata.name,MODE:.data.octal,NONE:.x[0]")).out,
    "NAME   MODE   NONE\na      0644   <none>\nb      0644   <none>\n",
  );
  cli.file("columns", "N    APP\n.metadata.name   .metadata.labels.app\n");
  cli.file("path", "{.items[*].metadata.labels.app}");
  assert.equal(
    (await get("-o", "custom-columns-file=columns", "--no-headers", "--sort-by", ".metadata.labels.app")).out,
    "b   x\na   y\n",
  );
  assert.equal((await get("-o", "jsonpath-file=path")).out, "y x");
  assert.match((await get("-L", "app")).out, /^NAME +DATA +AGE +APP\na .* y\nb .* x\n$/);
  const yaml = (await get("a", "-o", "yaml")).out;
  const again = await cli.run(["replace", "-n", space, "-f", "-"], { input: yaml });
  assert.equal(again.out, "configmap/a unchanged\n", again.err);
  for (const format of [
    "jsonpath",
    "jsonpath=",
    "go-template={{.x}}",
    "custom-columns=NAME",
    "jsonpath={.a",
    "xml",
    "jsonpath={range .items[*]}",
  ])
    assert.equal((await get("-o", format)).code, 2, format);
  assert.equal((await get("-o", "jsonpath-file=nowhere")).code, 3);
});

test("sort-by knows numbers, quantities and times", async () => {
  const space = "sorted";
  await cli.calls.create("namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: space } });
  for (const [name, cpu] of [
    ["a", "2"],
    ["b", "500m"],
    ["c", "1500m"],
  ] as const)
    await cli.calls.create("pods", {
      ...{ apiVersion: "v1", kind: "Pod", metadata: { name, namespace: space } },
      spec: { containers: [{ name: "main", image: "x", resources: { requests: { cpu } } }] },
    });
  const sorted = await cli.run([
    "get",
    "pods",
    "-n",
    space,
    "-o",
    "name",
    "--sort-by",
    "{.spec.containers[0].resources.requests.cpu}",
  ]);
  assert.equal(sorted.out, "pod/b\npod/c\npod/a\n");
  const { code, err } = await cli.run(["get", "pods", "-n", space, "--sort-by", ".metadata.nam"]);
  assert.deepEqual([code, err], [0, "warning: no object here has a field at .metadata.nam\n"]);
});

test("get -f shows what files name, as it is in the cluster", async () => {
  const space = "named-by-files";
  await cli.calls.create("namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: space } });
  const input = ["a", "b"].map((name) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`).join("---\n");
  const get = (...words: readonly string[]) => cli.run(["get", "-f", "-", "-n", space, ...words], { input });
  assert.equal((await get()).code, 3);
  await cli.calls.create("configmaps", {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "a", namespace: space },
  });
  const half = await get("-o", "name");
  assert.deepEqual([half.code, half.out], [3, "configmap/a\n"]);
  assert.equal((await get("--ignore-not-found", "-o", "name")).code, 0);
  for (const words of [["pods"], ["-w"], ["-A"], ["-l", "a=b"]])
    assert.equal((await get(...words)).code, 2, words.join(" "));
  assert.equal((await cli.run(["get"])).code, 2);
});
