/** orchctl taint */
import type { Command } from "commander";
import { addChangeFlags } from "../../changes/flags.ts";
import type { Environment } from "../../environment.ts";
import { globalOptions } from "../../program-options.ts";
import type { TaintFlags } from "./run.ts";

export function addTaint(program: Command, environment: Environment): void {
  const command = program
    .command("taint")
    .description("keep pods off nodes, unless they tolerate it")
    .argument("[words...]", "node NAME …, then KEY[=VALUE]:EFFECT to set, KEY[:EFFECT]- to remove")
    .option("--overwrite", "replace a taint of the same key and effect that has another value")
    .option("-l, --selector <labels>", "all nodes with these labels")
    .option("--all", "all nodes");
  addChangeFlags(command)
    .addHelpText(
      "after",
      "\nEffects: NoSchedule keeps new pods off, PreferNoSchedule avoids the node, NoExecute also ends pods that run there.\n\nExamples:\n  orchctl taint node node-1 dedicated=database:NoSchedule\n  orchctl taint nodes -l rack=7 power=failing:NoExecute\n  orchctl taint node node-1 dedicated-",
    )
    .action(async (words: string[], flags: TaintFlags, own: Command) => {
      const { runTaint } = await import("./run.ts");
      await runTaint(words, flags, globalOptions(own), environment);
    });
}
