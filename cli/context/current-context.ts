/** The context that flags, variables and file together mean. */
import type { Environment, GlobalOptions } from "../environment.ts";
import { type Context, chooseContext, configPath, readConfig } from "./config-file.ts";

export async function currentContext(options: GlobalOptions, environment: Environment): Promise<Context> {
  const path = configPath(options.config, environment.variables.ORCH_CONFIG, environment.homeDirectory);
  const config = await readConfig(path);
  return chooseContext(config, options.context ?? environment.variables.ORCH_CONTEXT, path);
}
