/** orchctl replace */
import type { Command } from "commander";
import { addChangeFlags, addFileFlags, validateOption } from "../../changes/flags.ts";
import type { Environment } from "../../environment.ts";
import { globalOptions, parseDuration } from "../../program-options.ts";
import type { ReplaceFlags } from "./run.ts";

export function addReplace(program: Command, environment: Environment): void {
  const command = program
    .command("replace")
    .description("make objects exactly what files say; what a file leaves out is taken away")
    .option("--subresource <name>", "replace this part of it: status, scale")
    .option("--force", "delete the object and make it anew, for fields that cannot change")
    .option("--timeout <duration>", "with --force: how long to wait until the old one is gone", parseDuration, 60_000)
    .addOption(validateOption());
  addChangeFlags(addFileFlags(command))
    .addHelpText(
      "after",
      "\nA file with metadata.resourceVersion replaces only that version: what others changed meanwhile is never lost.\n\nExamples:\n  orchctl get deploy/web -o yaml > web.yaml   # change it, then:\n  orchctl replace -f web.yaml\n  orchctl replace --force -f pod.yaml",
    )
    .action(async (flags: ReplaceFlags, own: Command) => {
      const { runReplace } = await import("./run.ts");
      await runReplace(flags, globalOptions(own), environment);
    });
}
