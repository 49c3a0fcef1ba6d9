/** orchctl delete */
import { type Command, Option } from "commander";
import type { Environment } from "../../environment.ts";
import { collect, globalOptions, outputOption, parseCount, parseDuration } from "../../program-options.ts";
import type { DeleteOptions } from "./run.ts";

export function addDelete(program: Command, environment: Environment): void {
  program
    .command("delete")
    .description("delete objects by name, by label, or those that files name")
    .argument("[kinds]", "pods, deploy/web …")
    .argument("[names...]")
    .option("-f, --filename <file>", "delete what this file or folder (or - for stdin) declares; may repeat", collect)
    .option("-R, --recursive", "with -f: also folders below")
    .option("-l, --selector <labels>", "all with these labels")
    .option("--all", "all objects of the kind in the namespace")
    .addOption(
      new Option("--cascade <how>", "what becomes of dependents")
        .choices(["background", "foreground", "orphan"])
        .default("background"),
    )
    .option("--grace-period <seconds>", "time to stop in, instead of the pod's own", parseCount(0))
    .option("--force", "remove at once, without waiting for the node (with --grace-period 0)")
    .option("--ignore-not-found", "an object that is gone already is no error")
    .option("--no-wait", "do not wait until the objects are gone")
    .option("--timeout <duration>", "how long to wait", parseDuration, 60_000)
    .option("--dry-run", "only say what would go")
    .addOption(outputOption("name"))
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl delete pod web-1\n  orchctl delete -f app.yaml\n  orchctl delete deploy,configmap -l app=web",
    )
    .action(async (kinds: string | undefined, names: string[], options: DeleteOptions, command: Command) => {
      const { runDelete } = await import("./run.ts");
      await runDelete({ kinds, names, options, global: globalOptions(command) }, environment);
    });
}
