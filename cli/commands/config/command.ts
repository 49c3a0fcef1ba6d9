/** orchctl config */
import type { Command } from "commander";
import type { Environment } from "../../environment.ts";
import { globalOptions } from "../../program-options.ts";

export function addConfig(program: Command, environment: Environment): void {
  const config = program.command("config").description("contexts: which clusters there are and which one is meant");
  const run = async (): Promise<typeof import("./run.ts")> => import("./run.ts");
  config
    .command("get-contexts")
    .description("list contexts")
    .option("-o, --output <format>", "name, json")
    .action(async (options: { output?: string }, command: Command) =>
      (await run()).getContexts(options.output, globalOptions(command), environment),
    );
  config
    .command("current-context")
    .description("print the current context's name")
    .action(async (_options: unknown, command: Command) =>
      (await run()).printCurrent(globalOptions(command), environment),
    );
  config
    .command("use-context")
    .description("make a context the current one")
    .argument("<name>")
    .action(async (name: string, _options: unknown, command: Command) =>
      (await run()).useContext(name, globalOptions(command), environment),
    );
  config
    .command("set-context")
    .description("change a context; --current is the current one")
    .argument("[name]")
    .option("--current", "the current context")
    .action(async (name: string | undefined, _options: unknown, command: Command) =>
      (await run()).setNamespace(name, globalOptions(command), environment),
    );
  config
    .command("delete-context")
    .description("forget a context")
    .argument("<name>")
    .action(async (name: string, _options: unknown, command: Command) =>
      (await run()).deleteContext(name, globalOptions(command), environment),
    );
  config
    .command("import")
    .description("add the contexts of another context file, such as a control plane's admin.yaml")
    .argument("<file>")
    .action(async (file: string, _options: unknown, command: Command) =>
      (await run()).importContexts(file, globalOptions(command), environment),
    );
}
