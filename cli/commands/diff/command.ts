/** orchctl diff */
import type { Command } from "commander";
import { addFileFlags, validateOption } from "../../changes/flags.ts";
import type { Environment } from "../../environment.ts";
import { globalOptions } from "../../program-options.ts";
import type { DiffFlags } from "./run.ts";

export function addDiff(program: Command, environment: Environment): void {
  const command = program
    .command("diff")
    .description("what apply would change, by a dry run on the server")
    .option("--force-conflicts", "as with apply: take over fields that others manage")
    .option("--prune", "also what apply --prune would delete")
    .option("--applyset <name>", "with --prune: the set")
    .option("--field-manager <name>", "who would apply", "orchctl")
    .option("--show-managed-fields", "also who would set which field")
    .addOption(validateOption());
  addFileFlags(command)
    .addHelpText(
      "after",
      "\nLeaves with 0 when nothing differs, with 1 when something does, with more when it cannot be told.\n\nExamples:\n  orchctl diff -f app.yaml\n  orchctl diff -R -f manifests/ && echo up to date",
    )
    .action(async (flags: DiffFlags, own: Command) => {
      const { runDiff } = await import("./run.ts");
      await runDiff(flags, globalOptions(own), environment);
    });
}
