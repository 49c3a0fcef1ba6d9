/** orchctl set image, env, resources */
import type { Command } from "commander";
import { addChangeFlags, addSelectFlags } from "../../changes/flags.ts";
import type { Environment } from "../../environment.ts";
import { globalOptions } from "../../program-options.ts";
import type { EnvFlags, ResourcesFlags, SetFlags } from "./run.ts";

export function addSet(program: Command, environment: Environment): void {
  const set = program
    .command("set")
    .description("change images, variables and resources of a workload's containers")
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl set image deployment/web main=nginx:1.29\n  orchctl set env deployment/web LOG_LEVEL=debug OLD-\n  orchctl set resources deploy/web --limits memory=256Mi",
    );
  const run = async (): Promise<typeof import("./run.ts")> => import("./run.ts");
  addChangeFlags(
    addSelectFlags(
      set
        .command("image")
        .description("the images of containers; a rollout follows")
        .argument("<words...>", "KIND/NAME or KIND NAME, then CONTAINER=IMAGE; * is every container"),
    ),
  )
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl set image deployment/web main=nginx:1.29\n  orchctl set image deploy web '*=busybox:1.36'\n  orchctl set image deployments --all sidecar=proxy:2",
    )
    .action(async (words: string[], flags: SetFlags, own: Command) =>
      (await run()).setImage(words, flags, globalOptions(own), environment),
    );
  addChangeFlags(
    addSelectFlags(
      set
        .command("env")
        .description("environment variables of containers; a rollout follows")
        .argument("<words...>", "KIND/NAME or KIND NAME, then NAME=VALUE to set and NAME- to remove")
        .option("-c, --containers <name>", "only this container (default: all)")
        .option("--from <source>", "a variable for each key of configmap/NAME or secret/NAME")
        .option("--prefix <text>", "with --from: before each variable's name")
        .option("--list", "only show the variables there are"),
    ),
  )
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl set env deployment/web LOG_LEVEL=debug OLD-\n  orchctl set env deploy/web --from secret/database --prefix DB_\n  orchctl set env deploy/web --list",
    )
    .action(async (words: string[], flags: EnvFlags, own: Command) =>
      (await run()).setEnv(words, flags, globalOptions(own), environment),
    );
  addChangeFlags(
    addSelectFlags(
      set
        .command("resources")
        .description("what containers ask for and may use; a rollout follows")
        .argument("<words...>", "KIND/NAME or KIND NAME")
        .option("-c, --containers <name>", "only this container (default: all)")
        .option("--requests <amounts>", "as cpu=100m,memory=64Mi; an amount of 0 removes it")
        .option("--limits <amounts>", "as cpu=1,memory=256Mi; an amount of 0 removes it"),
    ),
  )
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl set resources deploy/web --requests cpu=100m,memory=64Mi --limits memory=256Mi",
    )
    .action(async (words: string[], flags: ResourcesFlags, own: Command) =>
      (await run()).setResources(words, flags, globalOptions(own), environment),
    );
}
