/** orchctl label, annotate */
import type { Command } from "commander";
import { addChangeFlags, addSelectFlags } from "../../changes/flags.ts";
import type { Environment } from "../../environment.ts";
import { globalOptions } from "../../program-options.ts";
import type { LabelFlags } from "./run.ts";

const verbs = {
  label: {
    ...{ what: "labels", example: "tier=front" },
    help: "labels: short words that select objects",
  },
  annotate: {
    ...{ what: "annotations", example: "example.com/owner='team a'" },
    help: "annotations: notes that nothing selects by",
  },
} as const;

const add =
  (verb: keyof typeof verbs) =>
  (program: Command, environment: Environment): void => {
    const { what, help, example } = verbs[verb];
    const command = program
      .command(verb)
      .description(`set and remove ${help}`)
      .argument("[words...]", "KIND NAME … or KIND/NAME …, then KEY=VALUE to set and KEY- to remove")
      .option("--overwrite", `replace ${what} that have another value`)
      .option("--list", `only show the ${what} there are`)
      .option("--resource-version <version>", "only when the object is still at this version");
    addChangeFlags(addSelectFlags(command))
      .addHelpText(
        "after",
        `\nExamples:\n  orchctl ${verb} pod web-1 ${example}\n  orchctl ${verb} deploy/web deploy/api ${example} --overwrite\n  orchctl ${verb} pods -l app=web ${example.split("=")[0]}-\n  orchctl ${verb} node node-1 --list`,
      )
      .action(async (words: string[], flags: LabelFlags, own: Command) => {
        const { runLabel } = await import("./run.ts");
        await runLabel(verb, words, { flags, global: globalOptions(own), environment });
      });
  };

export const addLabel = add("label");
export const addAnnotate = add("annotate");
