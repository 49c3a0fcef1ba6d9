import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import { parseMountInfo } from "../host/mounts.ts";
import { findHierarchies } from "./cgroups.ts";
import { conmonArguments, parseSyncMessage, runtimeReason } from "./conmon.ts";
import { checkPodUid, containerId, parseContainerId } from "./container-id.ts";
import { hostsFile, resolvConf } from "./etc-files.ts";
import { parseBoundingSet, parseHardLimits } from "./host-facts.ts";
import { checkSysctls } from "./sandbox-sysctls.ts";

const podUid = "0f0e0d0c-0b0a-4908-8706-050403020100";

test("a container id gives its parts back, and nothing else is one", () => {
  const identity = { podUid, name: "web-1", attempt: 12 };
  const id = containerId(identity);
  assert.equal(id, "0f0e0d0c0b0a49088706050403020100_web-1_12");
  assert.deepEqual(parseContainerId(id), identity);
  for (const odd of ["", "..", "../x", "a_b_c", `${id}.tmp`, `${id}/..`, id.toUpperCase()]) {
    assert.equal(parseContainerId(odd), undefined, odd);
  }
  assert.throws(
    () => containerId({ ...identity, name: "../x" }),
    (thrown) => Problem.is(thrown, "bad-request"),
  );
  assert.throws(
    () => checkPodUid("../../etc"),
    (thrown) => Problem.is(thrown, "bad-request"),
  );
});

test("/etc/hosts names the pod and its aliases", () => {
  const text = hostsFile(["web.sub.example", "web"], {
    addresses: ["10.1.2.3"],
    hostAliases: [{ ip: "10.9.9.9", hostnames: ["a", "b"] }],
  });
  assert.match(text, /^127\.0\.0\.1\tlocalhost$/m);
  assert.match(text, /^10\.1\.2\.3\tweb\.sub\.example\tweb$/m);
  assert.match(text, /^10\.9\.9\.9\ta b$/m);
});

test("resolv.conf is the node's without its loopback servers, or what the pod is given", () => {
  const host =
    "# c\nnameserver 127.0.0.53\nnameserver 10.0.0.2\nnameserver bogus\nsearch a.example b.example\noptions edns0\n";
  const own = { addresses: [], nameservers: [] };
  assert.equal(resolvConf(host, own, false), "nameserver 10.0.0.2\nsearch a.example b.example\noptions edns0\n");
  assert.equal(resolvConf(host, own, true), host);
  const given = { ...own, nameservers: ["10.96.0.10"], searches: ["default.svc"], options: ["ndots:5"] };
  assert.equal(resolvConf(host, given, false), "nameserver 10.96.0.10\nsearch default.svc\noptions ndots:5\n");
});

test("only kernel parameters of the pod's own namespaces pass, with plain values", () => {
  const own = { hostNetwork: false, hostIpc: false };
  checkSysctls({ "net.core.somaxconn": "1024", "net.ipv4.ip_local_port_range": "1024 65535" }, own);
  const refused: [Record<string, string>, typeof own][] = [
    [{ "kernel.core_pattern": "|/x" }, own],
    [{ "vm.overcommit_memory": "1" }, own],
    [{ "net.ipv4/../../kernel.core_pattern": "x" }, own],
    [{ "net.core.somaxconn": "1+kernel.core_pattern=|/x" }, own],
    [{ "net.core.somaxconn": "1\n" }, own],
    [{ "net.core.somaxconn": "1" }, { ...own, hostNetwork: true }],
    [{ "kernel.shm_rmid_forced": "1" }, { ...own, hostIpc: true }],
  ];
  for (const [sysctls, shared] of refused) {
    assert.throws(
      () => checkSysctls(sysctls, shared),
      (thrown) => Problem.is(thrown, "invalid"),
      JSON.stringify(sysctls),
    );
  }
});

test("conmon's and the runtime's words become a sentence", () => {
  assert.deepEqual(parseSyncMessage('{"pid": 42}'), { pid: 42, message: undefined });
  assert.deepEqual(parseSyncMessage('{"data": -1, "message": "x"}'), { pid: -1, message: "x" });
  assert.throws(() => parseSyncMessage("boom"));
  const runc = 'time="2026" level=error msg="runc create failed: exec: \\"/no\\": stat /no: no such file"';
  assert.equal(runtimeReason(runc), 'runc create failed: exec: "/no": stat /no: no such file');
  assert.equal(
    runtimeReason("2026-11-21T11:54:58.9Z: executable file `x` not found\n"),
    "executable file `x` not found",
  );
  assert.equal(runtimeReason(""), "it gave no reason");
});

test("conmon throws a log away only far beyond the size at which the agent rotates", () => {
  const args = conmonArguments(
    { id: "i", bundle: "/b", logPath: "/l", terminal: false, stdin: false, stdinOnce: false },
    {
      binaries: {
        name: "crun",
        version: "1",
        runtimePath: "/crun",
        conmonPath: "/conmon",
        conmonVersion: "2",
        initProgram: undefined,
      },
      stateDirectory: "/s",
      exitDirectory: "/e",
    },
  );
  assert.ok(Number(args[args.indexOf("--log-size-max") + 1]) >= 20 * 10 * 2 ** 20);
});

test("hierarchies are found on v1, on v2 and where both are mounted", () => {
  const line = (point: string, type: string, options: string) => `1 2 0:1 / ${point} rw - ${type} cgroup ${options}\n`;
  const hybrid = parseMountInfo(
    line("/sys/fs/cgroup/memory", "cgroup", "rw,memory") +
      line("/sys/fs/cgroup/cpu,cpuacct", "cgroup", "rw,cpu,cpuacct") +
      line("/sys/fs/cgroup/unified", "cgroup2", "rw") +
      line("/var/lib/other/memory", "cgroup", "rw,memory"),
  );
  assert.deepEqual(findHierarchies(hybrid), [
    { directory: "/sys/fs/cgroup/memory", controllers: ["memory"], version: 1 },
    { directory: "/sys/fs/cgroup/cpu,cpuacct", controllers: ["cpu", "cpuacct"], version: 1 },
    { directory: "/sys/fs/cgroup/unified", controllers: [], version: 2 },
  ]);
  const unified = parseMountInfo(line("/sys/fs/cgroup", "cgroup2", "rw,nsdelegate"));
  assert.deepEqual(findHierarchies(unified), [{ directory: "/sys/fs/cgroup", controllers: [], version: 2 }]);
});

test("host facts are read from /proc's words", () => {
  const set = parseBoundingSet("CapEff:\t0\nCapBnd:\t0000000000000005\n");
  assert.deepEqual([...set], ["CAP_CHOWN", "CAP_DAC_READ_SEARCH"]);
  const limits = parseHardLimits(
    "Max open files            1024                 20000                files \nMax processes 1 unlimited processes\n",
  );
  assert.deepEqual(
    ["nofile", "nproc", "core"].map((name) => limits.get(name)),
    [20_000, Infinity, Infinity],
  );
});
