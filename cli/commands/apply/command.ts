/** orchctl apply */
import { type Command, Option } from "commander";
import type { Environment } from "../../environment.ts";
import { objectOutputOption } from "../../printers/formats.ts";
import { collect, globalOptions, parseDuration } from "../../program-options.ts";
import type { ApplyOptions } from "./run.ts";

export function addApply(program: Command, environment: Environment): void {
  program
    .command("apply")
    .description("make the cluster as the files say (server-side apply)")
    .requiredOption("-f, --filename <file>", "file, folder, or - for stdin; may repeat", collect)
    .option("-R, --recursive", "also folders below")
    .addOption(
      new Option("--dry-run [where]", "change nothing: server runs all checks there, client only reads the files")
        .choices(["server", "client", "none"])
        .preset("server"),
    )
    .option("--wait", "wait until workloads are rolled out")
    .option("--timeout <duration>", "how long to wait", parseDuration, 300_000)
    .option("--force-conflicts", "take over fields that others manage")
    .option("--prune", "then delete what an earlier apply of the same set made and the files no longer say")
    .option("--applyset <name>", "with --prune: the set, kept in a ConfigMap of this name (or secret/NAME)")
    .option("--field-manager <name>", "who applies", "orchctl")
    .addOption(
      new Option("--validate <how>", "what becomes of unknown fields: strict refuses them")
        .choices(["strict", "warn", "ignore", "true", "false"])
        .default("strict"),
    )
    .addOption(objectOutputOption())
    .addOption(new Option("--server-side", "as always; kubectl's scripts say it").hideHelp())
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl apply -f app.yaml\n  orchctl apply -f examples/ --wait\n  cat app.yaml | orchctl apply -f -\n  orchctl apply -f app.yaml --dry-run\n  orchctl apply -f manifests/ --prune --applyset shop --dry-run   # what would go",
    )
    .action(async (options: ApplyOptions, command: Command) => {
      const { runApply } = await import("./run.ts");
      await runApply(options, globalOptions(command), environment);
    });
}
