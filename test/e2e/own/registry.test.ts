/** Manifests written for Kubernetes, unchanged, on a Debian image from a real registry, beside a dockerd; also credentials. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { clusterPaths, hostAddress } from "#deploy/local-cluster/names.ts";
import { chooseSubnet } from "#deploy/local-cluster/network.ts";
import { Docker } from "../../bench/docker.ts";
import { debianArchive } from "../../support/debian-image.ts";
import { type Registry, registryPuller, startRegistry } from "../../support/registry.ts";
import { auditHost } from "../support/audit.ts";
import { TestCluster } from "../support/cluster.ts";
import { eventually, must } from "../support/programs.ts";
import { difference } from "../support/shared-cluster.ts";

const cluster = new TestCluster("registry");
const host = hostAddress(chooseSubnet("registry"));
const open = `${host}:5000`;
const closed = `${host}:5001`;
const user = registryPuller;
const docker = new Docker("e2e");
const registries: Registry[] = [];
let clean: readonly string[] = [];

before(
  async () => {
    const archive = await debianArchive("debian:test");
    clean = auditHost(cluster.name);
    // Docker's firewall drops what the host forwards; pods must not notice.
    await docker.start();
    await cluster.up(3, ["--plain-http-registry", open]);
    registries.push(
      await startRegistry({ address: open }),
      await startRegistry({ address: closed, authentication: true }),
    );
    for (const registry of registries) await registry.push(archive, "test/debian:12");
  },
  { timeout: 400_000 },
);

after(
  async () => {
    for (const registry of registries) await registry.stop();
    await cluster.down();
    await docker.stop();
    assert.deepEqual(difference(clean, auditHost(cluster.name)), [], "the cluster left something behind");
  },
  { timeout: 120_000 },
);

/** As kubectl users write it: a Namespace, a ConfigMap, a Secret and a Deployment with probes, limits and security. */
const manifests = `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    team: web
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: shop-config
  namespace: shop
data:
  motd: |
    welcome to the shop
---
apiVersion: v1
kind: Secret
metadata:
  name: shop-secret
  namespace: shop
type: Opaque
data:
  token: c2VjcmV0LXRva2Vu
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  namespace: shop
  labels: { app: shop }
spec:
  replicas: 3
  revisionHistoryLimit: 3
  strategy:
    type: RollingUpdate
    rollingUpdate: { maxSurge: 1, maxUnavailable: 0 }
  selector:
    matchLabels: { app: shop }
  template:
    metadata:
      labels: { app: shop }
      annotations: { prometheus.io/scrape: "false" }
    spec:
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        fsGroup: 2000
      terminationGracePeriodSeconds: 1
      containers:
        - name: shop
          image: ${open}/test/debian:12
          imagePullPolicy: IfNotPresent
          command: ["/bin/bash", "-c"]
          args:
            - |
              cat /etc/shop/motd; cat /etc/debian_version; id -u; echo "token is \${#TOKEN} long"
              touch /scratch/ready; exec sleep infinity
          env:
            - name: TOKEN
              valueFrom: { secretKeyRef: { name: shop-secret, key: token } }
          resources:
            requests: { cpu: 50m, memory: 16Mi }
            limits: { cpu: 500m, memory: 128Mi }
          readinessProbe:
            exec: { command: ["test", "-f", "/scratch/ready"] }
            periodSeconds: 1
          livenessProbe:
            exec: { command: ["/bin/true"] }
            periodSeconds: 5
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: { drop: ["ALL"] }
          volumeMounts:
            - { name: config, mountPath: /etc/shop, readOnly: true }
            - { name: scratch, mountPath: /scratch }
      volumes:
        - name: config
          configMap: { name: shop-config }
        - name: scratch
          emptyDir: {}
`;

test("manifests written for Kubernetes run unchanged on a Debian image from a registry", {
  timeout: 180_000,
}, async () => {
  await cluster.apply(manifests, "--wait");
  const [pod] = await cluster.pods("-n", "shop");
  const logs = await cluster.orchctl(["logs", pod?.metadata.name ?? "", "-n", "shop"]);
  assert.match(logs, /^welcome to the shop\n12\.\d+\n1000\ntoken is 12 long\n$/);
  assert.match(pod?.status?.containerStatuses?.[0]?.imageID ?? "", /sha256:[0-9a-f]{64}/);
  await cluster.orchctl(["delete", "namespace", "shop", "--timeout", "60s"], { timeoutMs: 90_000 });
});

const privatePod = (name: string, secrets: string, tag = "12"): string => `apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec:
  restartPolicy: Never
  ${secrets}
  containers:
    - { name: main, image: "${closed}/test/debian:${tag}", command: ["cat", "/etc/debian_version"] }
`;

const waitingReason = (name: string, message: RegExp): Promise<unknown> =>
  eventually(`${name} waits with ${message}`, async () => {
    const pod = (await cluster.pods()).find((one) => one.metadata.name === name);
    const reason = pod?.status?.containerStatuses?.[0]?.state?.waiting;
    const isOfPull = reason?.reason === "ErrImagePull" || reason?.reason === "ImagePullBackOff";
    return isOfPull && message.test(reason.message ?? "") ? reason : undefined;
  });

const dockerConfig = (password: string = user.password): string =>
  Buffer.from(JSON.stringify({ auths: { [closed]: { username: user.name, password } } })).toString("base64");

const pullSecret = (name: string, config: string): string =>
  `apiVersion: v1\nkind: Secret\nmetadata: { name: ${name} }\ntype: kubernetes.io/dockerconfigjson\ndata: { .dockerconfigjson: ${config} }\n`;

const registryObject = (more: string): string => `apiVersion: orch/v1
kind: Registry
metadata: { name: private }
spec:
  hosts: ["${closed}"]
  plainHTTP: true
  ${more}
`;

test("a Registry is applied live: a pod that waits for its image gets it, by a mirror's content and the cluster's credentials", {
  timeout: 120_000,
}, async () => {
  const archive = await debianArchive("debian:test");
  for (const registry of registries) await registry.push(archive, "test/debian:live");
  await cluster.apply(privatePod("waits", "", "live"));
  await waitingReason("waits", /does not speak HTTPS/);
  await cluster.apply(registryObject(""));
  await waitingReason("waits", /needs credentials/);
  await cluster.apply(pullSecret("cluster-pull", dockerConfig()));
  await cluster.apply(
    registryObject(`credentialsSecretRef: { name: cluster-pull }\n  mirrors: [{ url: "http://${open}" }]`),
  );
  await cluster.orchctl(["wait", "pod/waits", "--for", "jsonpath={.status.phase}=Succeeded", "--timeout", "60s"], {
    timeoutMs: 70_000,
  });
  const asked = registries[0]?.log() ?? "";
  assert.match(asked, /GET \/v2\/test\/debian\/manifests\/live\?ns=/, "the mirror was asked, and told for whom");
  assert.match(await cluster.orchctl(["get", "registries"]), /private +\S+:5001 +plain HTTP +1 +default\/cluster-pull/);
  await cluster.apply(registryObject(""));
});

test("a private registry refuses without credentials and with wrong ones, and serves with an imagePullSecret", {
  timeout: 120_000,
}, async () => {
  await cluster.apply(pullSecret("mistyped", dockerConfig("wrong")));
  await cluster.apply(
    `${privatePod("refused", "")}---\n${privatePod("denied", "imagePullSecrets: [{ name: mistyped }]")}`,
  );
  await waitingReason("refused", /needs credentials/);
  await waitingReason("denied", /refused the credentials/);
  await cluster.apply(pullSecret("pull", dockerConfig()));
  await cluster.apply(privatePod("served", "imagePullSecrets: [{ name: pull }]"));
  await cluster.orchctl(["wait", "pod/served", "--for", "jsonpath={.status.phase}=Succeeded", "--timeout", "60s"], {
    timeoutMs: 70_000,
  });
  assert.match(await cluster.orchctl(["logs", "served"]), /^12\./);
});

/** Files below the cluster's data, its logs and journals among them, that hold one of the words. */
const filesWith = (...words: readonly string[]): Promise<string> => {
  const search = ["-rlF", "--binary-files=text", ...words.flatMap((word) => ["-e", word])];
  // Not finding any is no failure here, nor are files that go while grep looks at them.
  return must("sh", ["-c", '"$@" || true', "sh", "grep", "-s", ...search, clusterPaths(cluster.name).data]);
};

const processesToldOf = (words: readonly string[]): readonly string[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, "latin1")];
      } catch {
        return []; // It ended while we looked.
      }
    })
    .filter((commandLine) => words.some((word) => commandLine.includes(word)));

test("no secret value is in logs, journals, process arguments or on disk outside tmpfs", {
  timeout: 60_000,
}, async () => {
  const value = `hidden-${randomBytes(12).toString("hex")}`;
  await cluster.apply(
    `apiVersion: v1
kind: Secret
metadata: { name: told-to-nobody }
stringData: { token: ${value} }
---
apiVersion: v1
kind: Pod
metadata: { name: knows }
spec:
  terminationGracePeriodSeconds: 0
  containers:
    - name: main
      image: ${open}/test/debian:12
      command: ["sleep", "infinity"]
      env: [{ name: TOKEN, valueFrom: { secretKeyRef: { name: told-to-nobody, key: token } } }]
      volumeMounts: [{ name: token, mountPath: /token }]
  volumes: [{ name: token, secret: { secretName: told-to-nobody } }]
`,
    "--wait",
  );
  const check = ["exec", "knows", "--", "sh", "-c", '[ "$TOKEN" = "$(cat /token/token)" ] && echo same'];
  assert.equal(await cluster.orchctl(check), "same\n", "it is told as environment and as a file");
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  const secrets = [user.password, base64(`${user.name}:${user.password}`), value, base64(value)];
  assert.notEqual(await filesWith("told-to-nobody"), "", "its name is there, so we look in the right place");
  assert.equal(await filesWith(...secrets), "");
  assert.notDeepEqual(processesToldOf([`--cluster\0${cluster.name}\0`]), [], "arguments are read as they are");
  assert.deepEqual(processesToldOf(secrets), []);
  await cluster.orchctl(["delete", "pod/knows", "secret/told-to-nobody"]);
});
