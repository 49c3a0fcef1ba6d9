/** orchctl stats */
import type { Command } from "commander";
import type { Environment } from "../../environment.ts";
import { globalOptions } from "../../program-options.ts";
import type { StatsFlags } from "./run.ts";

export function addStats(program: Command, environment: Environment): void {
  program
    .command("stats")
    .description("what containers use, again and again")
    .argument("[pods...]", "only these pods")
    .option("-A, --all-namespaces", "of all namespaces")
    .option("-l, --selector <labels>", "only of pods with these labels")
    .option("--no-stream", "once")
    .option("--format <template>", "as '{{.Name}} {{.CPUPerc}} {{.MemUsage}}', 'table …' or json")
    .addHelpText(
      "after",
      "\nThe nodes are asked while you look: processor time is that of the last seconds, network and disk count from the container's start.\n\nExamples:\n  orchctl stats\n  orchctl stats web db --no-stream\n  orchctl stats -A --no-stream --format json",
    )
    .action(async (pods: string[], flags: StatsFlags, own: Command) => {
      const { runStats } = await import("./run.ts");
      await runStats(pods, flags, globalOptions(own), environment);
    });
}
