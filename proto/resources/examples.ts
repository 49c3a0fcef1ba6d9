/** Values that show how a field is written, for `orchctl explain`. Each is valid where it stands: a test says so. Pure. */
import type { ResourceDefinition } from "./registry.ts";
import type { ObjectNode, TypeNode } from "./schema/fields.ts";

const container = { name: "web", image: "nginx:1.29" };
const template = { metadata: { labels: { app: "web" } }, spec: { containers: [container] } };
const workload = { replicas: 3, selector: { matchLabels: { app: "web" } }, template };

/** By path below a pod's spec, which templates share. */
const podSpec: Readonly<Record<string, unknown>> = {
  "": { containers: [container] },
  containers: [{ ...container, ports: [{ containerPort: 80 }] }],
  "containers.command": ["sh", "-c", "exec server --port $(PORT)"],
  "containers.args": ["--verbose"],
  "containers.ports": [{ name: "http", containerPort: 80 }],
  "containers.env": [
    { name: "LOG_LEVEL", value: "debug" },
    { name: "PASSWORD", valueFrom: { secretKeyRef: { name: "db", key: "password" } } },
    { name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
  ],
  "containers.envFrom": [{ configMapRef: { name: "settings" } }, { prefix: "DB_", secretRef: { name: "db" } }],
  "containers.resources": { requests: { cpu: "100m", memory: "64Mi" }, limits: { memory: "256Mi" } },
  "containers.volumeMounts": [{ name: "data", mountPath: "/var/lib/app" }],
  "containers.livenessProbe": { httpGet: { path: "/healthz", port: 8080 }, periodSeconds: 5 },
  "containers.readinessProbe": { tcpSocket: { port: 5432 } },
  "containers.imagePullPolicy": "IfNotPresent",
  "containers.securityContext": { runAsUser: 1000, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
  volumes: [
    { name: "data", emptyDir: {} },
    { name: "conf", configMap: { name: "settings" } },
  ],
  nodeSelector: { "kubernetes.io/hostname": "node-1" },
  tolerations: [{ key: "dedicated", operator: "Equal", value: "database", effect: "NoSchedule" }],
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { labelSelector: { matchLabels: { app: "web" } }, topologyKey: "kubernetes.io/hostname" },
      ],
    },
  },
  topologySpreadConstraints: [
    {
      ...{ maxSkew: 1, topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "ScheduleAnyway" },
      labelSelector: { matchLabels: { app: "web" } },
    },
  ],
  securityContext: { runAsUser: 1000, fsGroup: 2000 },
  imagePullSecrets: [{ name: "registry-login" }],
  restartPolicy: "OnFailure",
  terminationGracePeriodSeconds: 60,
  hostAliases: [{ ip: "10.0.0.5", hostnames: ["db.internal"] }],
};

const below = (prefix: string, examples: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(examples).map(([path, value]) => [path === "" ? prefix : `${prefix}.${path}`, value]),
  );

const metadata = {
  "metadata.labels": { app: "web", tier: "front" },
  "metadata.annotations": { "example.com/owner": "team a" },
};

const workloads = {
  ...metadata,
  "": { spec: workload },
  spec: workload,
  "spec.selector": workload.selector,
  ...below("spec.template.spec", podSpec),
};

const examples: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  Pod: { ...metadata, "": { spec: { containers: [container] } }, ...below("spec", podSpec) },
  Deployment: {
    ...workloads,
    "spec.strategy": { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    "spec.minReadySeconds": 10,
    "spec.revisionHistoryLimit": 3,
  },
  ReplicaSet: workloads,
  ConfigMap: {
    ...metadata,
    "": { data: { "log.level": "debug", "app.conf": "listen 80\n" } },
    data: { "log.level": "debug", "app.conf": "listen 80\n" },
    binaryData: { "logo.png": "iVBORw==" },
    immutable: true,
  },
  Secret: {
    ...metadata,
    "": { type: "Opaque", stringData: { password: "…" } },
    data: { password: "aHVudGVyMg==" },
    stringData: { password: "hunter2" },
    type: "kubernetes.io/dockerconfigjson",
  },
  Namespace: { ...metadata, "": {} },
  Node: {
    ...metadata,
    "spec.taints": [{ key: "dedicated", value: "database", effect: "NoSchedule" }],
    "spec.unschedulable": true,
  },
};

export interface FieldExample {
  /** The value of the field. */
  readonly value: unknown;
  /** From the kind's top, the field inside its parents: `{spec: {strategy: {…}}}`. */
  readonly manifest: unknown;
}

/** `path` as `spec.containers.image`. Single values without an example of their own get one from their type. */
export function exampleOf({ kind, apiVersion, type }: ResourceDefinition, path: string): FieldExample | undefined {
  const known = examples[kind] ?? {};
  const steps = path.split(".").filter((step) => step !== "");
  const value = Object.hasOwn(known, path) ? known[path] : fromType(typeAt(type, steps));
  if (value === undefined) return undefined;
  const top = { apiVersion, kind };
  if (steps.length === 0) return { value, manifest: { ...top, metadata: { name: "example" }, ...(value as object) } };
  return { value, manifest: { ...top, ...(nested(type, steps, value) as object) } };
}

function nested(type: TypeNode, [step, ...rest]: readonly string[], value: unknown): unknown {
  if (step === undefined) return value;
  if (type.kind === "list") return [nested(type.item, [step, ...rest], value)];
  if (type.kind === "map") return { key: nested(type.value, [step, ...rest], value) };
  const next = type.kind === "object" ? type.fields.get(step)?.type : undefined;
  return { [step]: next ? nested(next, rest, value) : value };
}

function typeAt(type: TypeNode, steps: readonly string[]): ReturnType<ObjectNode["fields"]["get"]> {
  let at: TypeNode = type;
  let field: ReturnType<ObjectNode["fields"]["get"]>;
  for (const step of steps) {
    while (at.kind === "list" || at.kind === "map") at = at.kind === "list" ? at.item : at.value;
    field = at.kind === "object" ? at.fields.get(step) : undefined;
    if (!field) return undefined;
    at = field.type;
  }
  return field;
}

/** Nothing for what is refused: there is no right way to write it. */
function fromType(field: ReturnType<typeof typeAt>): unknown {
  if (!field || field.level === "refused") return undefined;
  if (field.default !== undefined && typeof field.default !== "object") return field.default;
  const { type } = field;
  switch (type.kind) {
    case "boolean":
      return true;
    case "integer":
      return Math.max(type.min ?? 1, 1);
    case "quantity":
      return "100m";
    case "int-or-string":
      return 8080;
    case "time":
      return "2026-01-31T12:00:00Z";
    case "string":
      return type.choices?.[0];
    default:
      return undefined;
  }
}
