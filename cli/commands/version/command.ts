/** orchctl version */
import type { Command } from "commander";
import { version } from "#proto/kit/version.ts";
import type { Environment } from "../../environment.ts";
import { globalOptions, outputOption } from "../../program-options.ts";

export function addVersion(program: Command, environment: Environment): void {
  program
    .command("version")
    .description("print the versions of orchctl and of the control plane")
    .option("--client", "only orchctl's own")
    .addOption(outputOption("json"))
    .addHelpText("after", "\nExamples:\n  orchctl version --client\n  orchctl version -o json")
    .action(async (options: { client?: boolean; output?: string }, command: Command) => {
      const { client, output } = options;
      if (client && output === undefined) return environment.out.write(`client: ${version}\n`);
      const { runVersion } = await import("./run.ts");
      return runVersion({ client: client === true, output }, globalOptions(command), environment);
    });
}
