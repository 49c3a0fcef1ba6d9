/** The leak audit is the last word of every end-to-end test: it finds each kind of thing that can be left, on the machine and on a node. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { hierarchies } from "#deploy/local-cluster/cgroups.ts";
import { clusterPaths, nodePaths } from "#deploy/local-cluster/names.ts";
import { auditHost, auditNodes, auditStore } from "../support/audit.ts";
import { TestCluster } from "../support/cluster.ts";
import { eventually, must } from "../support/programs.ts";
import { difference } from "../support/shared-cluster.ts";

const cluster = TestCluster.shared();
const { name } = cluster;
const node = nodePaths(name, "node-1");
const mark = `left${process.pid}`;

interface Leak {
  /** The line of the audit that tells it. */
  readonly line: RegExp;
  readonly make: () => Promise<unknown> | unknown;
  readonly undo: () => Promise<unknown> | unknown;
}

const sh = (script: string): Promise<string> => must("sh", ["-ec", script]);
const inNode = (script: string): Promise<string> =>
  must("nsenter", [`--net=${node.networkPin}`, `--mount=${node.mountPin}`, "sh", "-ec", script]);
const cgroup = (path: string): string => join(hierarchies()[0] ?? "", path, mark);

/** What differs only in where it is: on the machine, or in the namespaces of a node. */
function kernelLeaks(place: string, at: string, run: (script: string) => Promise<string>): readonly Leak[] {
  const told = (line: string): RegExp => new RegExp(`^\\+ ${place}${line}`);
  return [
    {
      line: told(`mount left \\S+/${mark}-mount tmpfs`),
      make: () => run(`mkdir ${at}/${mark}-mount; mount -t tmpfs left ${at}/${mark}-mount`),
      undo: () => run(`umount ${at}/${mark}-mount; rmdir ${at}/${mark}-mount`),
    },
    {
      line: told(`mount nsfs \\S+/${mark}-net nsfs`),
      make: () => run(`touch ${at}/${mark}-net; unshare --net=${at}/${mark}-net true`),
      undo: () => run(`umount ${at}/${mark}-net; rm ${at}/${mark}-net`),
    },
    {
      line: told(`link ${mark}$`),
      make: () => run(`ip link add ${mark} type veth peer name ${mark}p`),
      undo: () => run(`ip link del ${mark}`),
    },
    {
      line: told("address lo inet 127\\.9\\.9\\.9"),
      make: () => run("ip addr add 127.9.9.9/32 dev lo"),
      undo: () => run("ip addr del 127.9.9.9/32 dev lo"),
    },
    {
      line: told(`nft table ip ${mark}`),
      make: () => run(`nft add table ip ${mark}`),
      undo: () => run(`nft delete table ip ${mark}`),
    },
  ];
}

const file = join(clusterPaths(name).data, mark);
const podCgroup = cgroup(`${node.cgroup}/pods`);
let firstMade: string | undefined;
let stray: ReturnType<typeof spawn> | undefined;

const leaks: readonly Leak[] = [
  ...kernelLeaks("", clusterPaths(name).run, sh),
  ...kernelLeaks("node-1: ", node.run, inNode),
  {
    line: new RegExp(`^\\+ cgroup \\S+/orch/${name}/${mark}$`),
    make: () => mkdirSync(cgroup(`/orch/${name}`)),
    undo: () => rmdirSync(cgroup(`/orch/${name}`)),
  },
  {
    line: new RegExp(`^\\+ node-1: cgroup \\S+/pods/${mark}$`),
    make: () => {
      firstMade = mkdirSync(podCgroup, { recursive: true });
    },
    undo: () => {
      rmdirSync(podCgroup);
      if (firstMade !== podCgroup) rmdirSync(dirname(podCgroup)); // no pod has been here yet
    },
  },
  {
    line: new RegExp(`^\\+ file \\S+/${mark}$`),
    make: () => writeFileSync(file, ""),
    undo: () => rmSync(file),
  },
  {
    line: new RegExp(`^\\+ process sleep /orch/${name}/${mark} `),
    make: () => {
      stray = spawn("sleep", ["600"], { argv0: `/orch/${name}/${mark}` });
      return eventually("it runs", () => (auditHost(name).some((one) => one.includes(mark)) ? true : undefined));
    },
    undo: () => stray?.kill("SIGKILL"),
  },
  {
    line: new RegExp(`^\\+ \\S+/registry/core/configmaps/default/${mark}$`),
    make: () => cluster.orchctl(["create", "configmap", mark]),
    undo: () => cluster.orchctl(["delete", "configmap", mark]),
  },
];

test("whatever is left of a cluster or on a node, the audit finds it", { timeout: 60_000 }, async () => {
  const audit = async (): Promise<readonly string[]> => [
    ...auditHost(name),
    ...auditNodes(name),
    ...(await auditStore(name)),
  ];
  const before = await audit();
  const made: Leak[] = [];
  try {
    for (const leak of leaks) {
      await leak.make();
      made.push(leak);
    }
    const found = difference(before, await audit());
    for (const { line } of leaks)
      assert.ok(
        found.some((one) => line.test(one)),
        `${line} is not in ${found.join("\n")}`,
      );
  } finally {
    for (const { undo } of made.toReversed()) await undo();
    cluster.forget();
  }
  let left: readonly string[] = [];
  await eventually("a clean machine", async () => {
    left = difference(before, await audit());
    return left.length === 0 ? true : undefined;
  }).catch(() => assert.deepEqual(left, []));
});
