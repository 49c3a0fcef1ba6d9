/** orchctl explain, api-resources */
import type { Command } from "commander";
import type { Environment } from "../../environment.ts";
import { outputOption } from "../../program-options.ts";
import type { ApiResourcesFlags, ExplainFlags } from "./run.ts";

export function addExplain(program: Command, environment: Environment): void {
  program
    .command("explain")
    .description("what a kind or field means, and whether Orch acts on it")
    .argument("<path>", "KIND or KIND.FIELD.FIELD…, as pod.spec.containers")
    .option("--recursive", "all fields below, as a tree")
    .addOption(outputOption("json"))
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl explain pod\n  orchctl explain deployment.spec.strategy\n  orchctl explain pod.spec.containers --recursive",
    )
    .action(async (path: string, options: ExplainFlags) => {
      const { runExplain } = await import("./run.ts");
      await runExplain(path, options, environment);
    });
}

export function addApiResources(program: Command, environment: Environment): void {
  program
    .command("api-resources")
    .description("the kinds there are, and how they are called")
    .option("--levels", "how many fields of each kind work, have no effect, or are refused")
    .addOption(outputOption("name", "json"))
    .addHelpText("after", "\nExamples:\n  orchctl api-resources\n  orchctl api-resources --levels")
    .action(async (options: ApiResourcesFlags) => {
      const { runApiResources } = await import("./run.ts");
      runApiResources(options, environment);
    });
}
