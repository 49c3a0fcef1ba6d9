/** Adds contexts of another file. What is there of somebody else, or of another cluster, stays: it holds a key. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Problem } from "#proto/kit/problem.ts";
import {
  type Context,
  configPath,
  isSameCluster,
  mergeContexts,
  readConfig,
  writeConfig,
} from "../../context/config-file.ts";
import { userOf } from "../../context/context-user.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";

export async function importContexts(file: string, global: GlobalOptions, environment: Environment): Promise<void> {
  const from = resolve(environment.workingDirectory, file);
  if (!existsSync(from)) throw new Problem("not-found", `there is no file ${file}`);
  const imported = await readConfig(from);
  if (imported.contexts.length === 0) throw new Problem("not-found", `${file} holds no contexts`);
  const path = configPath(global.config, environment.variables.ORCH_CONFIG, environment.homeDirectory);
  const config = await readConfig(path);
  const placed = imported.contexts.map((one) => placeBeside(config.contexts, one));
  writeConfig(path, mergeContexts(config, placed, true));
  for (const [index, one] of placed.entries()) {
    const isKnown = config.contexts.some(({ name }) => name === one.name);
    const why =
      one.name === imported.contexts[index]?.name ? "" : `, since ${imported.contexts[index]?.name} is another's`;
    environment.out.write(`${isKnown ? "Replaced" : "Added"} ${one.name} (user ${userOf(one)})${why}.\n`);
  }
  environment.out.write(`The current context of ${path} is ${placed[0]?.name}.\n`);
}

const isSame = (one: Context, other: Context): boolean => isSameCluster(one, other) && userOf(one) === userOf(other);

/** Under its own name; where somebody else's has that, under USER@NAME. */
function placeBeside(known: readonly Context[], context: Context): Context {
  for (const name of [context.name, `${userOf(context)}@${context.name}`]) {
    const there = known.find((one) => one.name === name);
    if (!there || isSame(there, context)) return { ...context, name };
  }
  throw new Problem(
    "already-exists",
    `there are contexts of somebody else named ${context.name}, with ${userOf(context)}@ before it too`,
    {
      hint: `rename yours first: orchctl config rename-context ${context.name} NAME`,
    },
  );
}
