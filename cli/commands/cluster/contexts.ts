/** Where a local cluster's contexts are kept: in the context file in use, and in the one of the person behind sudo. */
import { existsSync, lchownSync, lstatSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import {
  type Context,
  configPath,
  mergeContexts,
  readConfig,
  removeContext,
  setAside,
  writeConfig,
} from "../../context/config-file.ts";
import { type SudoUser, sudoUser } from "../../context/sudo-user.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";

/** Returns the path of the file in use. */
export async function addContexts(
  contexts: readonly Context[],
  global: GlobalOptions,
  environment: Environment,
): Promise<string> {
  const { own, user, paths } = places(global, environment);
  for (const path of paths)
    writeConfig(path, mergeContexts(setAside(await readConfig(path), contexts), contexts, true));
  if (user) handOver(user);
  return own;
}

export async function forgetContext(name: string, global: GlobalOptions, environment: Environment): Promise<void> {
  const { user, paths } = places(global, environment);
  for (const path of paths) {
    if (!existsSync(path)) continue;
    const config = await readConfig(path);
    if (config.contexts.some((context) => context.name === name)) writeConfig(path, removeContext(config, name));
  }
  if (user) handOver(user);
}

interface Places {
  readonly own: string;
  readonly user: SudoUser | undefined;
  readonly paths: ReadonlySet<string>;
}

function places(global: GlobalOptions, environment: Environment): Places {
  const own = configPath(global.config, environment.variables.ORCH_CONFIG, environment.homeDirectory);
  const passwd = existsSync("/etc/passwd") ? readFileSync("/etc/passwd", "utf8") : "";
  const found = sudoUser(environment.variables, passwd);
  const user = found && existsSync(found.home) ? found : undefined;
  return { own, user, paths: new Set([own, ...(user ? [theirs(user)] : [])]) };
}

const theirs = (user: SudoUser): string => configPath(undefined, undefined, user.home);

/** What root made in somebody's home is theirs; links there are not followed. */
function handOver(user: SudoUser): void {
  for (let made = theirs(user); made.startsWith(`${user.home}/`) && existsSync(made); made = dirname(made)) {
    if (lstatSync(made).uid === 0) lchownSync(made, user.uid, user.gid);
  }
}
