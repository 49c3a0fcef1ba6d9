/** orchctl scale */
import type { Command } from "commander";
import type { Environment } from "../../environment.ts";
import { globalOptions, parseCount, parseDuration } from "../../program-options.ts";
import type { ScaleOptions } from "./run.ts";

export function addScale(program: Command, environment: Environment): void {
  program
    .command("scale")
    .description("set how many copies of a workload run")
    .argument("<target...>", "deployment/NAME, or KIND NAME; several as KIND/NAME KIND/NAME")
    .requiredOption("--replicas <count>", "wanted copies", parseCount(0))
    .option("--current-replicas <count>", "only when there are this many now", parseCount(0))
    .option("--wait", "wait until they are ready")
    .option("--timeout <duration>", "how long to wait", parseDuration, 300_000)
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl scale deployment/web --replicas 10\n  orchctl scale deploy web --replicas 0 --wait",
    )
    .action(async (words: string[], options: ScaleOptions, command: Command) => {
      const { runScale } = await import("./run.ts");
      await runScale(words, options, globalOptions(command), environment);
    });
}
