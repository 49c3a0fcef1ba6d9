/** The agent's configuration: flags, and what joining wrote down. Parsed once; all problems are told together. No zod: it costs memory on every node. */
import { isIP } from "node:net";
import { parseArgs } from "node:util";
import { isClusterName, isNodeName } from "#proto/identity/names.ts";
import { Problem, type ProblemCause } from "#proto/kit/problem.ts";
import type { Taint } from "#proto/resources/node.ts";
import { ownLabelRefusal } from "#proto/resources/node-labels.ts";
import { parseQuantity, toBytes, toMilliCpu } from "#proto/resources/quantity.ts";
import { flagHelp, flagNames } from "./config-flags.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";

export interface JoinConfig {
  readonly server: { readonly host: string; readonly port: number };
  readonly controlPlane: readonly string[];
  readonly token: string;
  readonly tokenFile: string | undefined;
  readonly nodeName: string;
  readonly dataDirectory: string | undefined;
  readonly cluster: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
}

export interface LeaveConfig {
  /** Where this node is and what it runs, as for `run`. */
  readonly run: RunConfig;
  /** Also when the control plane cannot be told. */
  readonly force: boolean;
  readonly timeoutMs: number;
}

export interface RunConfig {
  readonly cluster: string | undefined;
  readonly nodeName: string | undefined;
  readonly controlPlane: readonly string[];
  readonly dataDirectory: string | undefined;
  readonly runDirectory: string | undefined;
  readonly cgroupRoot: string | undefined;
  readonly nodeAddresses: readonly string[];
  readonly milliCpu: number | undefined;
  readonly memoryBytes: number | undefined;
  readonly maxPods: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  readonly concurrency: number;
  readonly logLevel: LogLevel;
  readonly readyFile: string | undefined;
}

export type Invocation =
  | { readonly kind: "join"; readonly config: JoinConfig; readonly logLevel: LogLevel }
  | { readonly kind: "run"; readonly config: RunConfig }
  | { readonly kind: "leave"; readonly config: LeaveConfig }
  | { readonly kind: "help"; readonly text: string }
  | { readonly kind: "version" };

const defaultMaxPods = 110;
const defaultConcurrency = 6;
const maxConcurrency = 64;
const defaultLeaveSeconds = 120;

/** Throws Problem `bad-request` that names every flag that is wrong. */
export function parseInvocation(argv: readonly string[], hostname: string): Invocation {
  const { values, positionals } = read(argv);
  const [command] = positionals;
  if (values.help || command === "help") return { kind: "help", text: flagHelp() };
  if (values.version || command === "version") return { kind: "version" };
  const flags = new Flags(values);
  const invocation = invocationOf(command, flags, hostname);
  if (!invocation || positionals.length > 1) {
    throw new Problem("bad-request", `"${positionals.join(" ")}" is not a command of orch-node-agent`, {
      hint: "Use `run`, `join` or `leave`; see orch-node-agent --help.",
    });
  }
  flags.finish();
  return invocation;
}

function invocationOf(command: string | undefined, flags: Flags, hostname: string): Invocation | undefined {
  switch (command) {
    case "join":
      return joinConfig(flags, hostname);
    case "run":
      return { kind: "run", config: runConfig(flags) };
    case "leave": {
      const timeoutMs = (flags.count("timeout", 3600) ?? defaultLeaveSeconds) * 1000;
      return { kind: "leave", config: { run: runConfig(flags), force: flags.isSet("force"), timeoutMs } };
    }
    default:
      return undefined;
  }
}

function joinConfig(flags: Flags, hostname: string): Invocation {
  const server = flags.endpoint("server", 7444);
  const nodeName = flags.name("node-name", isNodeName) ?? hostname.toLowerCase();
  if (!isNodeName(nodeName)) flags.fail("node-name", `"${nodeName}" cannot be a node's name; give one`);
  const tokenFile = flags.text("token-file");
  const token = flags.text("token") ?? "";
  if (!server) flags.fail("server", "is needed: HOST:PORT of the control plane's enrollment");
  if (token === "" && tokenFile === undefined) flags.fail("token", "is needed: `orchctl node join` prints one");
  const controlPlane = flags.endpoints("control-plane", 7443);
  return {
    kind: "join",
    logLevel: flags.logLevel(),
    config: {
      server: server ?? { host: "", port: 0 },
      controlPlane: controlPlane.length > 0 || !server ? controlPlane : [formatEndpoint(server.host, 7443)],
      token,
      tokenFile,
      nodeName,
      dataDirectory: flags.path("data-dir"),
      cluster: flags.name("cluster", isClusterName),
      labels: flags.labels("label"),
      taints: flags.taints("taint"),
    },
  };
}

function runConfig(flags: Flags): RunConfig {
  return {
    cluster: flags.name("cluster", isClusterName),
    nodeName: flags.name("node-name", isNodeName),
    controlPlane: flags.endpoints("control-plane", 7443),
    dataDirectory: flags.path("data-dir"),
    runDirectory: flags.path("run-dir"),
    cgroupRoot: flags.path("cgroup-root"),
    nodeAddresses: flags.addresses("node-address"),
    milliCpu: flags.quantity("cpus", toMilliCpu),
    memoryBytes: flags.quantity("memory", toBytes),
    maxPods: flags.count("max-pods", 1_000) ?? defaultMaxPods,
    labels: flags.labels("label"),
    taints: flags.taints("taint"),
    concurrency: flags.count("concurrency", maxConcurrency) ?? defaultConcurrency,
    logLevel: flags.logLevel(),
    readyFile: flags.path("ready-file"),
  };
}

type Values = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

function read(argv: readonly string[]): { readonly values: Values; readonly positionals: readonly string[] } {
  try {
    return parseArgs({ args: [...argv], options: flagNames, allowPositionals: true, strict: true });
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    throw new Problem("bad-request", message, { hint: "See orch-node-agent --help." });
  }
}

/** Reads flags and gathers what is wrong with them. */
class Flags {
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

function formatEndpoint(host: string, port: number): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}
