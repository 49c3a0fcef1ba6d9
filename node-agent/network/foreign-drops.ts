/**
 * Whether somebody else's packet rules drop what pods send or get: walks every foreign chain of the forward hook as the kernel
 * would for a new connection. A rule that may or may not match is passed over: only what drops for sure is told. Pure.
 */
import { contains, parseCidr } from "./ipv4.ts";

export interface PodTraffic {
  /** Our own table, which is not looked at. */
  readonly table: string;
  readonly bridge: string;
  readonly podCidr: string;
}

type Json = Readonly<Record<string, unknown>>;
type Direction = "from" | "to";
/** What becomes of the packet in a chain; undefined: it goes on after it. */
type Fate = { readonly passes: boolean; readonly why: string } | undefined;

interface Chain {
  readonly name: string;
  readonly hook: unknown;
  readonly policy: unknown;
  readonly rules: Json[];
}

const maxDepth = 16;

/** `listed` is the output of `nft -j list ruleset`. One sentence for each chain that drops, with what helps. */
export function foreignDrops(listed: string, traffic: PodTraffic): readonly string[] {
  const tables = readTables(listed, traffic.table);
  const found: string[] = [];
  for (const [table, chains] of tables) {
    for (const chain of chains.values()) {
      if (chain.hook !== "forward") continue;
      for (const direction of ["from", "to"] as const) {
        const fate = walk(chain, chains, { traffic, direction }, 0);
        const isPolicy = fate === undefined && chain.policy === "drop";
        if (!isPolicy && fate?.passes !== false) continue;
        const why = fate?.why ?? "policy drop";
        const accept = `${linkOf(direction)} ${traffic.bridge} accept`;
        found.push(
          `chain ${table} ${chain.name} drops packets ${direction} pods (${why}); this lets them pass: nft insert rule ${table} ${chain.name} ${accept}`,
        );
      }
    }
  }
  return found;
}

/** Whether a table of this name (family inet) has any rule: `nft flush ruleset` takes ours away too. */
export function hasRules(listed: string, table: string): boolean {
  const { nftables } = JSON.parse(listed) as { readonly nftables?: readonly Json[] };
  return (nftables ?? []).some((entry) => {
    const rule = record(entry.rule);
    return rule?.family === "inet" && rule.table === table;
  });
}

function readTables(listed: string, own: string): ReadonlyMap<string, Map<string, Chain>> {
  const tables = new Map<string, Map<string, Chain>>();
  const { nftables } = JSON.parse(listed) as { readonly nftables?: readonly Json[] };
  for (const entry of nftables ?? []) {
    const chain = record(entry.chain);
    const rule = record(entry.rule);
    const { family, table } = chain ?? rule ?? {};
    if ((family !== "ip" && family !== "inet") || typeof table !== "string" || table === own) continue;
    const chains = tables.get(`${family} ${table}`) ?? new Map<string, Chain>();
    tables.set(`${family} ${table}`, chains);
    if (chain)
      chains.set(String(chain.name), { name: String(chain.name), hook: chain.hook, policy: chain.policy, rules: [] });
    else if (rule) chains.get(String(rule.chain))?.rules.push(rule);
  }
  return tables;
}

interface Packet {
  readonly traffic: PodTraffic;
  readonly direction: Direction;
}

function walk(chain: Chain, chains: ReadonlyMap<string, Chain>, packet: Packet, depth: number): Fate {
  if (depth > maxDepth) return undefined;
  for (const rule of chain.rules) {
    const expressions = Array.isArray(rule.expr) ? (rule.expr as readonly Json[]) : [];
    if (!expressions.every((expression) => surelyMatches(expression, packet))) continue;
    for (const expression of expressions) {
      if ("accept" in expression) return { passes: true, why: "" };
      if ("drop" in expression || "reject" in expression)
        return { passes: false, why: `a rule of ${chain.name} that ${"drop" in expression ? "drops" : "rejects"}` };
      if ("return" in expression) return undefined;
      const target = record(expression.jump)?.target ?? record(expression.goto)?.target;
      const next = typeof target === "string" ? chains.get(target) : undefined;
      const fate = next && walk(next, chains, packet, depth + 1);
      if (fate !== undefined) return fate;
      if ("goto" in expression) return undefined;
    }
  }
  return undefined;
}

/** Statements that match nothing (counters, verdicts, logs) match all. */
function surelyMatches(expression: Json, packet: Packet): boolean {
  if ("xt" in expression || "vmap" in expression) return false;
  const match = record(expression.match);
  if (!match) return true;
  const left = record(match.left);
  const isEqual = match.op === "==";
  if (!isEqual && match.op !== "!=") return false;
  const known = linkMatches(left, match.right, packet) ?? addressMatches(left, match.right, packet);
  return known === undefined ? false : known === isEqual;
}

const linkOf = (direction: Direction): string => (direction === "from" ? "iifname" : "oifname");

/** The other end of a packet's way is not known. */
function linkMatches(left: Json | undefined, right: unknown, { traffic, direction }: Packet): boolean | undefined {
  const key = record(left?.meta)?.key;
  if (typeof right !== "string" || key !== linkOf(direction)) return undefined;
  return right.endsWith("*") ? traffic.bridge.startsWith(right.slice(0, -1)) : right === traffic.bridge;
}

function addressMatches(left: Json | undefined, right: unknown, { traffic, direction }: Packet): boolean | undefined {
  const payload = record(left?.payload);
  if (payload?.protocol !== "ip" || payload.field !== (direction === "from" ? "saddr" : "daddr")) return undefined;
  const prefix = record(record(right)?.prefix);
  if (typeof prefix?.addr !== "string" || typeof prefix.len !== "number") return undefined;
  const [rule, pods] = [parseCidr(`${prefix.addr}/${prefix.len}`), parseCidr(traffic.podCidr)];
  if (rule.prefixLength <= pods.prefixLength && contains(rule, pods.network)) return true;
  // A part of the pods' addresses: some packets match, others do not.
  return contains(pods, rule.network) ? undefined : false;
}

function record(value: unknown): Json | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}
