import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { ApiCalls } from "#test/support/api-calls.ts";
import { startTestApi, type TestApi } from "#test/support/api-server.ts";

let api: TestApi;
let calls: ApiCalls;

before(async () => {
  api = await startTestApi();
  calls = new ApiCalls(api.client);
});
after(() => api.stop());

type Labels = Record<string, string>;
const label = (mode: string): string => `pod-security.kubernetes.io/${mode}`;

let spaces = 0;
async function newNamespace(labels: Labels = {}): Promise<string> {
  const name = `guarded-${spaces++}`;
  await calls.create("namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } });
  return name;
}

const pod = (namespace: string, name: string, spec: object = {}): KubeObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace },
  spec: { containers: [{ name: "main", image: "busybox" }], ...spec },
});
const deployment = (namespace: string, spec: object): KubeObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace },
  spec: {
    selector: { matchLabels: { app: "web" } },
    template: { metadata: { labels: { app: "web" } }, spec: pod("", "", spec).spec },
  },
});

async function refusal(promise: Promise<unknown>): Promise<Problem> {
  const thrown: unknown = await promise.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  assert.ok(thrown instanceof Problem, "it is refused");
  assert.equal(thrown.code, "forbidden");
  return thrown;
}

test("a pod that reaches for the node is refused where the namespace says nothing, with each field and a way out", async () => {
  const namespace = await newNamespace();
  const problem = await refusal(
    calls.create(
      "pods",
      pod(namespace, "bold", { hostNetwork: true, volumes: [{ name: "v", hostPath: { path: "/" } }] }),
    ),
  );
  assert.match(
    problem.message,
    /^Pod guarded-0\/bold violates Pod Security level "baseline" of namespace guarded-0 \(the default\): spec\.hostNetwork must not be true; spec\.volumes\[0\]\.hostPath must not be used$/,
  );
  assert.deepEqual(
    problem.causes.map((cause) => cause.path),
    ["spec.hostNetwork", "spec.volumes[0].hostPath"],
  );
  assert.match(problem.hint ?? "", /label namespace guarded-0 pod-security\.kubernetes\.io\/enforce=privileged/);
  const applied = await refusal(calls.apply("pods", pod(namespace, "bold", { hostPID: true }), "me"));
  assert.match(applied.message, /spec\.hostPID must not be true/);
  await calls.create("pods", pod(namespace, "meek"));
});

test("a namespace that says privileged takes it at once, one that says restricted takes only careful pods", async () => {
  const open = await newNamespace({ [label("enforce")]: "privileged" });
  await calls.create("pods", pod(open, "bold", { hostNetwork: true }));
  const strict = await newNamespace({ [label("enforce")]: "restricted", [label("enforce-version")]: "v1.30" });
  const { message } = await refusal(calls.create("pods", pod(strict, "plain")));
  assert.match(message, /level "restricted:v1\.30" of namespace guarded-\d+: .*allowPrivilegeEscalation must be false/);
  const securityContext = {
    ...{ runAsNonRoot: true, allowPrivilegeEscalation: false, seccompProfile: { type: "RuntimeDefault" } },
    capabilities: { drop: ["ALL"] },
  };
  const containers = [{ name: "main", image: "busybox", securityContext }];
  assert.deepEqual((await calls.create("pods", pod(strict, "careful", { containers }))).warnings, []);
});

test("a template is taken with a warning of what its pods will meet, again only when it changes", async () => {
  const namespace = await newNamespace();
  const made = await calls.create("deployments.apps", deployment(namespace, { hostIPC: true }));
  assert.equal(made.warnings.length, 1);
  assert.match(made.warnings[0] ?? "", /^its pods will be refused .*spec\.template\.spec\.hostIPC must not/);
  const address = { resource: "deployments.apps", namespace, name: "web" };
  assert.deepEqual((await calls.patch(address, "merge", { spec: { replicas: 3 } })).warnings, []);
  const changed = await calls.patch(address, "merge", { spec: { template: { spec: { hostPID: true } } } });
  assert.match(changed.warnings[0] ?? "", /template\.spec\.hostPID/);
});

test("warn and audit let pods in: one answers, the other leaves an event", async () => {
  const namespace = await newNamespace({ [label("warn")]: "restricted", [label("audit")]: "restricted" });
  const { warnings } = await calls.create("pods", pod(namespace, "plain"));
  assert.match(warnings[0] ?? "", /^violates Pod Security level "restricted" of namespace/);
  await calls.create("pods", pod(namespace, "tried"), { options: { dryRun: true } });
  let told: readonly string[] = [];
  for (let i = 0; i < 5_000 && told.length === 0; i++) {
    const { items } = await calls.list("events", { namespace });
    told = items.map((event) => `${(event.involvedObject as { name: string }).name} ${event.reason} ${event.message}`);
  }
  assert.equal(told.length, 1, told.join("\n"));
  assert.match(told[0] ?? "", /^plain PodSecurityAudit Written by "admin", violates .*"restricted"/);
});

test("making a namespace stricter names the pods that run there and would be refused, in a dry run too", async () => {
  const namespace = await newNamespace({ [label("enforce")]: "privileged" });
  await calls.create("pods", pod(namespace, "bold", { hostNetwork: true }));
  await calls.create("pods", pod(namespace, "meek"));
  const address = { resource: "namespaces", namespace: "", name: namespace };
  const close = { metadata: { labels: { [label("enforce")]: "baseline" } } };
  for (const dryRun of [true, false]) {
    const { warnings } = await calls.patch(address, "merge", close, { options: { dryRun } });
    assert.match(warnings[0] ?? "", /^1 pod that runs in namespace guarded-\d+ would be refused now/);
    assert.deepEqual(warnings.slice(1), ["bold: spec.hostNetwork must not be true"]);
  }
  // What runs keeps what it has, and can be changed otherwise.
  const bold = { resource: "pods", namespace, name: "bold" };
  await calls.patch(bold, "merge", { metadata: { labels: { still: "here" } } });
  await refusal(calls.create("pods", pod(namespace, "bolder", { hostNetwork: true })));
});

test("a label that is not understood is refused with what is", async () => {
  const bad = { [label("enforce")]: "strict", [label("enforce-version")]: "1.30", [label("enforced")]: "baseline" };
  await assert.rejects(newNamespace(bad), (thrown) => {
    assert.ok(thrown instanceof Problem);
    assert.equal(thrown.code, "invalid");
    assert.equal(thrown.causes.length, 3);
    assert.match(thrown.message, /must be privileged, baseline or restricted/);
    return true;
  });
});

test("who may write namespaces may close them, and only administrators open them to privileged pods", async () => {
  const editor = new ApiCalls(await api.connect("CN=eve, O=orch:editors"));
  const namespace = await newNamespace();
  const address = { resource: "namespaces", namespace: "", name: namespace };
  const open = { metadata: { labels: { [label("enforce")]: "privileged" } } };
  await editor.patch(address, "merge", { metadata: { labels: { [label("enforce")]: "restricted" } } });
  await editor.patch(address, "merge", { metadata: { labels: { [label("enforce")]: null } } });
  const { message } = await refusal(editor.patch(address, "merge", open));
  assert.match(
    message,
    /user "eve" cannot update namespaces\/podsecurity .*may not open namespaces to privileged pods/,
  );
  const named = { apiVersion: "v1", kind: "Namespace", metadata: { name: "eves", ...open.metadata } };
  await refusal(editor.create("namespaces", named));
  await calls.patch(address, "merge", open);
  await editor.patch(address, "merge", { metadata: { labels: { team: "a" } } });
});

test("a debug container that reaches for the node is refused as a pod would be", async () => {
  const namespace = await newNamespace();
  await calls.create("pods", pod(namespace, "web"));
  const debugged = (securityContext: object) => ({
    spec: { ephemeralContainers: [{ name: "look", image: "busybox", securityContext }] },
  });
  const address = { resource: "pods", namespace, name: "web", subresource: "ephemeralcontainers" };
  const { message } = await refusal(calls.patch(address, "strategic", debugged({ privileged: true })));
  assert.match(message, /spec\.ephemeralContainers\[0\]\.securityContext\.privileged must not be true/);
  await calls.patch(address, "strategic", debugged({}));
});
