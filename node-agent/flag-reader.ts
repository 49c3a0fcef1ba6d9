/** Reads flags and gathers what is wrong with them, so that all of it is told at once. */
import { isIP } from "node:net";
import { Problem, type ProblemCause } from "#proto/kit/problem.ts";
import type { Taint } from "#proto/resources/node.ts";
import { ownLabelRefusal } from "#proto/resources/node-labels.ts";
import { parseQuantity, toBytes, toMilliCpu } from "#proto/resources/quantity.ts";
import { type Signal, signals } from "./eviction/signals.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";

export interface Amounts {
  readonly milliCpu: number;
  readonly memoryBytes: number;
}

/** The smaller of both. */
export interface SizeLimit {
  readonly bytes: number;
  /** Of the whole. */
  readonly share: number;
}

export type Values = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

export class Flags {
  readonly #values: Values;
  readonly #causes: ProblemCause[] = [];

  constructor(values: Values) {
    this.#values = values;
  }

  fail(flag: string, message: string): void {
    this.#causes.push({ path: `--${flag}`, message });
  }

  finish(): void {
    if (this.#causes.length === 0) return;
    const text = this.#causes.map(({ path, message }) => `${path} ${message}`).join("; ");
    throw new Problem("bad-request", text, { causes: this.#causes, hint: "See orch-node-agent --help." });
  }

  text(flag: string): string | undefined {
    const value = this.#values[flag];
    return typeof value === "string" && value !== "" ? value : undefined;
  }

  all(flag: string): readonly string[] {
    const value = this.#values[flag];
    return Array.isArray(value) ? value.map(String) : typeof value === "string" ? [value] : [];
  }

  /** What was given besides these, as it may be given again. */
  without(flags: readonly string[]): readonly string[] {
    return Object.keys(this.#values)
      .filter((flag) => !flags.includes(flag))
      .flatMap((flag) =>
        this.isSet(flag) ? [`--${flag}`] : this.all(flag).flatMap((value) => [`--${flag}`, quoted(value)]),
      );
  }

  name(flag: string, isName: (text: string) => boolean): string | undefined {
    const text = this.text(flag);
    if (text !== undefined && !isName(text)) this.fail(flag, "takes lower-case letters, digits, - and .");
    return text;
  }

  path(flag: string): string | undefined {
    const text = this.text(flag);
    if (text !== undefined && !text.startsWith("/")) this.fail(flag, "takes an absolute path");
    return text;
  }

  port(flag: string): number | undefined {
    const text = this.text(flag);
    if (text === undefined) return undefined;
    const port = Number(text);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) this.fail(flag, "takes a port from 1 to 65535, or 0");
    return port;
  }

  count(flag: string, max: number): number | undefined {
    const text = this.text(flag);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1 || value > max) this.fail(flag, `takes a number from 1 to ${max}`);
    return value;
  }

  quantity(flag: string, convert: (text: string) => number): number | undefined {
    const text = this.text(flag);
    if (text === undefined) return undefined;
    if (parseQuantity(text) && convert(text) > 0) return convert(text);
    this.fail(flag, `takes an amount above 0, as ${flag === "cpus" ? "2 or 500m" : "2Gi"}`);
    return undefined;
  }

  addresses(flag: string): readonly string[] {
    const addresses = this.all(flag).flatMap((text) => text.split(","));
    for (const address of addresses) if (isIP(address) === 0) this.fail(flag, `takes IP addresses, not "${address}"`);
    return addresses;
  }

  endpoint(flag: string, defaultPort: number): { readonly host: string; readonly port: number } | undefined {
    const text = this.text(flag);
    return text === undefined ? undefined : this.#endpoint(flag, text, defaultPort);
  }

  endpoints(flag: string, defaultPort: number): readonly string[] {
    return this.all(flag)
      .flatMap((text) => text.split(","))
      .flatMap((text) => {
        const endpoint = this.#endpoint(flag, text, defaultPort);
        return endpoint ? [formatEndpoint(endpoint.host, endpoint.port)] : [];
      });
  }

  #endpoint(flag: string, text: string, defaultPort: number): { host: string; port: number } | undefined {
    const match = /^(?:\[([0-9a-fA-F:]+)\]|([^:[\]/\s]+))(?::(\d{1,5}))?$/.exec(text);
    const host = match?.[1] ?? match?.[2];
    const port = match?.[3] === undefined ? defaultPort : Number(match[3]);
    if (host !== undefined && port >= 1 && port <= 65_535) return { host, port };
    this.fail(flag, `takes HOST:PORT, not "${text}"`);
    return undefined;
  }

  labels(flag: string): Readonly<Record<string, string>> {
    const labels: Record<string, string> = {};
    for (const text of this.all(flag)) {
      const equals = text.indexOf("=");
      const [key, value] = [text.slice(0, equals), text.slice(equals + 1)];
      const refusal = equals > 0 ? ownLabelRefusal(key, value) : `takes KEY=VALUE, not "${text}"`;
      if (refusal === undefined) labels[key] = value;
      else this.fail(flag, refusal);
    }
    return labels;
  }

  /** As in kubectl: KEY=VALUE:EFFECT or KEY:EFFECT. */
  taints(flag: string): readonly Taint[] {
    return this.all(flag).flatMap((text): Taint[] => {
      const [, key = "", value, effect] = /^([^=:]+)(?:=([^:]*))?:(.+)$/.exec(text) ?? [];
      if (effect !== "NoSchedule" && effect !== "PreferNoSchedule" && effect !== "NoExecute") {
        this.fail(flag, `takes KEY=VALUE:EFFECT (NoSchedule, PreferNoSchedule or NoExecute), not "${text}"`);
        return [];
      }
      return [{ key, ...(value !== undefined && value !== "" && { value }), effect }];
    });
  }

  /** `cpu=500m,memory=1Gi`; what is not named is 0. */
  amounts(flag: string): Amounts {
    const amounts = { milliCpu: 0, memoryBytes: 0 };
    for (const part of this.text(flag)?.split(",") ?? []) {
      const [name, value = ""] = part.split("=");
      if (!parseQuantity(value) || (name !== "cpu" && name !== "memory"))
        this.fail(flag, `takes cpu=AMOUNT,memory=AMOUNT, not "${part}"`);
      else if (name === "cpu") amounts.milliCpu = toMilliCpu(value);
      else amounts.memoryBytes = toBytes(value);
    }
    return amounts;
  }

  /** `memory.available<100Mi,nodefs.available<10%`, or with `=`. */
  signalAmounts(flag: string, between: "<" | "="): Readonly<Partial<Record<Signal, SizeLimit>>> {
    return this.#signals(flag, between, (text) => this.#sizeLimit(flag, text));
  }

  /** `memory.available=1m30s`; a number alone is in seconds. */
  signalTimes(flag: string): Readonly<Partial<Record<Signal, number>>> {
    return this.#signals(flag, "=", (text) => {
      const [, hours, minutes, seconds] = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?$/.exec(text) ?? [];
      const [h, m, s] = [hours, minutes, seconds].map((part) => Number(part ?? 0));
      const totalMs = ((h ?? 0) * 3600 + (m ?? 0) * 60 + (s ?? 0)) * 1000;
      if (text === "" || (totalMs === 0 && !/^0/.test(text))) this.fail(flag, `takes a time, as 1m30s, not "${text}"`);
      return totalMs;
    });
  }

  #signals<Value>(
    flag: string,
    between: "<" | "=",
    read: (text: string) => Value,
  ): Readonly<Partial<Record<Signal, Value>>> {
    const found: Partial<Record<Signal, Value>> = {};
    for (const part of this.all(flag).flatMap((text) => text.split(","))) {
      const [word, value] = part.split(between);
      const signal = signals.find((known) => known === word?.trim());
      if (signal === undefined || value === undefined)
        this.fail(flag, `takes SIGNAL${between}VALUE with a signal of ${signals.join(", ")}, not "${part}"`);
      else found[signal] = read(value.trim());
    }
    return found;
  }

  /** Bytes, as 2Gi, or a share, as 15%. */
  #sizeLimit(flag: string, text: string): SizeLimit {
    if (text.endsWith("%")) return { bytes: Number.POSITIVE_INFINITY, share: this.#percent(flag, text) };
    if (!parseQuantity(text) || text.startsWith("-"))
      this.fail(flag, `takes an amount, as 2Gi, or a share, as 15%, not "${text}"`);
    return { bytes: toBytes(text), share: 1 };
  }

  share(flag: string): number | undefined {
    const text = this.text(flag);
    return text === undefined ? undefined : this.#percent(flag, text);
  }

  #percent(flag: string, text: string): number {
    const value = /^(\d{1,3}(?:\.\d+)?)%$/.exec(text)?.[1];
    if (value !== undefined && Number(value) <= 100) return Number(value) / 100;
    this.fail(flag, `takes a share from 0% to 100%, not "${text}"`);
    return 0;
  }

  oneOf<T extends string>(flag: string, known: readonly T[]): T | undefined {
    const text = this.text(flag);
    const value = known.find((word) => word === text);
    if (text !== undefined && value === undefined) this.fail(flag, `takes ${known.join(", ")}, not "${text}"`);
    return value;
  }

  isSet(flag: string): boolean {
    return this.#values[flag] === true;
  }

  logLevel(): LogLevel {
    const text = this.text("log-level") ?? "info";
    if (text === "debug" || text === "info" || text === "warn" || text === "error") return text;
    this.fail("log-level", "takes debug, info, warn or error");
    return "info";
  }
}

export function formatEndpoint(host: string, port: number): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** For a shell. */
const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
