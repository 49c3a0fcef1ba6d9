import assert from "node:assert/strict";
import { test } from "node:test";
import { foreignDrops, hasRules } from "./foreign-drops.ts";

const traffic = { table: "orch_1", bridge: "orb1", podCidr: "10.143.7.0/24" };

type Expression = Readonly<Record<string, unknown>>;
const chain = (name: string, policy?: string, table = "filter", family = "ip"): Expression => ({
  chain: { family, table, name, ...(policy && { hook: "forward", policy }) },
});
const rule = (of: string, ...expr: readonly Expression[]): Expression => ({
  rule: { family: "ip", table: "filter", chain: of, expr },
});
const link = (key: string, right: string, op = "=="): Expression => ({ match: { op, left: { meta: { key } }, right } });
const address = (field: string, addr: string, len: number): Expression => ({
  match: { op: "==", left: { payload: { protocol: "ip", field } }, right: { prefix: { addr, len } } },
});
const counter = { counter: { packets: 0, bytes: 0 } };
const [drop, accept, back] = [{ drop: null }, { accept: null }, { return: null }];
const jump = (target: string): Expression => ({ jump: { target } });
const established = { match: { op: "in", left: { ct: { key: "state" } }, right: "established" } };

const found = (...entries: readonly Expression[]): readonly string[] =>
  foreignDrops(JSON.stringify({ nftables: [{ metainfo: {} }, ...entries] }), traffic);

test("Docker's chain drops by its policy, both ways, unless somebody lets pods through before", () => {
  const docker = [
    chain("FORWARD", "drop"),
    chain("DOCKER-USER"),
    rule("FORWARD", counter, jump("DOCKER-USER")),
    rule("FORWARD", link("oifname", "docker0"), { xt: { type: "match", name: "conntrack" } }, counter, accept),
    rule("DOCKER-USER", counter, back),
  ];
  assert.deepEqual(found(...docker), [
    "chain ip filter FORWARD drops packets from pods (policy drop); this lets them pass: nft insert rule ip filter FORWARD iifname orb1 accept",
    "chain ip filter FORWARD drops packets to pods (policy drop); this lets them pass: nft insert rule ip filter FORWARD oifname orb1 accept",
  ]);
  const word = (key: string): Expression => rule("FORWARD", link(key, "orb1"), counter, accept);
  assert.deepEqual(found(...docker, word("iifname"), word("oifname")), []);
  assert.equal(found(...docker, word("iifname")).length, 1);
});

test("a rule that drops for sure is found, also behind a jump; one that may not match is passed over", () => {
  const base = chain("FORWARD", "accept");
  assert.deepEqual(found(base, rule("FORWARD", established, drop)), []);
  assert.deepEqual(found(base, rule("FORWARD", link("iifname", "eth9"), drop)), []);
  const [fromPods, ...more] = found(base, rule("FORWARD", link("iifname", "eth9", "!="), drop));
  assert.match(fromPods ?? "", /^chain ip filter FORWARD drops packets from pods \(a rule of FORWARD that drops\); /);
  assert.deepEqual(more, []);
  assert.equal(found(base, rule("FORWARD", link("iifname", "orb*"), { reject: null })).length, 1);
  assert.match(
    found(base, chain("block"), rule("FORWARD", jump("block")), rule("block", drop))[0] ?? "",
    /rule of block/,
  );
});

test("addresses of pods are known: a network around them is met, a part of them or another is not", () => {
  const base = chain("FORWARD", "accept");
  const drops = (field: string, addr: string, len: number): number =>
    found(base, rule("FORWARD", address(field, addr, len), drop)).length;
  assert.equal(drops("saddr", "10.128.0.0", 12), 1);
  assert.equal(drops("daddr", "10.0.0.0", 8), 1);
  assert.equal(drops("saddr", "192.168.0.0", 16), 0);
  assert.equal(drops("saddr", "10.143.7.8", 32), 0);
});

test("our own table, other families and a jump in a circle do not matter", () => {
  assert.deepEqual(found(chain("forward", "drop", "orch_1", "inet")), []);
  assert.deepEqual(found(chain("FORWARD", "drop", "filter", "ip6")), []);
  assert.deepEqual(found(chain("FORWARD", "accept"), chain("a"), rule("FORWARD", jump("a")), rule("a", jump("a"))), []);
  assert.deepEqual(found(), []);
});

test("rules of our own that somebody flushed are missed", () => {
  const listed = (...entries: readonly Expression[]): string => JSON.stringify({ nftables: entries });
  const own = { rule: { family: "inet", table: "orch_1", chain: "forward", expr: [accept] } };
  assert.equal(hasRules(listed(chain("forward", "accept", "orch_1", "inet"), own), "orch_1"), true);
  assert.equal(hasRules(listed(chain("forward", "accept", "orch_1", "inet")), "orch_1"), false, "a flushed table");
  assert.equal(hasRules(listed(rule("FORWARD", drop)), "orch_1"), false);
  assert.equal(hasRules("{}", "orch_1"), false);
});
