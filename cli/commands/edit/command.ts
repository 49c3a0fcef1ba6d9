/** orchctl edit */
import type { Command } from "commander";
import { addChangeFlags, validateOption } from "../../changes/flags.ts";
import type { Environment } from "../../environment.ts";
import { globalOptions } from "../../program-options.ts";
import type { EditFlags } from "./run.ts";

export function addEdit(program: Command, environment: Environment): void {
  const command = program
    .command("edit")
    .description("change an object in your editor ($ORCH_EDITOR, $VISUAL, $EDITOR, else vi)")
    .argument("<target...>", "KIND/NAME, or KIND NAME …")
    .addOption(validateOption());
  addChangeFlags(command)
    .addHelpText(
      "after",
      "\nWhat is refused opens again with the reasons on top; what others change meanwhile is kept. Nothing you wrote is lost.\n\nExamples:\n  orchctl edit deployment/web\n  EDITOR='code --wait' orchctl edit cm settings",
    )
    .action(async (words: string[], flags: EditFlags, own: Command) => {
      const { runEdit } = await import("./run.ts");
      await runEdit(words, flags, globalOptions(own), environment);
    });
}
