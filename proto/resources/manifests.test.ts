import assert from "node:assert/strict";
import { test } from "node:test";
import { canonicalJson } from "./hash.ts";
import { exportedPodYaml, exportedYaml, parseManifests, webYaml } from "./manifests.fixture.ts";
import type { KubeObject } from "./object.ts";
import { findDefinition } from "./registry.ts";

function admitted(object: KubeObject) {
  const definition = findDefinition(object);
  assert.ok(definition, object.kind);
  const filled = definition.applyDefaults(object);
  return { definition, filled, ...definition.validate(filled, { mode: "strict" }) };
}

test("manifests as people write them pass without a warning", () => {
  for (const object of parseManifests(webYaml)) {
    const { causes, warnings } = admitted(object);
    assert.deepEqual(causes, [], object.kind);
    assert.deepEqual(warnings, [], object.kind);
  }
});

test("a manifest exported from a live cluster passes, and its defaults are already ours", () => {
  const [object] = parseManifests(exportedYaml);
  assert.ok(object);
  const { causes, warnings, filled } = admitted(object);
  assert.deepEqual(causes, []);
  assert.deepEqual(warnings, ["metadata.selfLink: has no effect: Kubernetes itself no longer sets it"]);
  const { template, ...spec } = filled.spec as Record<string, Record<string, unknown>>;
  const given = object.spec as Record<string, Record<string, unknown>>;
  assert.equal(canonicalJson(template?.spec), canonicalJson(given.template?.spec));
  assert.equal(canonicalJson(spec), canonicalJson({ ...given, template: undefined }));
});

test("defaults are those of Kubernetes", () => {
  const web = parseManifests(webYaml).find((object) => object.kind === "Deployment");
  assert.ok(web);
  const before = canonicalJson(web);
  const spec = admitted(web).filled.spec as { template: { metadata: object; spec: Record<string, unknown> } };
  assert.equal(canonicalJson(web), before, "the input is not changed");
  const { containers, volumes, affinity, topologySpreadConstraints, tolerations, imagePullSecrets, ...pod } =
    spec.template.spec;
  assert.deepEqual(pod, {
    dnsPolicy: "ClusterFirst",
    restartPolicy: "Always",
    schedulerName: "default-scheduler",
    securityContext: {},
    terminationGracePeriodSeconds: 30,
  });
  assert.ok(affinity && topologySpreadConstraints && tolerations && imagePullSecrets);
  assert.deepEqual((volumes as unknown[])[1], { name: "cache", emptyDir: {} });
  assert.ok(!("creationTimestamp" in spec.template.metadata), "null is absent");
  const [first, second] = containers as Record<string, unknown>[];
  assert.equal(first?.imagePullPolicy, "IfNotPresent");
  assert.equal(second?.imagePullPolicy, "Always");
  assert.deepEqual(first?.resources, {
    requests: { cpu: "100m", memory: "64Mi" },
    limits: { cpu: "1", memory: "512Mi" },
  });
  assert.deepEqual(first?.livenessProbe, {
    tcpSocket: { port: 8080 },
    initialDelaySeconds: 5,
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
  });
  assert.deepEqual(
    { ...spec, template: 0, selector: 0 },
    {
      replicas: 3,
      selector: 0,
      template: 0,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
    },
  );
});

test("applying defaults again changes nothing", () => {
  for (const object of [...parseManifests(webYaml), ...parseManifests(exportedYaml)]) {
    const { definition, filled } = admitted(object);
    assert.equal(canonicalJson(definition.applyDefaults(filled)), canonicalJson(filled), object.kind);
  }
});

test("stringData goes into data and is not kept", () => {
  const secret = parseManifests(webYaml).find((object) => object.kind === "Secret");
  assert.ok(secret);
  const { filled } = admitted(secret);
  assert.deepEqual(filled.data, { user: "YWRtaW4=", password: "czNjcjN0" });
  assert.equal("stringData" in filled, false);
  assert.equal(filled.type, "Opaque");
});

test("a key without a value in a ConfigMap is the empty text, as in Kubernetes", () => {
  const config = parseManifests(webYaml).find((object) => object.kind === "ConfigMap");
  assert.ok(config);
  assert.equal((admitted(config).filled.data as Record<string, unknown>).empty, "");
});

test("a pod gets its requests from its limits, its class, and with the node's network its host ports", () => {
  const pod: KubeObject = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p" },
    spec: {
      hostNetwork: true,
      containers: [
        {
          name: "a",
          image: "a@sha256:1",
          ports: [{ containerPort: 80 }],
          resources: { limits: { cpu: 1, memory: "1Gi" } },
        },
      ],
    },
  };
  const { filled, causes, warnings } = admitted(pod);
  assert.deepEqual([causes, warnings], [[], []]);
  const { containers } = filled.spec as { containers: Record<string, unknown>[] };
  assert.deepEqual(containers[0]?.resources, {
    limits: { cpu: "1", memory: "1Gi" },
    requests: { cpu: "1", memory: "1Gi" },
  });
  assert.deepEqual(containers[0]?.ports, [{ containerPort: 80, protocol: "TCP", hostPort: 80 }]);
  assert.equal(containers[0]?.imagePullPolicy, "IfNotPresent");
  assert.deepEqual(filled.status, { phase: "Pending", qosClass: "Guaranteed" });
});

test("of a pod exported from a live cluster only the token of its account is refused", () => {
  const [object] = parseManifests(exportedPodYaml);
  assert.ok(object);
  const { causes, warnings } = admitted(object);
  assert.deepEqual(warnings, []);
  assert.deepEqual(
    causes.map((cause) => cause.path),
    ["spec.volumes[0].projected.sources[0].serviceAccountToken"],
  );
  assert.match(causes[0]?.message ?? "", /leave out the volume kube-api-access/);
});
