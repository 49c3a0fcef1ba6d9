/** The node's packet rules: a table of its own, and a word in Docker's forward chain where that would drop. */
import type { Clock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { run } from "../host/spawn.ts";
import { contains, parseCidr } from "./ipv4.ts";

export interface FirewallFacts {
  readonly table: string;
  readonly bridge: string;
  readonly podCidr: string;
  /** Destinations that see pods by their own addresses: the cluster's networks. */
  readonly clusterCidrs: readonly string[];
}

const timeoutMs = 10_000;

/** Replaces the whole table in one transaction. Pure. */
export function ruleset(facts: FirewallFacts): string {
  const { table, bridge, podCidr } = facts;
  const inside = outermost([podCidr, ...facts.clusterCidrs]).join(", ");
  return [
    `table inet ${table}`, // so that deleting it never fails
    `delete table inet ${table}`,
    `table inet ${table} {`,
    "  chain prerouting {",
    "    type filter hook prerouting priority raw; policy accept;",
    // nobody but this machine's own loopback speaks from or to 127/8, and pods only from their own network
    `    iifname "${bridge}" ip daddr 127.0.0.0/8 drop`,
    `    iifname "${bridge}" ip saddr != { ${podCidr}, 0.0.0.0 } drop`,
    // no IPv6 yet: nothing that announces itself as a router may be heard
    `    iifname "${bridge}" meta nfproto ipv6 drop`,
    "  }",
    "  chain forward {",
    "    type filter hook forward priority filter; policy accept;",
    `    iifname "${bridge}" accept`,
    `    oifname "${bridge}" accept`,
    "  }",
    "  chain postrouting {",
    "    type nat hook postrouting priority srcnat; policy accept;",
    `    oifname != "${bridge}" ip saddr ${podCidr} ip daddr != { ${inside} } masquerade`,
    "  }",
    "}",
    "",
  ].join("\n");
}

/** Without the networks that lie in another: a set refuses overlaps. */
function outermost(cidrs: readonly string[]): readonly string[] {
  const all = [...new Set(cidrs)].map((text) => ({ text, cidr: parseCidr(text) }));
  return all
    .filter(
      ({ text, cidr }) =>
        !all.some(
          (other) =>
            other.text !== text && contains(other.cidr, cidr.network) && other.cidr.prefixLength <= cidr.prefixLength,
        ),
    )
    .map(({ text }) => text);
}

/** Problem `unavailable` when nft is missing, `internal` with its words when it refuses. */
export async function applyRuleset(facts: FirewallFacts, clock: Clock): Promise<void> {
  await nft(clock, ruleset(facts));
  await openForeignForward(facts, clock);
}

export async function removeRuleset(facts: Pick<FirewallFacts, "table" | "bridge">, clock: Clock): Promise<void> {
  await nft(clock, `table inet ${facts.table}\ndelete table inet ${facts.table}\n`);
  for (const { handle } of await foreignRules(facts.bridge, clock)) {
    await nft(clock, `delete rule ip filter FORWARD handle ${handle}\n`);
  }
}

/**
 * A packet must pass every table: where iptables' FORWARD chain exists (Docker sets its policy to drop), accepting in our own is not
 * enough. Only iptables over nftables is seen; the legacy one has no chain here.
 */
export async function openForeignForward(facts: Pick<FirewallFacts, "bridge">, clock: Clock): Promise<void> {
  const listed = await tryNft(clock, ["list", "chain", "ip", "filter", "FORWARD"]);
  if (listed === undefined) return;
  const known = (await foreignRules(facts.bridge, clock)).map((rule) => rule.direction);
  const missing = (["iifname", "oifname"] as const).filter((direction) => !known.includes(direction));
  if (missing.length === 0) return;
  await nft(
    clock,
    missing
      .map((direction) => `insert rule ip filter FORWARD ${direction} "${facts.bridge}" counter accept\n`)
      .join(""),
  );
}

/** All rules of this network namespace, as JSON. */
export async function listRuleset(clock: Clock): Promise<string> {
  const listed = await tryNft(clock, ["-j", "list", "ruleset"]);
  if (listed !== undefined) return listed;
  throw new Problem("unavailable", "the machine's packet rules cannot be listed (nft list ruleset fails)");
}

interface ForeignRule {
  readonly direction: "iifname" | "oifname";
  readonly handle: number;
}

async function foreignRules(bridge: string, clock: Clock): Promise<readonly ForeignRule[]> {
  const listed = await tryNft(clock, ["-a", "list", "chain", "ip", "filter", "FORWARD"]);
  return parseForeignRules(listed ?? "", bridge);
}

export function parseForeignRules(listed: string, bridge: string): readonly ForeignRule[] {
  return listed.split("\n").flatMap((line): readonly ForeignRule[] => {
    const match = /^\s*([io]ifname) "([^"]+)" counter .*accept # handle (\d+)$/.exec(line);
    if (match?.[2] !== bridge || (match[1] !== "iifname" && match[1] !== "oifname")) return [];
    return [{ direction: match[1], handle: Number(match[3]) }];
  });
}

async function nft(clock: Clock, script: string): Promise<void> {
  const { code, stderr } = await run("nft", ["-f", "-"], { clock, timeoutMs, stdin: script });
  if (code !== 0) throw new Problem("internal", `nft refuses the node's rules: ${stderr.trim().slice(0, 1_000)}`);
}

async function tryNft(clock: Clock, args: readonly string[]): Promise<string | undefined> {
  const { code, stdout } = await run("nft", args, { clock, timeoutMs, maxOutputBytes: 4 * 1024 * 1024 });
  return code === 0 ? stdout : undefined;
}
