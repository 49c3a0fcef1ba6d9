/** orchctl version */
import type { Command } from "commander";
import type { Environment } from "../../environment.ts";
import { globalOptions } from "../../program-options.ts";
import { version } from "../../version.ts";

export function addVersion(program: Command, environment: Environment): void {
  program
    .command("version")
    .description("print the versions of orchctl and of the control plane")
    .option("--client", "only orchctl's own")
    .option("-o, --output <format>", "json")
    .action(async (options: { client?: boolean; output?: string }, command: Command) => {
      const print = (versions: Record<string, string>): void => {
        if (options.output === "json") environment.out.write(`${JSON.stringify(versions)}\n`);
        else for (const [name, text] of Object.entries(versions)) environment.out.write(`${name}: ${text}\n`);
      };
      if (options.client) return print({ client: version });
      const { serverVersion } = await import("./run.ts");
      return print({ client: version, server: await serverVersion(globalOptions(command), environment) });
    });
}
