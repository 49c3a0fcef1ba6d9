/** The agent's configuration: flags, and what joining wrote down. Parsed once; all problems are told together. No zod: it costs memory on every node. */
import { isIP } from "node:net";
import { parseArgs } from "node:util";
import { isClusterName, isNodeName } from "#proto/identity/names.ts";
import { Problem, type ProblemCause } from "#proto/kit/problem.ts";
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
  readonly concurrency: number;
  readonly logLevel: LogLevel;
  readonly readyFile: string | undefined;
}

export type Invocation =
  | { readonly kind: "join"; readonly config: JoinConfig; readonly logLevel: LogLevel }
  | { readonly kind: "run"; readonly config: RunConfig }
  | { readonly kind: "help"; readonly text: string }
  | { readonly kind: "version" };

const defaultMaxPods = 110;
const defaultConcurrency = 6;
const maxConcurrency = 64;

/** Throws Problem `bad-request` that names every flag that is wrong. */
export function parseInvocation(argv: readonly string[], hostname: string): Invocation {
  const { values, positionals } = read(argv);
  const [command] = positionals;
  if (values.help || command === "help") return { kind: "help", text: flagHelp() };
  if (values.version || command === "version") return { kind: "version" };
  const flags = new Flags(values);
  const invocation =
    command === "join" ? joinConfig(flags, hostname) : command === "run" ? runConfig(flags) : undefined;
  if (!invocation || positionals.length > 1) {
    throw new Problem("bad-request", `"${positionals.join(" ")}" is not a command of orch-node-agent`, {
      hint: "Use `run` or `join`; see orch-node-agent --help.",
    });
  }
  flags.finish();
  return invocation;
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
    },
  };
}

function runConfig(flags: Flags): Invocation {
  return {
    kind: "run",
    config: {
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
      concurrency: flags.count("concurrency", maxConcurrency) ?? defaultConcurrency,
      logLevel: flags.logLevel(),
      readyFile: flags.path("ready-file"),
    },
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
      if (equals > 0) labels[text.slice(0, equals)] = text.slice(equals + 1);
      else this.fail(flag, `takes KEY=VALUE, not "${text}"`);
    }
    return labels;
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
