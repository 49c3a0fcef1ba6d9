/**
 * What callers may ask of a control plane, with a flag each. The defaults are far above what people, tools and agents need: whoever meets
 * one is told which it was. Pure.
 */
import { z } from "zod";
import type { FlagTable } from "#proto/kit/flags.ts";
import { type CallLimits, defaultCallLimits } from "#proto/kit/rpc/call-admission.ts";
import { type ConnectionLimits, defaultConnectionLimits } from "#proto/kit/rpc/connection-guard.ts";
import { fromBytes, toBytes } from "#proto/resources/quantity.ts";
import { defaultSizeLimits, type SizeLimits } from "./api/size-limits.ts";
import { defaultWatchLimits, type WatchLimits } from "./api/watch-limits.ts";

export interface ServingLimits {
  /** Of API and sessions. */
  readonly calls: CallLimits;
  /** Of machines that join or come back: an address has no certificate yet, and each call costs a signature. */
  readonly enrollment: CallLimits;
  /** Of either port. */
  readonly connections: Partial<ConnectionLimits>;
  readonly watches: WatchLimits;
  readonly sizes: SizeLimits;
}

/** Of an address and of all. There are no streams. */
const enrollmentAtOnce = { maxRunning: 100, maxRunningInAll: 500, maxStreams: 1, maxStreamsInAll: 1 };

/** In the order of the help. */
const defaults = {
  "max-call-rate": defaultCallLimits.rate.perSecond,
  "max-call-burst": defaultCallLimits.rate.burst,
  "max-calls": defaultCallLimits.maxRunningInAll,
  "max-calls-per-identity": defaultCallLimits.maxRunning,
  "max-streams": defaultCallLimits.maxStreamsInAll,
  "max-streams-per-identity": defaultCallLimits.maxStreams,
  "max-watches": defaultWatchLimits.total,
  "max-watches-per-identity": defaultWatchLimits.perUser,
  "max-connections": defaultConnectionLimits.maxConnections,
  "max-connections-per-identity": defaultConnectionLimits.maxConnectionsOfIdentity,
  "max-connections-per-address": defaultConnectionLimits.maxConnectionsOfAddress,
  "max-handshakes": defaultConnectionLimits.maxHandshakes,
  "max-handshakes-per-address": defaultConnectionLimits.maxHandshakesOfAddress,
  "max-join-rate": 10,
  "max-join-burst": 100,
  "max-object-size": defaultSizeLimits.objectBytes,
  "max-list-size": defaultSizeLimits.listBytes,
} as const;

type LimitFlag = keyof typeof defaults;
type LimitFlags = Readonly<Record<LimitFlag, number>>;

/** What one caller may have is within what all have together. */
const wholes: Partial<Record<LimitFlag, LimitFlag>> = {
  "max-calls-per-identity": "max-calls",
  "max-streams-per-identity": "max-streams",
  "max-watches": "max-streams",
  "max-watches-per-identity": "max-watches",
  "max-connections-per-identity": "max-connections",
  "max-connections-per-address": "max-connections",
  "max-handshakes-per-address": "max-handshakes",
};

const bounds: Partial<Record<LimitFlag, readonly [least: number, most: number]>> = {
  // The store takes no larger ones, and command lines no longer answers.
  "max-object-size": [16 << 10, 1 << 20],
  "max-list-size": [1 << 20, 60 << 20],
};

const isSize = (flag: LimitFlag): boolean => bounds[flag] !== undefined;
const textOf = (flag: LimitFlag, value: number): string => (isSize(flag) ? fromBytes(value) : String(value));

function valueSchema(flag: LimitFlag): z.ZodType<number | undefined, string | undefined> {
  const [least, most] = bounds[flag] ?? [1, 1_000_000];
  const wanted = isSize(flag) ? "a size" : "a whole number";
  const form = isSize(flag) ? /^\d{1,9}(Ki|Mi)?$/ : /^\d{1,9}$/;
  const isRight = (text: string): boolean => form.test(text) && toBytes(text) >= least && toBytes(text) <= most;
  return z
    .string()
    .refine(isRight, `use ${wanted} from ${textOf(flag, least)} to ${textOf(flag, most)}`)
    .transform(toBytes)
    .optional();
}

const flagsOf = Object.keys(defaults) as readonly LimitFlag[];

/** To be spread into the schema of all flags. */
export const limitSchema = Object.fromEntries(flagsOf.map((flag) => [flag, valueSchema(flag)])) as Readonly<
  Record<LimitFlag, ReturnType<typeof valueSchema>>
>;

type GivenLimits = { readonly [Flag in LimitFlag]?: number | undefined };

/** A part that was not asked for fits the whole; one that was and does not is refused. */
function settle(given: GivenLimits): LimitFlags {
  const value = (flag: LimitFlag): number => {
    const whole = wholes[flag];
    return given[flag] ?? Math.min(defaults[flag], whole === undefined ? Number.POSITIVE_INFINITY : value(whole));
  };
  return Object.fromEntries(flagsOf.map((flag) => [flag, value(flag)])) as LimitFlags;
}

export function checkLimits(given: GivenLimits, refuse: (flag: string, message: string) => void): void {
  const settled = settle(given);
  for (const flag of flagsOf) {
    const whole = wholes[flag];
    if (whole !== undefined && settled[flag] > settled[whole])
      refuse(flag, `is more than --${whole} ${settled[whole]}`);
  }
}

export function servingLimits(given: GivenLimits): ServingLimits {
  const flags = settle(given);
  return {
    calls: {
      rate: { perSecond: flags["max-call-rate"], burst: flags["max-call-burst"] },
      maxRunning: flags["max-calls-per-identity"],
      maxRunningInAll: flags["max-calls"],
      maxStreams: flags["max-streams-per-identity"],
      maxStreamsInAll: flags["max-streams"],
    },
    enrollment: {
      rate: { perSecond: flags["max-join-rate"], burst: flags["max-join-burst"] },
      ...enrollmentAtOnce,
    },
    connections: {
      maxConnections: flags["max-connections"],
      maxConnectionsOfIdentity: flags["max-connections-per-identity"],
      maxConnectionsOfAddress: flags["max-connections-per-address"],
      maxHandshakes: flags["max-handshakes"],
      maxHandshakesOfAddress: flags["max-handshakes-per-address"],
    },
    watches: { total: flags["max-watches"], perUser: flags["max-watches-per-identity"] },
    sizes: { objectBytes: flags["max-object-size"], listBytes: flags["max-list-size"] },
  };
}

const helps: Readonly<Record<LimitFlag, string>> = {
  "max-call-rate": "calls a second of one identity",
  "max-call-burst": "calls of one identity at once, after a pause",
  "max-calls": "calls being answered",
  "max-calls-per-identity": "of these, of one identity",
  "max-streams": "open streams: watches, logs, exec, agents' sessions",
  "max-streams-per-identity": "of these, of one identity",
  "max-watches": "open watches",
  "max-watches-per-identity": "of these, of one identity",
  "max-connections": "connections to each port",
  "max-connections-per-identity": "of these, of one identity",
  "max-connections-per-address": "of these, from one address",
  "max-handshakes": "TLS handshakes under way at each port",
  "max-handshakes-per-address": "of these, from one address",
  "max-join-rate": "calls a second to the enrollment port from one address",
  "max-join-burst": "of these at once, after a pause",
  "max-object-size": "body of an object",
  "max-list-size": "answer to a list without pages",
};

/** With the defaults that are in force. */
export const limitFlags: FlagTable = Object.fromEntries(
  flagsOf.map((flag) => [
    flag,
    {
      type: "string" as const,
      value: isSize(flag) ? "SIZE" : "N",
      help: `${helps[flag]} (${textOf(flag, defaults[flag])})`,
    },
  ]),
);
