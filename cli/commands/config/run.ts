/** Reads and writes the context file. */
import { Problem } from "#proto/kit/problem.ts";
import {
  type ConfigFile,
  type Context,
  chooseContext,
  configPath,
  readConfig,
  removeContext,
  writeConfig,
} from "../../context/config-file.ts";
import { userOf } from "../../context/context-user.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { jsonOf } from "../../printers/json.ts";
import { renderTable } from "../../printers/table.ts";
import { usageProblem } from "../../program-options.ts";

interface Loaded {
  readonly path: string;
  readonly config: ConfigFile;
}

async function load(global: GlobalOptions, environment: Environment): Promise<Loaded> {
  const path = configPath(global.config, environment.variables.ORCH_CONFIG, environment.homeDirectory);
  return { path, config: await readConfig(path) };
}

export async function getContexts(
  output: string | undefined,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const { config } = await load(global, environment);
  const { contexts, currentContext } = config;
  if (output === "name") environment.out.write(contexts.map((context) => `${context.name}\n`).join(""));
  else if (output === "json") {
    const rows = contexts.map((context) => {
      const { name, cluster, server, namespace } = context;
      return { name, cluster, user: userOf(context), server, namespace, current: name === currentContext };
    });
    environment.out.write(`${JSON.stringify(rows, undefined, 2)}\n`);
  } else {
    const rows = contexts.map((context) => [
      context.name === currentContext ? "*" : "",
      context.name,
      context.cluster,
      userOf(context),
      context.server,
      context.namespace ?? "",
    ]);
    environment.out.write(renderTable(["CURRENT", "NAME", "CLUSTER", "USER", "SERVER", "NAMESPACE"], rows));
  }
}

export async function printCurrent(global: GlobalOptions, environment: Environment): Promise<void> {
  const { config, path } = await load(global, environment);
  environment.out.write(`${chooseContext(config, global.context, path).name}\n`);
}

export async function useContext(name: string, global: GlobalOptions, environment: Environment): Promise<void> {
  const { config, path } = await load(global, environment);
  chooseContext(config, name, path);
  writeConfig(path, { ...config, currentContext: name });
  environment.out.write(`Switched to context "${name}".\n`);
}

export async function setContext(
  name: string | undefined,
  { server }: { readonly server?: string },
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const { namespace } = global;
  if (namespace === undefined && server === undefined)
    throw usageProblem(
      "nothing to change was given",
      "set the namespace with -n, as in: orchctl config set-context --current -n shop",
    );
  if (server !== undefined && !/^\S+:\d{1,5}$/.test(server))
    throw usageProblem(`"${server}" is no HOST:PORT`, "as in: --server control.example.com:7443");
  const { config, path } = await load(global, environment);
  const wanted = chooseContext(config, name ?? global.context, path);
  const contexts = config.contexts.map((context) =>
    context.name === wanted.name ? changed(context, { namespace, server }) : context,
  );
  writeConfig(path, { ...config, contexts });
  const said = [namespace && `namespace ${namespace}`, server && `server ${server}`].filter(Boolean).join(" and ");
  environment.out.write(`Context "${wanted.name}" uses ${said}.\n`);
}

/** Who names another server means that one, not the socket of this machine's own. */
function changed(
  context: Context,
  { namespace, server }: { readonly namespace: string | undefined; readonly server: string | undefined },
): Context {
  const { socket, ...rest } = context;
  return {
    ...rest,
    ...(server === undefined && socket !== undefined && { socket }),
    ...(namespace !== undefined && { namespace }),
    ...(server !== undefined && { server }),
  };
}

export async function renameContext(
  from: string,
  to: string,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const { config, path } = await load(global, environment);
  chooseContext(config, from, path);
  if (config.contexts.some(({ name }) => name === to))
    throw new Problem("already-exists", `there is a context "${to}" already`, {
      hint: `forget it first: orchctl config delete-context ${to}`,
    });
  const contexts = config.contexts.map((context) => (context.name === from ? { ...context, name: to } : context));
  const currentContext = config.currentContext === from ? to : config.currentContext;
  writeConfig(path, { ...config, currentContext, contexts });
  environment.out.write(`Context "${from}" is "${to}" now.\n`);
}

export interface ViewFlags {
  readonly minify?: boolean;
  readonly raw?: boolean;
  readonly output?: string;
}

/** Keys never leave unasked; certificates are public, and long. */
export async function viewConfig(flags: ViewFlags, global: GlobalOptions, environment: Environment): Promise<void> {
  const { config, path } = await load(global, environment);
  const chosen = flags.minify ? chooseContext(config, global.context, path) : undefined;
  const shown = chosen ? { ...config, currentContext: chosen.name, contexts: [chosen] } : config;
  const redacted = {
    ...shown,
    contexts: shown.contexts.map((context) => ({
      ...context,
      certificateAuthority: "CERTIFICATE",
      clientCertificate: "CERTIFICATE",
      clientKey: "REDACTED",
    })),
  };
  const value = flags.raw ? shown : redacted;
  const print = flags.output === "json" ? jsonOf : (await import("../../printers/yaml.ts")).yamlOf;
  environment.out.write(print(value));
}

export async function getClusters(global: GlobalOptions, environment: Environment): Promise<void> {
  const { config } = await load(global, environment);
  const rows = new Map(config.contexts.map(({ cluster, server }) => [`${cluster} ${server}`, [cluster, server]]));
  environment.out.write(renderTable(["CLUSTER", "SERVER"], [...rows.values()]));
}

export async function deleteContext(name: string, global: GlobalOptions, environment: Environment): Promise<void> {
  const { config, path } = await load(global, environment);
  chooseContext(config, name, path);
  writeConfig(path, removeContext(config, name));
  environment.out.write(`Context "${name}" is forgotten.\n`);
}
