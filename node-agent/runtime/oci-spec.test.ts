import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import type { SecurityContext } from "#proto/resources/pod.ts";
import { baselineCapabilities } from "#proto/resources/pod-security/baseline.ts";
import { allCapabilities } from "./capabilities.ts";
import { defaultRuntimeLimits } from "./container-resources.ts";
import { containerSpec, sandboxSpec } from "./container-runtime.contract.ts";
import type { ContainerSpec, Sandbox } from "./container-runtime.ts";
import type { HostFacts } from "./host-facts.ts";
import { toOciJson } from "./oci-json.ts";
import { limitNotes, type OciSpecInput, ociConfig } from "./oci-spec.ts";
import { resourceAmounts } from "./resource-amounts.ts";
import { noSecurityModules, type SecurityModules } from "./security-modules.ts";

const host: HostFacts = {
  architecture: "x64",
  cgroupVersion: 1,
  swapAccounting: true,
  capabilities: new Set(allCapabilities.filter((name) => name !== "CAP_SYS_RESOURCE")),
  hardLimits: new Map([["nofile", 20_000]]),
  memoryBytes: 8 * 2 ** 30,
  swapBytes: 0,
  thermalThrottlePaths: ["/sys/devices/system/cpu/cpu0/thermal_throttle"],
  defaultSysctls: { "net.ipv4.ip_unprivileged_port_start": "0" },
  securityModules: noSecurityModules,
  ownUsers: true,
};

const podUid = sandboxSpec().podUid;
const directory = `/run/orch/x/sandboxes/${podUid}`;
const sandbox: Sandbox = {
  podUid,
  namespaces: { network: `${directory}/network`, ipc: `${directory}/ipc`, uts: `${directory}/uts` },
  cgroup: `/orch/x/n/pods/${podUid}`,
  directory,
};
const shared: Sandbox = {
  ...sandbox,
  namespaces: { network: "/proc/self/ns/net", ipc: "/proc/self/ns/ipc", uts: "/proc/self/ns/uts" },
};

function config(changes: Partial<ContainerSpec> = {}, facts: Partial<OciSpecInput> = {}) {
  const files = { rootfs: "/rootfs", logPath: () => "/log" };
  const spec = containerSpec(files, changes.sandbox ?? sandbox, changes);
  return ociConfig({
    spec,
    user: { uid: 0, gid: 0, additionalGids: [0], home: "/root" },
    hostname: "web",
    amounts: resourceAmounts(spec.resources),
    localSeccomp: undefined,
    host,
    limits: defaultRuntimeLimits,
    hostDevices: [],
    mountedDevices: [],
    ...facts,
  });
}

const secured = (security: SecurityContext) => config({ security });
const invalid = (thrown: unknown): boolean => Problem.is(thrown, "invalid");
const isInBaseline = (name: string): boolean => baselineCapabilities.includes(name.replace("CAP_", ""));

test("command and args replace the image's entrypoint and command as in Kubernetes", () => {
  const image = {
    ...containerSpec({ rootfs: "", logPath: () => "" }, sandbox).image,
    entrypoint: ["/e"],
    command: ["c"],
  };
  const args = (command?: readonly string[], given?: readonly string[]) =>
    config({ image, command, args: given }).process.args;
  assert.deepEqual(args(), ["/e", "c"]);
  assert.deepEqual(args(["/x"]), ["/x"]);
  assert.deepEqual(args(undefined, ["a"]), ["/e", "a"]);
  assert.deepEqual(args(["/x"], ["a"]), ["/x", "a"]);
  assert.deepEqual(args([], []), ["/e", "c"]);
  assert.throws(() => config({ command: undefined }), invalid);
});

test("the environment is default, then image, then pod, the last of a name winning", () => {
  const image = {
    ...containerSpec({ rootfs: "", logPath: () => "" }, sandbox).image,
    env: ["PATH=/img", "A=1", "B=x=y"],
  };
  const { env } = config({ image, env: [{ name: "A", value: "2" }] }).process;
  assert.deepEqual(env, ["PATH=/img", "HOSTNAME=web", "HOME=/root", "A=2", "B=x=y"]);
  assert.throws(() => config({ env: [{ name: "A=B", value: "" }] }), invalid);
  assert.throws(() => config({ env: [{ name: "A", value: "x\0y" }] }), invalid);
  assert.throws(() => config({ env: [{ name: "A", value: "x".repeat(200_000) }] }), invalid);
});

test("a working directory below /proc or not absolute is refused, however it is spelled", () => {
  for (const workingDirectory of ["/proc/self/fd/7", "/proc", "/x/../proc/self/fd/3", "//proc/1", "tmp", "/a\0b"]) {
    assert.throws(() => config({ workingDirectory }), invalid, workingDirectory);
  }
  assert.equal(config({ workingDirectory: "/srv/./x/" }).process.cwd, "/srv/x/");
  assert.equal(config().process.cwd, "/");
});

test("a container gets 13 capabilities of Kubernetes' baseline, none inheritable or ambient", () => {
  const { capabilities } = config().process;
  assert.equal(capabilities.bounding.length, 13);
  assert.deepEqual(
    capabilities.bounding.filter((name) => !isInBaseline(name)),
    [],
  );
  assert.deepEqual(capabilities.inheritable, []);
  assert.deepEqual(capabilities.ambient, []);
});

test("nobody gains privileges by executing a file, unless that is allowed or comes with what is allowed", () => {
  const isHeld = (security: SecurityContext): boolean => secured(security).process.noNewPrivileges;
  assert.equal(config().process.noNewPrivileges, true);
  assert.equal(isHeld({ capabilities: { add: ["NET_ADMIN"] } }), true);
  assert.equal(isHeld({ allowPrivilegeEscalation: false, capabilities: { add: ["ALL"] } }), true);
  assert.equal(isHeld({ allowPrivilegeEscalation: true }), false);
  for (const add of ["SYS_ADMIN", "cap_sys_admin", "ALL"])
    assert.equal(isHeld({ capabilities: { add: [add] } }), false);
  assert.equal(isHeld({ privileged: true }), false);
  assert.throws(() => secured({ allowPrivilegeEscalation: false, privileged: true }), invalid);
  assert.throws(() => secured({ allowPrivilegeEscalation: false, capabilities: { add: ["SYS_ADMIN"] } }), invalid);
});

test("capabilities are added and dropped by name, ALL included; unknown and unavailable ones are refused", () => {
  const bounding = (add: string[], drop: string[]) =>
    secured({ capabilities: { add, drop } }).process.capabilities.bounding;
  assert.deepEqual(bounding(["NET_BIND_SERVICE"], ["ALL"]), ["CAP_NET_BIND_SERVICE"]);
  assert.deepEqual(bounding([], ["all"]), []);
  assert.ok(!bounding([], ["cap_mknod"]).includes("CAP_MKNOD"));
  assert.equal(bounding(["ALL"], []).length, host.capabilities.size);
  assert.ok(!bounding(["ALL"], ["SYS_ADMIN"]).includes("CAP_SYS_ADMIN"));
  assert.throws(() => bounding(["FLY"], []), invalid);
  assert.throws(() => bounding(["SYS_RESOURCE"], []), invalid);
});

test("the device list denies everything before it allows anything", () => {
  const { devices } = config().linux.resources;
  assert.deepEqual(devices[0], { allow: false, access: "rwm" });
  assert.ok(devices.slice(1).every((rule) => rule.allow && rule.type === "c"));
  assert.ok(!devices.some((rule) => rule.allow && rule.major === 10)); // fuse
  const fuse = { allow: true, type: "c", major: 10, minor: 229, access: "rw" } as const;
  assert.deepEqual(config({}, { mountedDevices: [fuse] }).linux.resources.devices, [...devices, fuse]);
});

test("a privileged container has all this node can give, and nothing masked or filtered", () => {
  const { process, linux, mounts } = secured({ privileged: true });
  assert.equal(process.capabilities.bounding.length, host.capabilities.size);
  assert.equal(linux.seccomp, undefined);
  assert.deepEqual(linux.maskedPaths, []);
  assert.deepEqual(linux.resources.devices, [{ allow: true, access: "rwm" }]);
  assert.ok(mounts.find((mount) => mount.destination === "/sys")?.options.includes("rw"));
});

test("requests and limits become shares, quota and bytes, as the kubelet computes them", () => {
  const resources = { requests: { cpu: "250m" }, limits: { cpu: "1500m", memory: "64Mi" } };
  const limits = config({ resources }).linux.resources;
  assert.deepEqual(limits.cpu, { shares: 256, quota: 150_000, period: 100_000 });
  assert.deepEqual(limits.memory, { limit: 64 * 2 ** 20, swap: 64 * 2 ** 20 });
  assert.deepEqual(limits.pids, { limit: 4096 });
  const none = config().linux.resources;
  assert.deepEqual(none.cpu, { shares: 2 });
  assert.equal(none.memory, undefined);
  assert.equal(config({ resources: { limits: { cpu: "1m" } } }).linux.resources.cpu?.quota, 1_000);
});

test("the kernel's choice of victim follows the class of the pod, as far as this node may set it", () => {
  const score = (qosClass: ContainerSpec["qosClass"], resources?: ContainerSpec["resources"]) =>
    config({ ...(qosClass ? { qosClass } : {}), resources }).process.oomScoreAdj;
  assert.equal(score("BestEffort"), 1000);
  assert.equal(score(undefined), 1000);
  assert.equal(score("Burstable", { requests: { memory: "4Gi" } }), 500);
  assert.equal(score(undefined, { requests: { cpu: "1" } }), 999);
  assert.equal(score("Guaranteed"), 0); // no CAP_SYS_RESOURCE here
  const able = { ...host, capabilities: new Set(allCapabilities) };
  assert.equal(config({ qosClass: "Guaranteed" }, { host: able }).process.oomScoreAdj, -997);
});

test("open files are limited within the agent's own hard limit", () => {
  assert.deepEqual(config().process.rlimits, [{ type: "RLIMIT_NOFILE", soft: 1024, hard: 20_000 }]);
  const able = { ...host, capabilities: new Set(allCapabilities), hardLimits: new Map([["nofile", 4096]]) };
  assert.equal(config({}, { host: able }).process.rlimits[0]?.hard, 524_288);
});

test("ulimits are given as far as the node can, and a sentence says where it cannot", () => {
  const ulimits = [
    { name: "nofile", soft: 100_000, hard: 200_000 },
    { name: "core", soft: 0, hard: Number.POSITIVE_INFINITY },
  ] as const;
  const asked = containerSpec({ rootfs: "/rootfs", logPath: () => "/log" }, sandbox, { ulimits });
  assert.deepEqual(config({ ulimits }).process.rlimits, [
    { type: "RLIMIT_NOFILE", soft: 20_000, hard: 20_000 },
    { type: "RLIMIT_CORE", soft: 0, hard: Number.POSITIVE_INFINITY },
  ]);
  assert.deepEqual(limitNotes(asked, host), ["ulimit nofile of 200000 is more than this node can give: it is 20000"]);
  assert.match(toOciJson(config({ ulimits })), /"soft":0,"hard":18446744073709551615/);
  const able = { ...host, capabilities: new Set(allCapabilities) };
  assert.equal(config({ ulimits }, { host: able }).process.rlimits[0]?.hard, 200_000);
  assert.deepEqual(limitNotes(asked, able), []);
});

test("swap is none, or for burstable containers their part; version 2 kills a container as one", () => {
  const resources = { requests: { memory: "1Gi" }, limits: { memory: "2Gi", "hugepages-2Mi": "4Mi" } };
  const limits = (
    changes: Partial<ContainerSpec>,
    facts: Partial<typeof defaultRuntimeLimits> = {},
    version: 1 | 2 = 1,
  ) =>
    config(
      { resources, qosClass: "Burstable", ...changes },
      {
        host: { ...host, cgroupVersion: version, swapBytes: 4 * 2 ** 30 },
        limits: { ...defaultRuntimeLimits, ...facts },
      },
    ).linux.resources;
  const [gib, mib] = [2 ** 30, 2 ** 20];
  assert.deepEqual(limits({}).memory, { limit: 2 * gib, swap: 2 * gib });
  assert.deepEqual(limits({}, { swapBehavior: "LimitedSwap" }).memory, { limit: 2 * gib, swap: 2 * gib + gib / 2 });
  assert.equal(limits({ qosClass: "Guaranteed" }, { swapBehavior: "LimitedSwap" }).memory?.swap, 2 * gib);
  assert.deepEqual(limits({}).hugepageLimits, [{ pageSize: "2MB", limit: 4 * mib }]);
  assert.equal(limits({}).unified, undefined);
  assert.deepEqual(limits({}, {}, 2).unified, { "memory.oom.group": "1" });
  assert.deepEqual(limits({ resources: undefined }, { groupOomKill: false }, 2).unified, { "memory.swap.max": "0" });
});

test("namespaces are joined from the sandbox, and pid, mount and cgroup are the container's own", () => {
  const types = config().linux.namespaces.map(({ type, path }) => `${type}${path ? "=" : ""}`);
  assert.deepEqual(types, ["network=", "ipc=", "uts=", "mount", "cgroup", "pid"]);
  assert.equal(config().hostname, "web");
  const onHost = config({ sandbox: shared, hostPid: true });
  assert.deepEqual(
    onHost.linux.namespaces.map(({ type }) => type),
    ["mount", "cgroup"],
  );
  assert.equal(onHost.hostname, undefined);
  assert.equal(onHost.linux.sysctl, undefined);
});

test("mounts come in order, the pod's own after the defaults and in place of them", () => {
  const { mounts } = config({
    mounts: [
      { source: "/v/b", destination: "/data/deep/", readOnly: true },
      { source: "/v/a", destination: "/data", readOnly: false },
      { source: "/v/shm", destination: "/dev/shm", readOnly: false },
    ],
  });
  assert.deepEqual(
    mounts.slice(0, 3).map((mount) => mount.destination),
    ["/proc", "/dev", "/dev/pts"],
  );
  assert.deepEqual(
    mounts.slice(-3).map((mount) => mount.destination),
    ["/data", "/data/deep", "/dev/shm"],
  );
  assert.equal(mounts.filter((mount) => mount.destination === "/dev/shm").length, 1);
  assert.deepEqual(mounts.at(-2)?.options, ["rbind", "rprivate", "ro"]);
  assert.ok(mounts.some((mount) => mount.source === `${directory}/etc/resolv.conf`));
});

test("mounts over the root, over /proc, or out of the root are refused", () => {
  for (const destination of ["/", "/proc", "/proc/sys/kernel", "//proc/", "/a/../proc", "data", "/x\0"]) {
    assert.throws(() => config({ mounts: [{ source: "/v", destination, readOnly: false }] }), invalid, destination);
  }
  assert.throws(() => config({ mounts: [{ source: "v", destination: "/x", readOnly: false }] }), invalid);
  const many = Array.from({ length: 600 }, (_, at) => ({ source: "/v", destination: `/m${at}`, readOnly: false }));
  assert.throws(() => config({ mounts: many }), invalid);
});

test("an image's labels and volumes change nothing", () => {
  const { image } = containerSpec({ rootfs: "", logPath: () => "" }, sandbox);
  const odd = { ...image, labels: { "run.oci.seccomp_bpf_data": "AA==", "org.x": "y" }, volumes: ["/proc", "/data"] };
  assert.deepEqual(config({ image: odd }), config());
});

test("seccomp is the default profile unless the pod says otherwise, the container's word first", () => {
  const { seccomp } = config().linux;
  assert.equal(seccomp?.defaultAction, "SCMP_ACT_ERRNO");
  assert.equal(secured({ seccompProfile: { type: "Unconfined" } }).linux.seccomp, undefined);
  const unconfinedPod = { seccompProfile: { type: "Unconfined" as const } };
  assert.equal(config({ podSecurity: unconfinedPod }).linux.seccomp, undefined);
  const confined = { podSecurity: unconfinedPod, security: { seccompProfile: { type: "RuntimeDefault" as const } } };
  assert.deepEqual(config(confined).linux.seccomp, seccomp);
  assert.throws(() => secured({ seccompProfile: { type: "Localhost", localhostProfile: "x" } }), invalid);
});

const withModules = (securityModules: SecurityModules, changes: Partial<ContainerSpec> = {}) =>
  config(changes, { host: { ...host, securityModules } });

test("AppArmor: the default profile where it is loaded, the node's by name, none where the kernel has none", () => {
  const loaded = { appArmorProfiles: new Set(["orch-default", "tight"]), seLinux: false };
  const profile = (changes: Partial<ContainerSpec>, modules: SecurityModules = loaded): string | undefined =>
    withModules(modules, changes).process.apparmorProfile;
  const tight = { appArmorProfile: { type: "Localhost" as const, localhostProfile: "tight" } };
  const none = { appArmorProfile: { type: "Unconfined" as const } };
  assert.equal(profile({}), "orch-default");
  assert.equal(profile({ security: tight }), "tight");
  assert.equal(profile({ security: tight, podSecurity: none }), "tight", "the container's word first");
  assert.equal(profile({ podSecurity: none }), "unconfined");
  assert.equal(profile({ appArmorAnnotation: "localhost/tight" }), "tight");
  assert.equal(profile({ appArmorAnnotation: "unconfined", podSecurity: tight }), "tight");
  assert.equal(profile({ appArmorAnnotation: "runtime/default" }), "orch-default");
  assert.equal(profile({ security: { privileged: true } }), undefined);
  assert.equal(profile({}, { appArmorProfiles: new Set(), seLinux: false }), undefined, "it could not be loaded");
  assert.equal(profile({ podSecurity: none }, noSecurityModules), undefined);
  const unsupported = (thrown: unknown): boolean => Problem.is(thrown, "unsupported");
  assert.throws(() => profile({ security: tight }, noSecurityModules), unsupported);
  for (const appArmorAnnotation of ["localhost/other", "nonsense"])
    assert.throws(() => profile({ appArmorAnnotation }), unsupported, appArmorAnnotation);
});

test("SELinux: labels for pods that ask where the kernel has it, with categories of the pod's own", () => {
  const seLinux = { appArmorProfiles: undefined, seLinux: true };
  const podSecurity = { seLinuxOptions: { level: "s0:c1,c2" } };
  const { process, linux } = withModules(seLinux, { podSecurity, security: { seLinuxOptions: { type: "tight_t" } } });
  assert.equal(process.selinuxLabel, "system_u:system_r:tight_t:s0:c1,c2");
  assert.equal(linux.mountLabel, "system_u:object_r:container_file_t:s0:c1,c2");
  const own = withModules(seLinux, { security: { seLinuxOptions: { type: "tight_t" } } }).process.selinuxLabel;
  assert.match(own ?? "", /^system_u:system_r:tight_t:s0:c\d+,c\d+$/);
  assert.equal(withModules(seLinux).process.selinuxLabel, undefined);
  assert.equal(withModules(noSecurityModules, { podSecurity }).process.selinuxLabel, undefined);
});
