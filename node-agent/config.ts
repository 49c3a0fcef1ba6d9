/** The agent's configuration: flags, and what joining wrote down. Parsed once; all problems are told together. No zod: it costs memory on every node. */
import { parseArgs } from "node:util";
import { isClusterName, isNodeName } from "#proto/identity/names.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Taint } from "#proto/resources/node.ts";
import { toBytes, toMilliCpu } from "#proto/resources/quantity.ts";
import { flagHelp, flagNames } from "./config-flags.ts";
import { defaultEvictionSettings, type EvictionSettings } from "./eviction/signals.ts";
import { type Amounts, Flags, formatEndpoint, type LogLevel, type Values } from "./flag-reader.ts";
import { defaultWatermarks, type Watermarks } from "./images/garbage/disk-room.ts";
import { type LayerStoreKind, layerStoreKinds } from "./images/layers/layer-store-kind.ts";
import { defaultLogLimits, type LogLimits, maxLogFiles } from "./logs/log-limits.ts";
import { defaultRuntimeLimits, type RuntimeLimits } from "./runtime/container-resources.ts";

export type { LogLevel } from "./flag-reader.ts";

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

/** When images are removed to free the disk. */
export interface ImageGarbage {
  readonly watermarks: Watermarks;
  readonly minAgeMs: number;
}

export interface RunConfig {
  readonly cluster: string | undefined;
  readonly nodeName: string | undefined;
  readonly controlPlane: readonly string[];
  readonly dataDirectory: string | undefined;
  readonly runDirectory: string | undefined;
  readonly cgroupRoot: string | undefined;
  readonly nodeAddresses: readonly string[];
  /** Where other nodes fetch blobs of images; 0 = nowhere. */
  readonly peerPort: number;
  readonly milliCpu: number | undefined;
  readonly memoryBytes: number | undefined;
  readonly maxPods: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  /** Kept from pods: for the system, and for Orch's own programs. */
  readonly reserved: Amounts;
  readonly eviction: EvictionSettings;
  /** The longest wait before a container that keeps ending is started again. */
  readonly maxRestartPeriodMs: number;
  readonly refuseVulnerableRuntime: boolean;
  readonly runtimeLimits: RuntimeLimits;
  readonly imageGarbage: ImageGarbage;
  readonly logLimits: LogLimits;
  readonly concurrency: number;
  readonly logLevel: LogLevel;
  readonly readyFile: string | undefined;
  /** How layers are kept; undefined: the first kind that works. */
  readonly layerStore: LayerStoreKind | undefined;
}

export type Invocation =
  | {
      readonly kind: "join";
      readonly config: JoinConfig;
      readonly logLevel: LogLevel;
      /** Flags that only `run` heeds and joining does not keep: to be given again. */
      readonly forRun: readonly string[];
    }
  | { readonly kind: "run"; readonly config: RunConfig }
  | { readonly kind: "leave"; readonly config: LeaveConfig }
  | { readonly kind: "help"; readonly text: string }
  | { readonly kind: "version" };

/** As the kubelet's. */
const defaultMinAgeSeconds = 120;
const defaultMaxRestartSeconds = 300;
const defaultMaxPods = 110;
const defaultPeerPort = 7445;
const defaultConcurrency = 12;
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

const forJoin = [
  ...["server", "token", "token-file", "cluster", "node-name", "control-plane", "data-dir", "label", "taint"],
  ...["force", "timeout", "log-level"],
];

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
    forRun: flags.without(forJoin),
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
    peerPort: flags.port("peer-port") ?? defaultPeerPort,
    milliCpu: flags.quantity("cpus", toMilliCpu),
    memoryBytes: flags.quantity("memory", toBytes),
    maxPods: flags.count("max-pods", 1_000) ?? defaultMaxPods,
    labels: flags.labels("label"),
    taints: flags.taints("taint"),
    reserved: sum(flags.amounts("system-reserved"), flags.amounts("orch-reserved")),
    eviction: evictionSettings(flags),
    imageGarbage: imageGarbage(flags),
    logLimits: logLimits(flags),
    maxRestartPeriodMs: (flags.count("max-restart-period", 86_400) ?? defaultMaxRestartSeconds) * 1000,
    refuseVulnerableRuntime: flags.isSet("refuse-vulnerable-runtime"),
    runtimeLimits: {
      pidsLimit: flags.count("pod-pids-limit", 4_194_304) ?? defaultRuntimeLimits.pidsLimit,
      swapBehavior: flags.oneOf("swap-behavior", ["NoSwap", "LimitedSwap"]) ?? defaultRuntimeLimits.swapBehavior,
      groupOomKill: !flags.isSet("single-process-oom-kill"),
    },
    concurrency: flags.count("concurrency", maxConcurrency) ?? defaultConcurrency,
    logLevel: flags.logLevel(),
    readyFile: flags.path("ready-file"),
    layerStore: flags.oneOf("layer-store", layerStoreKinds),
  };
}

function logLimits(flags: Flags): LogLimits {
  const { rotation, gone } = defaultLogLimits;
  const maxAgeSeconds = flags.count("gone-logs-max-age", 365 * 86_400);
  return {
    rotation: {
      maxBytes: flags.quantity("container-log-max-size", toBytes) ?? rotation.maxBytes,
      maxFiles: flags.count("container-log-max-files", maxLogFiles) ?? rotation.maxFiles,
    },
    gone: {
      maxAgeMs: maxAgeSeconds === undefined ? gone.maxAgeMs : maxAgeSeconds * 1000,
      maxBytes: flags.quantity("gone-logs-max-size", toBytes) ?? gone.maxBytes,
    },
  };
}

function imageGarbage(flags: Flags): ImageGarbage {
  const high = flags.share("image-gc-high-threshold");
  const low = flags.share("image-gc-low-threshold");
  const highPercent = high === undefined ? defaultWatermarks.highPercent : high * 100;
  const lowPercent = low === undefined ? Math.min(defaultWatermarks.lowPercent, highPercent) : low * 100;
  if (lowPercent > highPercent) flags.fail("image-gc-low-threshold", "must not be above --image-gc-high-threshold");
  const seconds = flags.count("image-gc-min-age", 30 * 86_400);
  const minAgeMs = (seconds ?? defaultMinAgeSeconds) * 1000;
  return { watermarks: { highPercent, lowPercent }, minAgeMs };
}

const sum = (one: Amounts, other: Amounts): Amounts => ({
  milliCpu: one.milliCpu + other.milliCpu,
  memoryBytes: one.memoryBytes + other.memoryBytes,
});

function evictionSettings(flags: Flags): EvictionSettings {
  const known = defaultEvictionSettings;
  const holdSeconds = flags.count("pressure-hold", 3600);
  const podGraceSeconds = flags.count("eviction-max-pod-grace-period", 86_400);
  const softGraceMs = flags.signalTimes("eviction-soft-grace-period");
  const soft = flags.signalAmounts("eviction-soft", "<");
  for (const signal of Object.keys(soft))
    if (!(signal in softGraceMs)) flags.fail("eviction-soft", `${signal} needs its --eviction-soft-grace-period`);
  return {
    hard: { ...known.hard, ...flags.signalAmounts("eviction-hard", "<") },
    soft,
    softGraceMs,
    minimumReclaim: flags.signalAmounts("eviction-minimum-reclaim", "="),
    maxPodGraceMs: podGraceSeconds === undefined ? known.maxPodGraceMs : podGraceSeconds * 1000,
    holdMs: holdSeconds === undefined ? known.holdMs : holdSeconds * 1000,
  };
}

function read(argv: readonly string[]): { readonly values: Values; readonly positionals: readonly string[] } {
  try {
    return parseArgs({ args: [...argv], options: flagNames, allowPositionals: true, strict: true });
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    throw new Problem("bad-request", message, { hint: "See orch-node-agent --help." });
  }
}
