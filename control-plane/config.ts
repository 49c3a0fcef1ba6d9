/** The control plane's configuration: parsed once from the command line, all problems told together. Pure. */
import { isIP } from "node:net";
import { parseArgs } from "node:util";
import { z } from "zod";
import { isClusterName, isNodeName } from "#proto/identity/names.ts";
import { Problem, type ProblemCause } from "#proto/kit/problem.ts";
import { type ClusterSettings, defaultClusterSettings } from "#proto/resources/cluster-settings.ts";
import { flagHelp, flagNames } from "./config-flags.ts";
import { checkLimits, limitSchema, type ServingLimits, servingLimits } from "./serving-limits.ts";
import type { FixedSettings } from "./stored-settings.ts";

/** Our own: ports are chosen at the first start when they are not given. */
export interface EmbeddedEtcdConfig {
  readonly kind: "embedded";
  readonly clientPort: number | undefined;
  readonly peerPort: number | undefined;
  /** Where its program is looked for, as in PATH. */
  readonly searchPath: string;
}

export interface ExternalEtcd {
  readonly kind: "external";
  readonly endpoints: readonly string[];
  /** Paths of PEM files; absent for plain text on loopback. */
  readonly authorityFile?: string;
  readonly certificateFile?: string;
  readonly keyFile?: string;
  /** DNS name in etcd's certificate. */
  readonly tlsName?: string;
}

export interface CertificateLifetimes {
  readonly nodeMs: number;
  /** What this control plane serves with, and its own etcd. */
  readonly serverMs: number;
}

export interface ControlPlaneConfig {
  readonly name: string;
  readonly settings: ClusterSettings;
  /** What was given explicitly of the settings that are fixed when the cluster is made. */
  readonly asked: Partial<FixedSettings>;
  readonly dataDir: string;
  readonly runDir: string;
  readonly listenAddress: string;
  /** What agents and people are told to dial. */
  readonly advertiseAddress: string;
  readonly port: number;
  readonly enrollmentPort: number;
  readonly etcd: ExternalEtcd | EmbeddedEtcdConfig;
  readonly etcdPrefix: string;
  readonly keyFile: string;
  readonly certificateLifetimes: CertificateLifetimes;
  readonly limits: ServingLimits;
  /** Where metrics and health are served in plain HTTP; undefined: nowhere. */
  readonly metrics: MetricsAddress | undefined;
  /** Whether root of this machine has a unix socket, without TLS. */
  readonly rootSocket: boolean;
  /** Only put this backup into the store, then end. */
  readonly restore: { readonly file: string; readonly passphraseFile: string | undefined } | undefined;
  readonly readyFile: string | undefined;
  readonly logLevel: "debug" | "info" | "warn" | "error";
}

export interface MetricsAddress {
  readonly host: string;
  readonly port: number;
  /** False: by default, so that it does without when another program has the port. */
  readonly isAsked: boolean;
}

export interface HostFacts {
  readonly hostname: string;
  /** First address that others can reach. */
  readonly address: string;
  /** As in PATH. */
  readonly searchPath: string;
}

export type Invocation =
  | { readonly kind: "run"; readonly config: ControlPlaneConfig }
  | { readonly kind: "help"; readonly text: string }
  | { readonly kind: "version" };

const port = z.coerce
  .number("use a port number")
  .int()
  .min(1, "use a port from 1 to 65535")
  .max(65_535, "use a port from 1 to 65535");
const cidr = z.string().regex(/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/, "use an IPv4 network, as 10.128.0.0/12");
const duration = z
  .string()
  .regex(/^\d+(ms|s|m|h|d)$/, "use a duration, as 500ms, 2s, 1m, 12h or 7d")
  .transform((text) => Number.parseInt(text, 10) * (unitMs[text.replace(/^\d+/, "")] ?? 0));
const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 24 * 3_600_000 };
const lifetime = duration.refine((ms) => ms >= 5000 && ms <= 366 * 24 * 3_600_000, "use 5s to 366d");
const path = z.string().startsWith("/", "use an absolute path");
const address = z.string().refine((text) => isIP(text) !== 0, "use an IP address");

const schema = z
  .object({
    cluster: z.string().refine(isClusterName, "use lower-case letters, digits and -, at most 63").default("local"),
    name: z.string().refine(isNodeName, "use lower-case letters, digits, - and .").optional(),
    "data-dir": path.optional(),
    "run-dir": path.optional(),
    "listen-address": address.default("0.0.0.0"),
    "advertise-address": address.optional(),
    port: port.default(7443),
    "enrollment-port": port.default(7444),
    "etcd-endpoints": z
      .string()
      .transform((text) => text.split(",").map((endpoint) => endpoint.trim()))
      .refine(
        (all) => all.every((one) => /^https?:\/\/[^\s/]+:\d+$/.test(one)),
        "use URLs, as https://10.0.0.1:2379,https://…",
      )
      .optional(),
    "etcd-client-port": port.optional(),
    "etcd-peer-port": port.optional(),
    "etcd-ca": path.optional(),
    "etcd-cert": path.optional(),
    "etcd-key": path.optional(),
    "etcd-tls-name": z.string().optional(),
    "etcd-prefix": z
      .string()
      .regex(/^\/[-a-z0-9/]*\/$/, "begin and end with /, as /orch/local/")
      .optional(),
    "key-file": path.optional(),
    "pod-cidr": cidr.optional(),
    "service-cidr": cidr.optional(),
    "node-mask-bits": z.coerce.number().int().min(16).max(28).optional(),
    "cluster-domain": z.string().optional(),
    "heartbeat-interval": duration.default(defaultClusterSettings.heartbeatIntervalMs),
    "node-timeout": duration.default(defaultClusterSettings.nodeTimeoutMs),
    "node-certificate-lifetime": lifetime.default(7 * 24 * 3_600_000),
    "server-certificate-lifetime": lifetime.default(90 * 24 * 3_600_000),
    "plain-http-registry": z.array(z.string()).default([]),
    "metrics-address": z
      .string()
      .refine(
        (text) => text === "none" || isLoopbackAddress(text),
        "use none, or a loopback address with a port, as 127.0.0.1:7446",
      )
      .optional(),
    "root-socket": z.enum(["on", "off"], "use on or off").default("on"),
    restore: path.optional(),
    "passphrase-file": path.optional(),
    "ready-file": path.optional(),
    "log-level": z.enum(["debug", "info", "warn", "error"], "use debug, info, warn or error").default("info"),
    ...limitSchema,
  })
  .superRefine((flags, context) => {
    checkLimits(flags, (flag, message) => context.addIssue({ code: "custom", path: [flag], message }));
  })
  .refine((flags) => flags["node-timeout"] > flags["heartbeat-interval"], {
    path: ["node-timeout"],
    message: "must be longer than --heartbeat-interval",
  })
  .refine(
    (flags) => flags["etcd-endpoints"] !== undefined || !(flags["etcd-ca"] ?? flags["etcd-cert"] ?? flags["etcd-key"]),
    {
      path: ["etcd-endpoints"],
      message: "is needed with --etcd-ca, --etcd-cert and --etcd-key",
    },
  );

/** Throws Problem `invalid` with one cause for each flag that is wrong. */
export function readInvocation(args: readonly string[], host: HostFacts): Invocation {
  const { values, causes } = readFlags(args);
  if (values.help) return { kind: "help", text: flagHelp() };
  if (values.version) return { kind: "version" };
  const parsed = schema.safeParse(values);
  const issues = parsed.success ? [] : parsed.error.issues;
  const all = [...causes, ...issues.map((issue) => ({ path: `--${issue.path.join(".")}`, message: issue.message }))];
  if (!parsed.success || all.length > 0) {
    const hint = "See orch-control-plane --help.";
    throw new Problem("invalid", "the command line is not right", { causes: all, hint });
  }
  return { kind: "run", config: compile(parsed.data, host) };
}

function compile(flags: z.infer<typeof schema>, host: HostFacts): ControlPlaneConfig {
  const { cluster } = flags;
  const dataDir = flags["data-dir"] ?? `/var/lib/orch/${cluster}/control-plane`;
  const listen = flags["listen-address"];
  const asked = askedSettings(flags);
  const isWildcard = listen === "0.0.0.0" || listen === "::";
  return {
    name: flags.name ?? host.hostname,
    settings: {
      ...defaultClusterSettings,
      clusterName: cluster,
      ...asked,
      heartbeatIntervalMs: flags["heartbeat-interval"],
      nodeTimeoutMs: flags["node-timeout"],
      registries: flags["plain-http-registry"].map((registry) => ({ host: registry, plainHttp: true })),
    },
    asked,
    dataDir,
    runDir: flags["run-dir"] ?? `/run/orch/${cluster}/control-plane`,
    listenAddress: listen,
    advertiseAddress: flags["advertise-address"] ?? (isWildcard ? host.address : listen),
    port: flags.port,
    enrollmentPort: flags["enrollment-port"],
    etcd: externalEtcd(flags) ?? {
      kind: "embedded",
      clientPort: flags["etcd-client-port"],
      peerPort: flags["etcd-peer-port"],
      searchPath: host.searchPath,
    },
    etcdPrefix: flags["etcd-prefix"] ?? `/orch/${cluster}/`,
    keyFile: flags["key-file"] ?? `${dataDir}/encryption-keys.json`,
    certificateLifetimes: {
      nodeMs: flags["node-certificate-lifetime"],
      serverMs: flags["server-certificate-lifetime"],
    },
    limits: servingLimits(flags),
    metrics: metricsAddress(flags["metrics-address"]),
    rootSocket: flags["root-socket"] === "on",
    restore:
      flags.restore === undefined ? undefined : { file: flags.restore, passphraseFile: flags["passphrase-file"] },
    readyFile: flags["ready-file"],
    logLevel: flags["log-level"],
  };
}

const defaultMetrics: MetricsAddress = { host: "127.0.0.1", port: 7446, isAsked: false };

function isLoopbackAddress(text: string): boolean {
  const match = /^(127(?:\.\d{1,3}){3}|\[::1\]):(\d{1,5})$/.exec(text);
  return match?.[1] !== undefined && isIP(match[1].replace(/[[\]]/g, "")) !== 0 && Number(match[2]) <= 65_535;
}

function metricsAddress(text: string | undefined): MetricsAddress | undefined {
  if (text === undefined) return defaultMetrics;
  if (text === "none") return undefined;
  const colon = text.lastIndexOf(":");
  return { host: text.slice(0, colon).replace(/[[\]]/g, ""), port: Number(text.slice(colon + 1)), isAsked: true };
}

function askedSettings(flags: z.infer<typeof schema>): Partial<FixedSettings> {
  const { "pod-cidr": podCidr, "service-cidr": serviceCidr, "cluster-domain": clusterDomain } = flags;
  const nodeMaskBits = flags["node-mask-bits"];
  return {
    ...(podCidr !== undefined && { podCidr }),
    ...(serviceCidr !== undefined && { serviceCidr }),
    ...(clusterDomain !== undefined && { clusterDomain }),
    ...(nodeMaskBits !== undefined && { nodeMaskBits }),
  };
}

function externalEtcd(flags: z.infer<typeof schema>): ExternalEtcd | undefined {
  const endpoints = flags["etcd-endpoints"];
  if (!endpoints) return undefined;
  const [authorityFile, certificateFile, keyFile] = [flags["etcd-ca"], flags["etcd-cert"], flags["etcd-key"]];
  const tlsName = flags["etcd-tls-name"];
  return {
    kind: "external",
    endpoints,
    ...(authorityFile !== undefined && { authorityFile }),
    ...(certificateFile !== undefined && { certificateFile }),
    ...(keyFile !== undefined && { keyFile }),
    ...(tlsName !== undefined && { tlsName }),
  };
}

type Flags = Record<string, string | boolean | (string | boolean)[] | undefined>;

/** Every unknown flag, stray word and missing value, not just the first. */
function readFlags(args: readonly string[]): { readonly values: Flags; readonly causes: readonly ProblemCause[] } {
  const { values, tokens } = parseArgs({ args: [...args], options: flagNames, strict: false, tokens: true });
  const causes = tokens.flatMap((token): readonly ProblemCause[] => {
    if (token.kind === "positional") return [{ path: token.value, message: "is not a flag" }];
    if (token.kind !== "option") return [];
    const known = flagNames[token.name];
    if (!known) return [{ path: token.rawName, message: "is not known" }];
    return known.type === "string" && token.value === undefined
      ? [{ path: token.rawName, message: "needs a value" }]
      : [];
  });
  const known = Object.entries(values).filter(
    ([name, value]) => flagNames[name] && (value !== true || flagNames[name].type === "boolean"),
  );
  return { values: Object.fromEntries(known), causes };
}
