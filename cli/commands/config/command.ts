/** orchctl config */
import type { Command } from "commander";
import type { Environment } from "../../environment.ts";
import { globalOptions, outputOption } from "../../program-options.ts";

export function addConfig(program: Command, environment: Environment): void {
  const config = program.command("config").description("contexts: which clusters there are and which one is meant");
  const run = async (): Promise<typeof import("./run.ts")> => import("./run.ts");
  config
    .command("get-contexts")
    .description("list contexts")
    .addOption(outputOption("name", "json"))
    .addHelpText("after", "\nExamples:\n  orchctl config get-contexts\n  orchctl config get-contexts -o name")
    .action(async (options: { output?: string }, command: Command) =>
      (await run()).getContexts(options.output, globalOptions(command), environment),
    );
  config
    .command("current-context")
    .description("print the current context's name")
    .addHelpText("after", "\nExamples:\n  orchctl config current-context")
    .action(async (_options: unknown, command: Command) =>
      (await run()).printCurrent(globalOptions(command), environment),
    );
  config
    .command("use-context")
    .description("make a context the current one")
    .argument("<name>")
    .addHelpText("after", "\nExamples:\n  orchctl config use-context prod")
    .action(async (name: string, _options: unknown, command: Command) =>
      (await run()).useContext(name, globalOptions(command), environment),
    );
  config
    .command("set-context")
    .description("change a context; --current is the current one")
    .argument("[name]")
    .option("--current", "the current context")
    .addHelpText("after", "\nExamples:\n  orchctl config set-context --current -n shop")
    .action(async (name: string | undefined, _options: unknown, command: Command) =>
      (await run()).setNamespace(name, globalOptions(command), environment),
    );
  config
    .command("delete-context")
    .description("forget a context")
    .argument("<name>")
    .addHelpText("after", "\nExamples:\n  orchctl config delete-context test")
    .action(async (name: string, _options: unknown, command: Command) =>
      (await run()).deleteContext(name, globalOptions(command), environment),
    );
  config
    .command("import")
    .description("add the contexts of another context file, such as a control plane's admin.yaml")
    .argument("<file>")
    .addHelpText("after", "\nExamples:\n  orchctl config import admin.yaml")
    .action(async (file: string, _options: unknown, command: Command) =>
      (await run()).importContexts(file, globalOptions(command), environment),
    );
}
