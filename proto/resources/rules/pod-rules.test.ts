import assert from "node:assert/strict";
import { test } from "node:test";
import { basePod, changed, checkCases, examine } from "./check.fixture.ts";

const container = "spec.containers[0]";
const notBuilt = /refused: .*not built yet/;

test("containers", () => {
  checkCases(basePod, [
    ["spec.containers", [], /^spec.containers: must have at least one container$/],
    ["spec.containers", undefined, /^spec.containers: is required$/],
    [`${container}.name`, "Web", /name: must be lower case/],
    [`${container}.name`, "", /name: is required/],
    [`${container}.image`, undefined, /image: is required/],
    [`${container}.image`, "", /image: is required/],
    [`${container}.image`, " busybox", /image: must not start or end with a space/],
    [`${container}.imagePullPolicy`, "always", /one of `Always`.*did you mean `Always`\?/],
    ["spec.containers[1]", { name: "c", image: "b" }, /^spec.containers\[1\].name: `c` is there already/],
    [`${container}.command`, "sleep 1", /command: must be a list, not the text `sleep 1`/],
    [`${container}.ports`, [{ containerPort: 0 }], /containerPort: must be from 1 to 65535/],
    [`${container}.ports`, [{ containerPort: 80, name: "Http" }], /name: must be lower case/],
    [
      `${container}.ports`,
      [
        { containerPort: 80, name: "a" },
        { containerPort: 81, name: "a" },
      ],
      /ports\[1\].name: `a` is there/,
    ],
    [`${container}.ports`, [{ containerPort: 80, hostPort: 80 }], notBuilt],
    [`${container}.ports`, [{ containerPort: "80" }], /must be a whole number, not the text `80`/],
    [`${container}.lifecycle`, { preStop: { exec: { command: ["a"] } } }, undefined],
    [`${container}.lifecycle`, { preStop: {} }, /preStop: needs something to do: one of exec, httpGet/],
    [`${container}.lifecycle`, { postStart: { sleep: { seconds: -1 } } }, /seconds: must not be negative/],
    [`${container}.lifecycle`, { postStart: { exec: {} } }, /exec.command: is required/],
    [`${container}.lifecycle`, { stopSignal: "SIGINT" }, undefined],
    [`${container}.lifecycle`, { stopSignal: "SIGRTMIN+3" }, undefined],
    [`${container}.lifecycle`, { stopSignal: "INT" }, /stopSignal: is no signal/],
    [`${container}.terminationMessagePath`, "last-words", /terminationMessagePath: must be an absolute path/],
    [`${container}.terminationMessagePolicy`, "FallbackToLogsOnError", undefined],
    [`${container}.startupProbe`, { tcpSocket: { port: 1 } }, undefined],
    [`${container}.restartPolicy`, "Never", undefined],
    [
      `${container}.restartPolicyRules`,
      [{ action: "Restart", exitCodes: { operator: "In", values: [3] } }],
      /restartPolicy: must be set/,
    ],
    [`${container}.stdin`, true, undefined],
  ]);
});

test("init containers", () => {
  const init = (changes: object) => [{ name: "i", image: "i", ...changes }];
  const probe = { tcpSocket: { port: 1 } };
  checkCases(basePod, [
    ["spec.initContainers", [], undefined],
    ["spec.initContainers", init({}), undefined],
    ["spec.initContainers", init({ image: "" }), /initContainers\[0\].image: is required/],
    [
      "spec.initContainers",
      init({ readinessProbe: probe }),
      /readinessProbe: is only for containers that go on running/,
    ],
    ["spec.initContainers", init({ restartPolicy: "Always", readinessProbe: probe }), undefined],
    ["spec.initContainers", [...init({}), ...init({})], /initContainers\[1\].name: `i` is there already/],
    ["spec.initContainers", init({ name: "c" }), /containers\[0\].name: `c` is there already/],
    ["spec.activeDeadlineSeconds", 0, /must be at least 1/],
    ["spec.activeDeadlineSeconds", 60, undefined],
  ]);
});

test("mounts", () => {
  checkCases(basePod, [
    [`${container}.volumeMounts[0].name`, "w", /name: the pod has no volume `w`/],
    [`${container}.volumeMounts[0].mountPath`, "/a:b", /mountPath: must not contain `:`/],
    [`${container}.volumeMounts[1]`, { name: "v", mountPath: "/v" }, /mountPath: `\/v` is there already/],
    [`${container}.volumeMounts[0].subPath`, "/a", /must be a relative path/],
    [`${container}.volumeMounts[0].subPath`, "a/../b", /must not contain `..`/],
    [
      `${container}.volumeMounts[0]`,
      { name: "v", mountPath: "/v", subPath: "a", subPathExpr: "b" },
      /cannot be set beside/,
    ],
    [`${container}.volumeMounts[0].mountPropagation`, "Bidirectional", /refused/],
    [`${container}.volumeMounts[0].mountPropagation`, "None", undefined],
  ]);
});

test("environment", () => {
  const env = `${container}.env`;
  const from = (valueFrom: object) => [{ name: "A", valueFrom }];
  checkCases(basePod, [
    [env, [{ name: "A", value: 5 }], /value: must be text, not the number 5: write it in quotes, as "5"/],
    [env, [{ name: "A", value: true }], /must be text, not true: write it in quotes, as "true"/],
    [env, [{ name: "A=B" }], /name: must be printable/],
    [env, from({}), /valueFrom: needs a source: one of fieldRef/],
    [env, from({ fieldRef: { fieldPath: "metadata.name" }, secretKeyRef: { name: "a", key: "b" } }), /only one of/],
    [env, from({ fieldRef: { fieldPath: "spec.color" } }), /must be one of metadata.name/],
    [env, from({ fieldRef: { fieldPath: "metadata.labels['a b']" } }), /must be letters/],
    [env, from({ fieldRef: { fieldPath: "metadata.annotations['Example.com/a']" } }), undefined],
    [env, from({ resourceFieldRef: { resource: "limits.gpu" } }), /must be one of limits.cpu/],
    [env, from({ resourceFieldRef: { resource: "limits.cpu", divisor: "1Mi" } }), /divisor: must be one of 1m, 1/],
    [env, from({ configMapKeyRef: { name: "a" } }), /key: is required/],
    [env, from({ secretKeyRef: { name: "a", key: "a/b" } }), /key: must be letters/],
    [env, from({ fileKeyRef: { volumeName: "v", path: "a", key: "b" } }), notBuilt],
    [env, [{ name: "A", value: "x", valueFrom: { fieldRef: { fieldPath: "metadata.uid" } } }], /beside `value`/],
    [`${container}.envFrom`, [{}], /needs a source/],
    [`${container}.envFrom`, [{ configMapRef: { name: "A" } }], /configMapRef.name: must be lower case/],
  ]);
  const twice = changed(basePod, env, [{ name: "A" }, { name: "A" }]);
  assert.deepEqual(examine(twice).warnings, ["spec.containers[0].env[1].name: hides an earlier `A`"]);
});

test("resources", () => {
  const path = `${container}.resources`;
  checkCases(basePod, [
    [
      path,
      { limits: { cpu: "1" }, requests: { cpu: "1500m" } },
      /requests.cpu: must be no more than the limit: `1500m`/,
    ],
    [path, { limits: { cpu: "-1" } }, /^spec.containers\[0\].resources.limits.cpu: must not be negative$/],
    [path, { limits: { cpu: "one" } }, /limits.cpu: `one` is not a quantity/],
    [path, { limits: { gpu: "1" } }, /is not a resource of containers/],
    [path, { limits: { "hugepages-2Mi": "2Mi" } }, /resources: asks for huge pages, and for neither cpu nor memory/],
    [path, { limits: { "hugepages-2Mi": "2Mi", memory: "1Mi" } }, undefined],
    [path, { limits: { "hugepages-2Mi": "3Mi", memory: "1Mi" } }, /must be a multiple of the page size/],
    [path, { requests: { "hugepages-2Mi": "2Mi", cpu: "1" } }, /limits.hugepages-2Mi: must equal the request/],
    [
      path,
      { limits: { "hugepages-2Mi": "4Mi", cpu: "1" }, requests: { "hugepages-2Mi": "2Mi" } },
      /must equal the limit of hugepages-2Mi/,
    ],
    [path, { limits: { "hugepages-2": "2Mi" } }, /is not a resource of containers/],
    [path, { limits: { "ephemeral-storage": "1Gi" } }, undefined],
    [path, { limits: { "example.com/gpu": "1" }, requests: { "example.com/gpu": "1" } }, undefined],
    [path, { limits: { "example.com/gpu": "500m" } }, /must be a whole number/],
    [path, { limits: { "example.com/gpu": "2" }, requests: { "example.com/gpu": "1" } }, /must equal the limit/],
    [path, { limits: { cpu: true } }, /must be a quantity.*not true/],
    [path, { claims: [{ name: "a" }] }, /not part of Orch/],
    ["spec.resources", { limits: { cpu: "1" } }, undefined],
    ["spec.resources", { limits: { "ephemeral-storage": "1Gi" } }, /a pod as a whole has cpu, memory and huge pages/],
    ["spec.resources", { requests: { cpu: "2" }, limits: { cpu: "1" } }, /must be no more than the limit/],
  ]);
  const withRequest = changed(basePod, path, { requests: { cpu: "500m" }, limits: { cpu: "2", memory: "64Mi" } });
  checkCases(withRequest, [
    ["spec.resources", { requests: { cpu: "100m" } }, /resources.requests.cpu: is less than its containers request/],
    [
      "spec.resources",
      { limits: { cpu: "1" } },
      /containers\[0\].resources.limits.cpu: is more than the pod's limit `1`/,
    ],
    ["spec.resources", { requests: { memory: "64Mi" }, limits: { cpu: "2", memory: "128Mi" } }, undefined],
  ]);
});

test("ulimits are an annotation, of the pod or of one of its containers", () => {
  const name = "c";
  checkCases(basePod, [
    ["metadata.annotations", { "orch/ulimits": "nofile=1024:4096,core=0" }, undefined],
    ["metadata.annotations", { [`orch/ulimits.${name}`]: "nofile=unlimited" }, undefined],
    [
      "metadata.annotations",
      { "orch/ulimits": "files=1" },
      /annotations\["?orch\/ulimits"?\]: .*is not NAME=SOFT:HARD/,
    ],
    ["metadata.annotations", { "orch/ulimits.nobody": "core=0" }, /the pod has no container `nobody`/],
  ]);
});

test("probes", () => {
  const path = `${container}.livenessProbe`;
  checkCases(basePod, [
    [path, {}, /livenessProbe: needs a way to ask: one of exec, httpGet, tcpSocket/],
    [path, { exec: { command: ["a"] }, tcpSocket: { port: 1 } }, /only one of exec, tcpSocket/],
    [path, { exec: {} }, /exec.command: is required/],
    [path, { httpGet: { port: 0 } }, /port: must be from 1/],
    [path, { httpGet: { port: "Web" } }, /port: must be lower case/],
    [path, { httpGet: { port: 80, httpHeaders: [{ name: "a b", value: "c" }] } }, /not a name of an HTTP header/],
    [path, { httpGet: { port: 80, scheme: "https" } }, /did you mean `HTTPS`/],
    [path, { tcpSocket: {} }, /port: is required/],
    [path, { tcpSocket: { port: 1 }, successThreshold: 2 }, /successThreshold: must be 1/],
    [path, { tcpSocket: { port: 1 }, periodSeconds: -1 }, /must not be negative/],
    [path, { tcpSocket: { port: 1 }, terminationGracePeriodSeconds: 0 }, /must be more than 0/],
    [path, { grpc: { port: 1 } }, undefined],
    [path, { grpc: { port: 0 } }, /grpc.port: must be from 1/],
    [`${container}.readinessProbe`, { tcpSocket: { port: 1 }, terminationGracePeriodSeconds: 1 }, /kills nothing/],
    [`${container}.readinessProbe`, { tcpSocket: { port: 1 }, successThreshold: 2 }, undefined],
  ]);
});

test("security", () => {
  const path = `${container}.securityContext`;
  checkCases(basePod, [
    [path, { runAsUser: -1 }, /runAsUser: must be from 0/],
    [path, { allowPrivilegeEscalation: false, privileged: true }, /cannot be false for a privileged/],
    [path, { allowPrivilegeEscalation: false, capabilities: { add: ["SYS_ADMIN"] } }, /with capability SYS_ADMIN/],
    [path, { seccompProfile: { type: "Localhost" } }, /localhostProfile: is required/],
    [path, { seccompProfile: { type: "RuntimeDefault", localhostProfile: "a" } }, /only with type Localhost/],
    [path, { seccompProfile: { type: "Localhost", localhostProfile: "../a" } }, /must be a path below/],
    [path, { procMount: "Unmasked" }, /only beside hostUsers: false/],
    ["spec.securityContext", { fsGroup: 3e9 }, /fsGroup: must be from 0/],
    ["spec.securityContext", { supplementalGroups: [-1] }, /supplementalGroups\[0\]: must be from 0/],
    [
      "spec.securityContext",
      { sysctls: [{ name: "vm.swappiness", value: "1" }] },
      /is the node's, not the pod's\. Safe/,
    ],
    ["spec.securityContext", { appArmorProfile: { type: "Localhost" } }, /is required with type Localhost/],
    ["spec.securityContext", { sysctls: [{ name: "A B", value: "1" }] }, /is not a name of a kernel parameter/],
    ["spec.securityContext", { sysctls: [{ name: "net.core.somaxconn", value: "1" }] }, undefined],
    ["spec.hostUsers", false, undefined],
    ["spec.hostUsers", true, undefined],
  ]);
});

test("volumes", () => {
  const path = "spec.volumes[0]";
  checkCases(basePod, [
    ["spec.volumes[1]", { name: "v", emptyDir: {} }, /volumes\[1\].name: `v` is there already/],
    [path, { name: "v", emptyDir: {}, hostPath: { path: "/a" } }, /can have only one of emptyDir, hostPath/],
    [path, { name: "v", configMap: {} }, /configMap.name: is required/],
    [path, { name: "v", secret: { secretName: "a", defaultMode: 0o1000 } }, /must be from 0 to 0777/],
    [path, { name: "v", configMap: { name: "a", items: [{ key: "a", path: "../a" }] } }, /path: must not contain `..`/],
    [path, { name: "v", hostPath: { path: "/a/../b" } }, /must not contain `..`/],
    [path, { name: "v", hostPath: { path: "/a", type: "Folder" } }, /must be one of ``, `DirectoryOrCreate`/],
    [path, { name: "v", emptyDir: { medium: "memory" } }, /must be empty, `Memory`, `HugePages` or/],
    [path, { name: "v", emptyDir: { medium: "HugePages-2Mi" } }, /no container asks for hugepages-2Mi/],
    [path, { name: "v", emptyDir: { medium: "HugePages" } }, /no container asks for huge pages/],
    [path, { name: "v", emptyDir: { sizeLimit: "1Gi" } }, undefined],
    [path, { name: "v", emptyDir: { medium: "Memory", sizeLimit: "1Gi" } }, undefined],
    [path, { name: "v", downwardAPI: { items: [{ path: "a" }] } }, /needs a source/],
    [
      path,
      { name: "v", downwardAPI: { items: [{ path: "a", fieldRef: { fieldPath: "status.podIP" } }] } },
      /must be one of/,
    ],
    [
      path,
      { name: "v", downwardAPI: { items: [{ path: "a", resourceFieldRef: { resource: "limits.cpu" } }] } },
      /containerName/,
    ],
    [path, { name: "v", projected: { sources: [{}] } }, /needs a source/],
    [path, { name: "v", projected: { sources: [{ serviceAccountToken: { path: "t" } }] } }, notBuilt],
    [path, { name: "v", persistentVolumeClaim: { claimName: "a" } }, /persistent volumes are not built yet/],
    [path, { name: "v", nfs: { server: "a", path: "/" } }, notBuilt],
    [path, { name: "v" }, undefined],
    [path, { name: "v", emptyDir: null }, undefined],
  ]);
});

test("placement", () => {
  const required = "requiredDuringSchedulingIgnoredDuringExecution";
  const term = (requirement: object) => ({
    nodeAffinity: { [required]: { nodeSelectorTerms: [{ matchExpressions: [requirement] }] } },
  });
  const preferred = "preferredDuringSchedulingIgnoredDuringExecution";
  const byField = (requirement: object) => ({
    nodeAffinity: { [preferred]: [{ weight: 1, preference: { matchFields: [requirement] } }] },
  });
  const spread = { maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule" };
  checkCases(basePod, [
    ["spec.affinity", { nodeAffinity: { [required]: { nodeSelectorTerms: [] } } }, /at least one term/],
    ["spec.affinity", term({ key: "a", operator: "In" }), /values: is required with operator In/],
    ["spec.affinity", term({ key: "a", operator: "Gt", values: ["x"] }), /must be a whole number/],
    ["spec.affinity", term({ key: "a", operator: "Exists", values: ["x"] }), /must be empty with operator Exists/],
    [
      "spec.affinity",
      { nodeAffinity: { [preferred]: [{ weight: 0, preference: {} }] } },
      /weight: must be from 1 to 100/,
    ],
    ["spec.affinity", byField({ key: "spec.x", operator: "In", values: ["a"] }), /must be `metadata.name`/],
    ["spec.affinity", byField({ key: "metadata.name", operator: "Exists", values: ["a"] }), /must be `In` or `NotIn`/],
    ["spec.affinity", byField({ key: "metadata.name", operator: "In", values: ["a", "b"] }), /exactly one value/],
    ["spec.affinity", byField({ key: "metadata.name", operator: "In", values: ["node-1"] }), undefined],
    [
      "spec.affinity",
      { podAntiAffinity: { [preferred]: [{ weight: 101, podAffinityTerm: { topologyKey: "zone" } }] } },
      /weight: must be from 1 to 100/,
    ],
    ["spec.affinity", { podAffinity: { [required]: [{ topologyKey: "" }] } }, /topologyKey: is required/],
    [
      "spec.affinity",
      { podAffinity: { [required]: [{ topologyKey: "a", matchLabelKeys: ["b"] }] } },
      /needs a labelSelector/,
    ],
    ["spec.tolerations", [{ operator: "Equal" }], /must be `Exists` when there is no key/],
    ["spec.tolerations", [{ key: "a", operator: "Exists", value: "b" }], /must be empty/],
    ["spec.tolerations", [{ key: "a", tolerationSeconds: 5 }], /must be `NoExecute`/],
    ["spec.tolerations", [{ operator: "Exists" }], undefined],
    ["spec.topologySpreadConstraints", [{ ...spread, maxSkew: 0 }], /maxSkew: must be at least 1/],
    ["spec.topologySpreadConstraints", [spread, spread], /is there already/],
    [
      "spec.topologySpreadConstraints",
      [{ ...spread, minDomains: 1, whenUnsatisfiable: "ScheduleAnyway" }],
      /only with/,
    ],
    ["spec.nodeSelector", { a: "b c" }, /nodeSelector.a: the value `b c` must/],
    ["spec.schedulerName", "mine", /there is one scheduler/],
    ["spec.priorityClassName", "high", undefined],
  ]);
});

test("the rest of a pod", () => {
  checkCases(basePod, [
    ["spec.restartPolicy", "always", /did you mean `Always`/],
    ["spec.terminationGracePeriodSeconds", -1, /must not be negative/],
    ["spec.hostname", "a.b", /hostname: must be lower case/],
    ["spec.imagePullSecrets", [{}], /imagePullSecrets\[0\].name: is required/],
    ["spec.hostnameOverride", "box.example.org", undefined],
    ["spec.hostnameOverride", "Box", /hostnameOverride: must be lower case/],
    ["spec.subdomain", "a.b", /subdomain: must be lower case/],
    ["spec.subdomain", "db", undefined],
    ["spec.setHostnameAsFQDN", true, undefined],
    ["spec.hostAliases", [{ ip: "a", hostnames: ["b"] }], /must be an IP address/],
    ["spec.dnsPolicy", "None", /dnsConfig.nameservers: must have at least one/],
    ["spec.dnsConfig", { nameservers: ["dns.example"] }, /nameservers\[0\]: must be an IP address/],
    ["spec.dnsConfig", { nameservers: ["1.1.1.1", "1.1.1.2", "1.1.1.3", "1.1.1.4"] }, /no more than 3/],
    ["spec.dnsConfig", { searches: ["example.com.", "."], options: [{ name: "ndots", value: "2" }] }, undefined],
    ["spec.os", { name: "windows" }, /nodes run Linux/],
    ["spec.os", { name: "linux" }, undefined],
    ["spec.shareProcessNamespace", true, undefined],
    ["spec.runtimeClassName", "gvisor", notBuilt],
    ["spec.colour", "red", /^spec.colour: unknown field$/],
    ["spec.container", [], /unknown field; did you mean `containers`\?/],
    ["metadata.name", "A", /metadata.name: must be lower case/],
    ["metadata.name", undefined, /give `name` or `generateName`/],
    ["metadata.labels", { "a b": "c" }, /metadata.labels\["a b"\]: the key must/],
    ["metadata.annotations", { "orch/init": "false" }, undefined],
    ["metadata.annotations", { "orch/init": "no" }, /metadata.annotations\["orch\/init"\]: must be "true" or "false"/],
    ["metadata.annotations", { a: "x".repeat(300_000) }, /no more than 262144/],
    ["metadata.finalizers", ["a b"], /finalizers\[0\]: must/],
    [
      "metadata.ownerReferences",
      [{ apiVersion: "v1", kind: "A", name: "", uid: "u" }],
      /ownerReferences\[0\].name: is required/,
    ],
    [
      "metadata.ownerReferences",
      ["a", "b"].map((name) => ({ apiVersion: "v1", kind: "A", name, uid: name, controller: true })),
      /only one owner can have `controller` true, not a, b/,
    ],
    ["kind", "Pod", undefined],
  ]);
  const generated = changed(changed(basePod, "metadata.name", undefined), "metadata.generateName", "p-");
  assert.deepEqual(examine(generated).causes, []);
});

test("of a pod that exists only images and added tolerations can change", () => {
  const toleration = { key: "a", operator: "Exists", effect: "NoSchedule" };
  const withOne = changed(basePod, "spec.tolerations", [toleration]);
  checkCases(
    basePod,
    [
      [`${container}.image`, "busybox:latest", undefined],
      ["spec.tolerations", [toleration], undefined],
      ["metadata.labels", { a: "b" }, undefined],
      [`${container}.env`, [{ name: "A", value: "b" }], /^spec.containers\[0\].env: cannot change in a pod/],
      ["spec.nodeName", "node-1", /^spec.nodeName: cannot change in a pod/],
      ["spec.containers[1]", { name: "d", image: "d" }, /^spec.containers: cannot change/],
      ["metadata.uid", "u2", undefined],
    ],
    { previous: basePod },
  );
  checkCases(withOne, [["spec.tolerations", [], /tolerations: can be added to a pod, but not taken away/]], {
    previous: withOne,
  });
  const stored = changed(changed(basePod, "metadata.uid", "u1"), "metadata.deletionTimestamp", "2026-01-01T00:00:00Z");
  checkCases(
    stored,
    [
      ["metadata.uid", "u2", /metadata.uid: cannot change: it is `u1`/],
      ["metadata.namespace", "other", /metadata.namespace: cannot change/],
      ["metadata.finalizers", ["orch/a"], /no finalizer can be added to what is being deleted/],
    ],
    { previous: stored },
  );
});

test("ports of the node are used once in a pod", () => {
  const ports = [{ containerPort: 80, hostPort: 80 }];
  const host = changed(changed(basePod, "spec.hostNetwork", true), `${container}.ports`, ports);
  checkCases(host, [
    [
      "spec.containers[1]",
      { name: "d", image: "d", ports },
      /^spec.containers\[1\].ports\[0\].hostPort: `80\/TCP` is there/,
    ],
    ["spec.containers[1]", { name: "d", image: "d", ports: [{ ...ports[0], protocol: "UDP" }] }, undefined],
    [`${container}.ports[0].hostPort`, 81, /must equal containerPort/],
  ]);
  const twice = changed(basePod, `${container}.ports`, [{ containerPort: 80 }, { containerPort: 80 }]);
  assert.deepEqual(examine(twice).warnings, ["spec.containers[0].ports[1]: port 80/TCP is there already"]);
});
