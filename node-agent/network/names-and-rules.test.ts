import assert from "node:assert/strict";
import { test } from "node:test";
import { parseForeignRules, ruleset } from "./firewall.ts";
import { bridgeName, hostLinkName, linkLabel, parseLinkLabel, podHardwareAddress, tableName } from "./link-names.ts";

const identity = { cluster: "a-cluster-with-a-rather-long-name", node: "node-1" };
const podUid = "0f0e0d0c-0b0a-4908-8706-050403020100";

test("link names fit the kernel's 15 characters and differ between nodes and clusters", () => {
  const names = [identity, { ...identity, node: "node-2" }, { ...identity, cluster: "b" }].flatMap((each) => [
    bridgeName(each),
    hostLinkName(each, podUid),
  ]);
  for (const name of names) assert.ok(name.length <= 15, name);
  assert.equal(new Set(names).size, names.length);
});

test("a label gives pod and address back, and fits", () => {
  const label = linkLabel(podUid, "10.128.0.7/24");
  assert.ok(label.length < 256);
  assert.deepEqual(parseLinkLabel(label), { podUid, address: "10.128.0.7/24" });
  assert.equal(parseLinkLabel(""), undefined);
  assert.equal(parseLinkLabel("someone else's"), undefined);
});

test("a hardware address follows from the address", () => {
  assert.deepEqual([...podHardwareAddress(0x0a800007)], [0x0a, 0x58, 0x0a, 0x80, 0x00, 0x07]);
});

test("rules masquerade only what leaves the cluster's networks, and name each network once", () => {
  const rules = ruleset({
    table: tableName(identity),
    bridge: "orbtest",
    podCidr: "10.128.1.0/24",
    clusterCidrs: ["10.128.0.0/12", "10.128.1.0/24"],
  });
  assert.match(rules, /oifname != "orbtest" ip saddr 10\.128\.1\.0\/24 ip daddr != \{ 10\.128\.0\.0\/12 \} masquerade/);
});

test("our rules in a foreign chain are told from others'", () => {
  const listed = `table ip filter {
  chain FORWARD { # handle 2
    type filter hook forward priority filter; policy drop;
    iifname "orbtest" counter packets 0 bytes 0 accept # handle 9
    oifname "orbtest" counter packets 12 bytes 900 accept # handle 10
    oifname "docker0" counter packets 0 bytes 0 accept # handle 7
  }
}`;
  assert.deepEqual(parseForeignRules(listed, "orbtest"), [
    { direction: "iifname", handle: 9 },
    { direction: "oifname", handle: 10 },
  ]);
});
