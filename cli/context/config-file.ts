/** The user's contexts: which clusters there are, which one is meant, and with which certificate. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { errnoOf, Problem } from "#proto/kit/problem.ts";

export interface Context {
  readonly name: string;
  /** host:port of the control plane's API. */
  readonly server: string;
  readonly cluster: string;
  readonly certificateAuthority: string; // PEM
  readonly clientCertificate: string; // PEM
  readonly clientKey: string; // PEM
  /** Of the control plane's own machine: a unix socket that stands for all rights to whoever may open it. */
  readonly socket?: string;
  /** Used where no -n is given. */
  readonly namespace?: string;
}

export interface ConfigFile {
  readonly apiVersion: "orch/v1";
  readonly kind: "Config";
  readonly currentContext: string;
  readonly contexts: readonly Context[];
}

export const emptyConfig: ConfigFile = { apiVersion: "orch/v1", kind: "Config", currentContext: "", contexts: [] };

/** --config, else $ORCH_CONFIG, else ~/.config/orch/config. */
export function configPath(flag: string | undefined, variable: string | undefined, home: string): string {
  return flag ?? (variable || join(home, ".config/orch/config"));
}

/** An absent file is an empty one. JSON is read fast; YAML is read too. */
export async function readConfig(path: string): Promise<ConfigFile> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (thrown) {
    if (errnoOf(thrown) === "ENOENT") return emptyConfig;
    throw new Problem("bad-request", `the context file ${path} cannot be read`, {
      cause: thrown,
      hint: "check its owner and mode",
    });
  }
  const value = await parse(text, path);
  if (!isConfig(value)) {
    throw new Problem("invalid", `${path} is not an Orch context file`, {
      hint: "it must have apiVersion: orch/v1, kind: Config and contexts",
    });
  }
  return value;
}

/** A file that is no JSON or YAML is no context file either. */
async function parse(text: string, path: string): Promise<unknown> {
  try {
    return text.trimStart().startsWith("{") ? JSON.parse(text) : (await import("./parse-yaml.ts")).parseYaml(text);
  } catch (thrown) {
    throw new Problem(
      "invalid",
      `${path} cannot be read: ${thrown instanceof Error ? thrown.message.split("\n")[0] : thrown}`,
      {
        cause: thrown,
      },
    );
  }
}

const contextFields = ["name", "server", "cluster", "certificateAuthority", "clientCertificate", "clientKey"] as const;

function isConfig(value: unknown): value is ConfigFile {
  return (
    typeof value === "object" &&
    value !== null &&
    "contexts" in value &&
    Array.isArray(value.contexts) &&
    value.contexts.every(
      (context: Partial<Context> | null) =>
        contextFields.every((field) => typeof context?.[field] === "string") && isPath(context?.socket),
    ) &&
    "kind" in value &&
    value.kind === "Config"
  );
}

const isPath = (value: unknown): boolean => value === undefined || (typeof value === "string" && value.startsWith("/"));

export const configText = (config: ConfigFile): string => `${JSON.stringify(config, undefined, 2)}\n`;

/** Atomic, mode 0600: the file holds a private key. */
export function writeConfig(path: string, config: ConfigFile): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  rmSync(`${path}.new`, { force: true });
  // "wx": whoever may have put a link there does not choose what we write to.
  writeFileSync(`${path}.new`, configText(config), { mode: 0o600, flag: "wx" });
  renameSync(`${path}.new`, path);
}

/** Adds or replaces contexts by name and makes the first of them the current one. Pure. */
export function mergeContexts(config: ConfigFile, added: readonly Context[], makeCurrent: boolean): ConfigFile {
  const names = new Set(added.map((context) => context.name));
  const contexts = [...config.contexts.filter((context) => !names.has(context.name)), ...added];
  const currentContext =
    makeCurrent || config.currentContext === "" ? (added[0]?.name ?? config.currentContext) : config.currentContext;
  return { ...config, currentContext, contexts };
}

/** Clusters may share a name; one that was made anew keeps its address, one whose authority was replaced too. Pure. */
export const isSameCluster = (one: Context, other: Context): boolean =>
  one.cluster === other.cluster &&
  (one.server === other.server || one.certificateAuthority === other.certificateAuthority);

/** Contexts of other clusters under the names that those are to have are kept as NAME@SERVER. Pure. */
export function setAside(config: ConfigFile, added: readonly Context[]): ConfigFile {
  const contexts = config.contexts.map((one) =>
    added.some((other) => other.name === one.name && !isSameCluster(one, other))
      ? { ...one, name: `${one.name}@${one.server}` }
      : one,
  );
  return { ...config, contexts };
}

export function removeContext(config: ConfigFile, name: string): ConfigFile {
  const contexts = config.contexts.filter((context) => context.name !== name);
  return {
    ...config,
    contexts,
    currentContext: config.currentContext === name ? (contexts[0]?.name ?? "") : config.currentContext,
  };
}

export function chooseContext(config: ConfigFile, wanted: string | undefined, path: string): Context {
  const name = wanted ?? config.currentContext;
  const context = config.contexts.find((candidate) => candidate.name === name);
  if (context) return context;
  const known = config.contexts.map((candidate) => candidate.name).join(", ");
  if (config.contexts.length === 0) {
    throw new Problem("not-found", `there is no cluster to talk to: ${path} has no contexts`, {
      hint: "start a local cluster with: orchctl cluster up   or name a context file with --config",
    });
  }
  throw new Problem("not-found", `there is no context "${name}" in ${path}`, {
    hint: `there are: ${known}`,
  });
}
