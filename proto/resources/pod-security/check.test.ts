import assert from "node:assert/strict";
import { test } from "node:test";
import type { PodSpec } from "../pod.ts";
import { type Checked, newestEdition, sentenceOf, violationsOf } from "./check.ts";
import type { Edition, Level } from "./level.ts";

type Container = PodSpec["containers"][number];

const pod = (spec: Partial<PodSpec> = {}, annotations: Record<string, string> = {}): Checked => ({
  metadata: { annotations },
  spec: { containers: [{ name: "main", image: "i" }], ...spec },
});
const withContainer = (fields: Partial<Container>, spec: Partial<PodSpec> = {}): Checked =>
  pod({ containers: [{ name: "main", image: "i", ...fields }], ...spec });
const secured = (securityContext: Container["securityContext"], spec: Partial<PodSpec> = {}): Checked =>
  withContainer({ ...(securityContext && { securityContext }) }, spec);

const paths = (subject: Checked, level: Level, edition: Edition = "latest"): readonly string[] =>
  violationsOf(subject, { level, edition }).map(({ path }) => path);

/** What a careful pod says, so that one thing at a time can be wrong. */
const careful = {
  allowPrivilegeEscalation: false,
  runAsNonRoot: true,
  seccompProfile: { type: "RuntimeDefault" },
  capabilities: { drop: ["ALL"] },
} as const;
const carefully = (more: Container["securityContext"], spec: Partial<PodSpec> = {}): Checked =>
  secured({ ...careful, capabilities: { drop: ["ALL"] }, ...more }, spec);

const at = "spec.containers[0]";
const inContainer = `${at}.securityContext`;

interface Case {
  readonly pod: Checked;
  readonly path: string;
  /** Editions before it let it pass. */
  readonly since?: number;
}

const forbiddenByBaseline: Readonly<Record<string, Case>> = {
  "the host's network": { pod: pod({ hostNetwork: true }), path: "spec.hostNetwork" },
  "the host's processes": { pod: pod({ hostPID: true }), path: "spec.hostPID" },
  "the host's IPC": { pod: pod({ hostIPC: true }), path: "spec.hostIPC" },
  privileged: { pod: secured({ privileged: true }), path: `${inContainer}.privileged` },
  "a privileged init container": {
    pod: pod({ initContainers: [{ name: "i", image: "i", securityContext: { privileged: true } }] }),
    path: "spec.initContainers[0].securityContext.privileged",
  },
  "a privileged debug container": {
    pod: pod({ ephemeralContainers: [{ name: "d", image: "i", securityContext: { privileged: true } }] }),
    path: "spec.ephemeralContainers[0].securityContext.privileged",
  },
  "a host process of Windows": {
    pod: secured({ windowsOptions: { hostProcess: true } }),
    path: `${inContainer}.windowsOptions.hostProcess`,
  },
  "a capability beyond the list": {
    pod: secured({ capabilities: { add: ["CHOWN", "NET_RAW"] } }),
    path: `${inContainer}.capabilities.add[1]`,
  },
  "a capability by its long name": {
    pod: secured({ capabilities: { add: ["cap_sys_admin"] } }),
    path: `${inContainer}.capabilities.add[0]`,
  },
  "all capabilities": { pod: secured({ capabilities: { add: ["ALL"] } }), path: `${inContainer}.capabilities.add[0]` },
  "a path of the host": {
    pod: pod({ volumes: [{ name: "v", hostPath: { path: "/" } }] }),
    path: "spec.volumes[0].hostPath",
  },
  "a port of the host": {
    pod: withContainer({ ports: [{ containerPort: 80, hostPort: 80 }] }),
    path: `${at}.ports[0].hostPort`,
  },
  "a probe of another host": {
    pod: withContainer({ livenessProbe: { httpGet: { port: 80, host: "10.0.0.1" } } }),
    path: `${at}.livenessProbe.httpGet.host`,
    since: 34,
  },
  "a hook that calls another host": {
    pod: withContainer({ lifecycle: { preStop: { httpGet: { port: 80, host: "metadata" } } } }),
    path: `${at}.lifecycle.preStop.httpGet.host`,
    since: 34,
  },
  "no AppArmor": {
    pod: pod({ securityContext: { appArmorProfile: { type: "Unconfined" } } }),
    path: "spec.securityContext.appArmorProfile.type",
  },
  "no AppArmor, the old way": {
    pod: pod({}, { "container.apparmor.security.beta.kubernetes.io/main": "unconfined" }),
    path: 'metadata.annotations["container.apparmor.security.beta.kubernetes.io/main"]',
  },
  "an SELinux type of its own": {
    pod: secured({ seLinuxOptions: { type: "spc_t" } }),
    path: `${inContainer}.seLinuxOptions.type`,
  },
  "an SELinux user": { pod: secured({ seLinuxOptions: { user: "u" } }), path: `${inContainer}.seLinuxOptions.user` },
  "an SELinux role": { pod: secured({ seLinuxOptions: { role: "r" } }), path: `${inContainer}.seLinuxOptions.role` },
  "an unmasked /proc": { pod: secured({ procMount: "Unmasked" }), path: `${inContainer}.procMount` },
  "no seccomp": {
    pod: secured({ seccompProfile: { type: "Unconfined" } }),
    path: `${inContainer}.seccompProfile.type`,
    since: 19,
  },
  "an unsafe kernel parameter": {
    pod: pod({ securityContext: { sysctls: [{ name: "kernel.msgmax", value: "1" }] } }),
    path: "spec.securityContext.sysctls[0].name",
  },
};

const forbiddenByRestricted: Readonly<Record<string, Case>> = {
  "a volume of another kind": {
    pod: carefully({}, { volumes: [{ name: "v", nfs: { server: "s", path: "/" } }] }),
    path: "spec.volumes[0].nfs",
  },
  "gaining privileges": {
    pod: carefully({ allowPrivilegeEscalation: undefined }),
    path: `${inContainer}.allowPrivilegeEscalation`,
    since: 8,
  },
  "perhaps being root": { pod: carefully({ runAsNonRoot: undefined }), path: `${inContainer}.runAsNonRoot` },
  "being root": { pod: carefully({ runAsUser: 0 }), path: `${inContainer}.runAsUser`, since: 23 },
  "no word on seccomp": {
    pod: carefully({ seccompProfile: undefined }),
    path: `${inContainer}.seccompProfile.type`,
    since: 19,
  },
  "keeping capabilities": {
    pod: carefully({ capabilities: { drop: ["NET_RAW"] } }),
    path: `${inContainer}.capabilities.drop`,
    since: 22,
  },
  "a capability back": {
    pod: carefully({ capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE", "CHOWN"] } }),
    path: `${inContainer}.capabilities.add[1]`,
    since: 22,
  },
};

for (const [what, { pod: subject, path, since = 0 }] of Object.entries(forbiddenByBaseline)) {
  test(`baseline and restricted forbid ${what}, privileged does not`, () => {
    assert.deepEqual(paths(subject, "baseline"), [path]);
    assert.ok(paths(subject, "restricted").includes(path));
    assert.deepEqual(paths(subject, "privileged"), []);
    assert.deepEqual(paths(subject, "baseline", since), [path], `v1.${since} has it`);
    if (since > 0) assert.deepEqual(paths(subject, "baseline", since - 1), [], `v1.${since - 1} does not have it`);
  });
}

for (const [what, { pod: subject, path, since = 0 }] of Object.entries(forbiddenByRestricted)) {
  test(`restricted forbids ${what}, baseline does not`, () => {
    assert.deepEqual(paths(subject, "restricted"), [path]);
    assert.deepEqual(paths(subject, "baseline"), []);
    assert.ok(paths(subject, "restricted", since).includes(path), `v1.${since} has it`);
    if (since > 0)
      assert.ok(!paths(subject, "restricted", since - 1).includes(path), `v1.${since - 1} does not have it`);
  });
}

test("what every image needs passes baseline, and a careful pod restricted, in every edition", () => {
  const plain = withContainer(
    { ports: [{ containerPort: 80 }], livenessProbe: { httpGet: { port: 80 } } },
    { volumes: [{ name: "v", emptyDir: {} }], hostNetwork: false },
  );
  for (const edition of [...Array(newestEdition + 3).keys(), "latest" as const]) {
    assert.deepEqual(paths(plain, "baseline", edition), []);
    const binds = carefully({ capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] } });
    assert.deepEqual(paths(binds, "restricted", edition), [], String(edition));
  }
});

test("a word for the pod stands for containers that say nothing, and theirs wins", () => {
  const rest = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
  const ofPod: PodSpec["securityContext"] = {
    runAsNonRoot: true,
    seccompProfile: { type: "Localhost", localhostProfile: "p" },
  };
  assert.deepEqual(paths(secured(rest, { securityContext: ofPod }), "restricted"), []);
  const contrary = secured({ ...rest, runAsNonRoot: false }, { securityContext: ofPod });
  assert.deepEqual(paths(contrary, "restricted"), [`${inContainer}.runAsNonRoot`]);
});

test("kernel parameters become safe with the edition that calls them so, with dots or slashes", () => {
  const asking = (name: string): Checked => pod({ securityContext: { sysctls: [{ name, value: "1" }] } });
  assert.equal(paths(asking("net/ipv4/tcp_syncookies"), "baseline", 0).length, 0);
  assert.equal(paths(asking("net.ipv4.tcp_rmem"), "baseline", 31).length, 1);
  assert.equal(paths(asking("net.ipv4.tcp_rmem"), "baseline", 32).length, 0);
});

test("users of its own make up for root inside and for an unmasked /proc, since v1.35", () => {
  const own = secured(
    { ...careful, capabilities: { drop: ["ALL"] }, runAsNonRoot: false, runAsUser: 0, procMount: "Unmasked" },
    { hostUsers: false },
  );
  assert.deepEqual(paths(own, "restricted"), []);
  assert.equal(paths(own, "restricted", 34).length, 3);
});

test("editions before v1.19 read seccomp from annotations", () => {
  const unconfined = pod({}, { "seccomp.security.alpha.kubernetes.io/pod": "unconfined" });
  assert.equal(paths(unconfined, "baseline", 18).length, 1);
  assert.equal(paths(unconfined, "baseline", 19).length, 0);
});

test("a template's violations have the template's paths, and a sentence names a bounded number", () => {
  const many = pod({ volumes: Array.from({ length: 9 }, (_, i) => ({ name: `v${i}`, hostPath: { path: "/" } })) });
  const found = violationsOf(many, { level: "baseline", edition: "latest" }, ["spec", "template"]);
  assert.equal(found[0]?.path, "spec.template.spec.volumes[0].hostPath");
  assert.match(sentenceOf(found), /volumes\[4\]\.hostPath must not be used; and 4 more$/);
});
