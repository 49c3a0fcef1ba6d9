/** Reads and writes the context file. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Problem } from "#proto/kit/problem.ts";
import {
  type ConfigFile,
  chooseContext,
  configPath,
  mergeContexts,
  readConfig,
  removeContext,
  writeConfig,
} from "../../context/config-file.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
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
    const rows = contexts.map(({ name, cluster, server, namespace }) => ({
      name,
      cluster,
      server,
      namespace,
      current: name === currentContext,
    }));
    environment.out.write(`${JSON.stringify(rows, undefined, 2)}\n`);
  } else {
    const rows = contexts.map((context) => [
      context.name === currentContext ? "*" : "",
      context.name,
      context.cluster,
      context.server,
      context.namespace ?? "",
    ]);
    environment.out.write(renderTable(["CURRENT", "NAME", "CLUSTER", "SERVER", "NAMESPACE"], rows));
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

export async function setNamespace(
  name: string | undefined,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  if (global.namespace === undefined)
    throw usageProblem(
      "nothing to change was given",
      "set the namespace with -n, as in: orchctl config set-context --current -n shop",
    );
  const { namespace } = global;
  const { config, path } = await load(global, environment);
  const wanted = chooseContext(config, name ?? global.context, path);
  const contexts = config.contexts.map((context) =>
    context.name === wanted.name ? { ...context, namespace } : context,
  );
  writeConfig(path, { ...config, contexts });
  environment.out.write(`Context "${wanted.name}" uses namespace ${namespace}.\n`);
}

export async function deleteContext(name: string, global: GlobalOptions, environment: Environment): Promise<void> {
  const { config, path } = await load(global, environment);
  chooseContext(config, name, path);
  writeConfig(path, removeContext(config, name));
  environment.out.write(`Context "${name}" is forgotten.\n`);
}

export async function importContexts(file: string, global: GlobalOptions, environment: Environment): Promise<void> {
  const from = resolve(environment.workingDirectory, file);
  if (!existsSync(from)) throw new Problem("not-found", `there is no file ${file}`);
  const imported = await readConfig(from);
  if (imported.contexts.length === 0) throw new Problem("not-found", `${file} holds no contexts`);
  const { config, path } = await load(global, environment);
  writeConfig(path, mergeContexts(config, imported.contexts, true));
  environment.out.write(`Added ${imported.contexts.map((context) => context.name).join(", ")} to ${path}.\n`);
}
