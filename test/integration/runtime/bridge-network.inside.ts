/** Run by bridge-network.test.ts in a network and mount namespace of its own. */
import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { unmountBelow } from "#node-agent/host/mounts.ts";
import { watchPacketRules } from "#node-agent/host/packet-rule-news.ts";
import { BridgeNetwork } from "#node-agent/network/bridge-network.ts";
import { bridgeName, hostLinkName, tableName } from "#node-agent/network/link-names.ts";
import { contractCidr, type NetworkUnderTest, podNetworkContract } from "#node-agent/network/pod-network.contract.ts";
import { mountRunDirectory } from "#node-agent/runtime/runtime-paths.ts";
import { sleep, systemClock } from "#proto/kit/clock.ts";
import { silentLogger } from "#proto/kit/logger.ts";

const identity = { cluster: "test", node: "node-1" };
const options = { ...identity, clock: systemClock, logger: silentLogger, clusterCidrs: ["10.128.0.0/12"] };

interface Bench extends NetworkUnderTest {
  readonly network: BridgeNetwork;
  inside(podUid: string, ...command: string[]): string;
}

async function open(): Promise<Bench> {
  const directory = await mkdtemp(join(tmpdir(), "orch-network-"));
  await mountRunDirectory(directory);
  const pin = (podUid: string): string => join(directory, podUid);
  const servers: ChildProcess[] = [];
  const network = new BridgeNetwork(options);
  return {
    network,
    reopen: async () => {
      const other = new BridgeNetwork(options);
      await other.setUp(contractCidr);
      return other;
    },
    namespaceFor: async (podUid) => {
      await writeFile(pin(podUid), "");
      execFileSync("unshare", [`--net=${pin(podUid)}`, "true"]);
      return pin(podUid);
    },
    echo: async (podUid, port, loopbackOnly) => {
      const listen = `TCP-LISTEN:${port},fork${loopbackOnly ? ",bind=127.0.0.1" : ""}`;
      const server = spawn("nsenter", [`--net=${pin(podUid)}`, "socat", "-d", "-d", listen, "EXEC:cat"], {
        stdio: ["ignore", "ignore", "pipe"],
      });
      servers.push(server);
      await new Promise<void>((resolve) => server.stderr.on("data", (text) => /listening on/.test(text) && resolve()));
    },
    inside: (podUid, ...command) => execFileSync("nsenter", [`--net=${pin(podUid)}`, ...command], { encoding: "utf8" }),
    close: async () => {
      for (const server of servers) server.kill("SIGKILL");
      await network.tearDown();
      network.close();
      await unmountBelow(directory);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

podNetworkContract("the bridge", open);

suite("the bridge on this machine", () => {
  let bench: Bench;
  before(async () => {
    bench = await open();
    await bench.network.setUp(contractCidr);
  });
  after(() => bench.close());
  const attached = async () => {
    const uid = randomUUID();
    const namespacePath = await bench.namespaceFor(uid);
    const attachment = await bench.network.attach({ uid, namespacePath });
    return { uid, namespacePath, address: attachment.addresses[0]?.split("/")[0] ?? "" };
  };

  test("pods reach each other and the node, and have a default route", async () => {
    const [a, b] = [await attached(), await attached()];
    assert.match(bench.inside(a.uid, "ip", "route"), /^default via 10\.143\.7\.1 dev eth0/);
    bench.inside(a.uid, "busybox", "ping", "-c1", "-W2", b.address);
    bench.inside(a.uid, "busybox", "ping", "-c1", "-W2", "10.143.7.1");
    bench.inside(a.uid, "busybox", "ping", "-c1", "-W2", "127.0.0.1");
  });

  test("a pod has no IPv6 on its link", async () => {
    const { uid } = await attached();
    assert.doesNotMatch(bench.inside(uid, "ip", "-6", "addr", "show", "dev", "eth0"), /inet6/);
  });

  test("both ends of a link are made with one queue: the kernel waits for each that it takes away again", async () => {
    const { uid } = await attached();
    const queues = (link: string): readonly string[] => link.match(/num[rt]xqueues \d+/g) ?? [];
    const one = ["numtxqueues 1", "numrxqueues 1"];
    assert.deepEqual(queues(bench.inside(uid, "ip", "-d", "link", "show", "dev", "eth0")), one);
    const hostLink = hostLinkName(identity, uid);
    assert.deepEqual(queues(execFileSync("ip", ["-d", "link", "show", "dev", hostLink], { encoding: "utf8" })), one);
  });

  test("the node forwards, and never takes its loopback's address from a pod", async () => {
    assert.equal((await readFile("/proc/sys/net/ipv4/ip_forward", "utf8")).trim(), "1");
    const localnet = await readFile(`/proc/sys/net/ipv4/conf/${bridgeName(identity)}/route_localnet`, "utf8");
    assert.equal(localnet.trim(), "0");
  });

  test("a half-made link is made anew", async () => {
    const uid = randomUUID();
    const namespacePath = await bench.namespaceFor(uid);
    execFileSync("ip", [
      "link",
      "add",
      hostLinkName(identity, uid),
      "type",
      "veth",
      "peer",
      "name",
      "eth0",
      "netns",
      namespacePath,
    ]);
    const { addresses } = await bench.network.attach({ uid, namespacePath });
    assert.match(bench.inside(uid, "ip", "-4", "addr", "show", "dev", "eth0"), new RegExp(addresses[0] ?? "none"));
  });

  test("an address is free again when the pod's namespace went before its detaching", async () => {
    const small = new BridgeNetwork({ ...options, node: "small" });
    await small.setUp("10.143.9.0/29");
    for (let round = 0; round < 7; round++) {
      const uid = randomUUID();
      const namespacePath = await bench.namespaceFor(uid);
      await small.attach({ uid, namespacePath });
      execFileSync("umount", [namespacePath]);
      await small.detach(uid); // with 5 addresses the sixth round fails when one is lost
    }
    await small.tearDown();
    small.close();
  });

  test("a failed attach leaves no link and no address taken", async () => {
    const uid = randomUUID();
    await assert.rejects(bench.network.attach({ uid, namespacePath: "/nowhere" }));
    assert.ok(!(await bench.network.list()).some(({ podUid }) => podUid === uid));
  });

  test("beside Docker's dropping FORWARD chain pods still have their way, once, and tearing down takes it back", async () => {
    execFileSync("nft", [
      "add table ip filter; add chain ip filter FORWARD { type filter hook forward priority 0; policy drop; }",
    ]);
    await bench.network.setUp(contractCidr);
    await bench.network.setUp(contractCidr);
    const listed = (): string =>
      execFileSync("nft", ["list", "chain", "ip", "filter", "FORWARD"], { encoding: "utf8" });
    assert.equal(listed().match(/counter .*accept/g)?.length, 2);
    execFileSync("nft", ["flush chain ip filter FORWARD"]);
    assert.deepEqual(await bench.network.foreignDrops(), [], "our word is said again");
    assert.equal(listed().match(/counter .*accept/g)?.length, 2);
    execFileSync("nft", ["insert rule ip filter FORWARD ip saddr 10.128.0.0/9 drop"]);
    const [dropped = "", ...more] = await bench.network.foreignDrops();
    assert.match(
      dropped,
      /^chain ip filter FORWARD drops packets from pods \(a rule of FORWARD that drops\); .*: nft /,
    );
    assert.deepEqual(more, []);
    execFileSync("sh", ["-c", dropped.slice(dropped.indexOf(": nft ") + 2)]);
    assert.deepEqual(await bench.network.foreignDrops(), [], "what is advised helps");
    execFileSync("nft", ["flush chain ip filter FORWARD"]);
    await bench.network.setUp(contractCidr);
    await bench.network.tearDown();
    assert.doesNotMatch(listed(), /accept/);
    await bench.network.setUp(contractCidr);
  });

  test("each change of packet rules is told by the kernel, and flushed rules of ours are put back", async () => {
    const changed = Promise.withResolvers<void>();
    const stop = watchPacketRules(changed.resolve, changed.reject);
    execFileSync("nft", ["flush ruleset"]);
    await Promise.race([changed.promise, sleep(systemClock, 10_000).then(() => assert.fail("nothing was told"))]);
    stop();
    assert.deepEqual(await bench.network.foreignDrops(), []);
    assert.match(execFileSync("nft", ["list", "tables"], { encoding: "utf8" }), new RegExp(tableName(identity)));
    await bench.network.tearDown();
    assert.deepEqual(await bench.network.foreignDrops(), []);
    assert.doesNotMatch(execFileSync("nft", ["list", "tables"], { encoding: "utf8" }), new RegExp(tableName(identity)));
    await bench.network.setUp(contractCidr);
  });

  test("more changes at once than the kernel keeps news of are told, and so are those after them", async () => {
    let heard = Promise.withResolvers<void>();
    const stop = watchPacketRules(
      () => heard.resolve(),
      (thrown) => heard.reject(thrown),
    );
    const told = (): Promise<void> =>
      Promise.race([heard.promise, sleep(systemClock, 10_000).then(() => assert.fail("nothing was told"))]);
    const rules = Array.from({ length: 20_000 }, () => "add rule ip noise c accept\n").join("");
    // This process reads no news meanwhile.
    execFileSync("nft", ["-f", "-"], { input: `add table ip noise\nadd chain ip noise c\n${rules}` });
    await told();
    for (let quiet = 0; quiet < 50; quiet++) await new Promise(setImmediate);
    heard = Promise.withResolvers();
    execFileSync("nft", ["delete table ip noise"]);
    await told();
    stop();
  });

  test("tearing down leaves nothing", async () => {
    await attached();
    await bench.network.tearDown();
    await bench.network.tearDown();
    assert.doesNotMatch(execFileSync("ip", ["-o", "link"], { encoding: "utf8" }), /orb|orv/);
    assert.doesNotMatch(execFileSync("nft", ["list", "tables"], { encoding: "utf8" }), new RegExp(tableName(identity)));
  });
});
