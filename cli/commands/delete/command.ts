/** orchctl delete */
import { type Command, Option } from "commander";
import { addSelectFlags, dryRunOption } from "../../changes/flags.ts";
import type { Environment } from "../../environment.ts";
import { globalOptions, outputOption, parseCount, parseDuration } from "../../program-options.ts";
import type { DeleteOptions } from "./run.ts";

export function addDelete(program: Command, environment: Environment): void {
  const command = program
    .command("delete")
    .description("delete objects by name, by label, or those that files name")
    .argument("[kinds]", "pods, deploy/web …")
    .argument("[names...]")
    .addOption(
      new Option("--cascade <how>", "what becomes of dependents")
        .choices(["background", "foreground", "orphan"])
        .default("background"),
    )
    .option("--grace-period <seconds>", "time to stop in, instead of the pod's own", parseCount(0))
    .option("--now", "with one second to stop in (--grace-period 1)")
    .option("--force", "remove pods at once, without waiting for their node: their containers may still run there")
    .option("--uid <uid>", "only when it is still this object")
    .option("--resource-version <version>", "only when it is still at this version")
    .option("--ignore-not-found", "an object that is gone already is no error")
    .option("--no-wait", "do not wait until the objects are gone")
    .option("--timeout <duration>", "how long to wait", parseDuration, 60_000)
    .addOption(dryRunOption())
    .addOption(outputOption("name"));
  addSelectFlags(command)
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl delete pod web-1\n  orchctl delete -f app.yaml\n  orchctl delete deploy,configmap -l app=web\n  orchctl delete deploy/web --cascade foreground\n  orchctl delete pods -A --field-selector status.phase=Failed\n  orchctl delete ns shop --dry-run",
    )
    .action(async (kinds: string | undefined, names: string[], options: DeleteOptions, own: Command) => {
      const { runDelete } = await import("./run.ts");
      await runDelete({ kinds, names, options, global: globalOptions(own) }, environment);
    });
}
