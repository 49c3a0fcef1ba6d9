/** orchctl scale */
import type { Command } from "commander";
import { addChangeFlags, addSelectFlags } from "../../changes/flags.ts";
import type { Environment } from "../../environment.ts";
import { globalOptions, parseCount, parseDuration } from "../../program-options.ts";
import type { ScaleOptions } from "./run.ts";

export function addScale(program: Command, environment: Environment): void {
  const command = program
    .command("scale")
    .description("set how many copies of a workload run")
    .argument("[target...]", "deployment/NAME, or KIND NAME; several as KIND/NAME KIND/NAME")
    .requiredOption("--replicas <count>", "wanted copies", parseCount(0))
    .option(
      "--current-replicas <count>",
      "only when there are this many now, and nobody changes it meanwhile",
      parseCount(0),
    )
    .option("--resource-version <version>", "only when the object is still at this version")
    .option("--wait", "wait until they are ready")
    .option("--timeout <duration>", "how long to wait", parseDuration, 300_000);
  addChangeFlags(addSelectFlags(command))
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl scale deployment/web --replicas 10\n  orchctl scale deploy web --replicas 0 --wait\n  orchctl scale deployments -l tier=batch --replicas 0\n  orchctl scale deploy/web --current-replicas 2 --replicas 3",
    )
    .action(async (words: string[], options: ScaleOptions, command: Command) => {
      const { runScale } = await import("./run.ts");
      await runScale(words, options, globalOptions(command), environment);
    });
}
