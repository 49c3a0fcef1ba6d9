/** orchctl config */
import type { Command } from "commander";
import type { Environment } from "../../environment.ts";
import { globalOptions, outputOption } from "../../program-options.ts";
import type { ViewFlags } from "./run.ts";

export function addConfig(program: Command, environment: Environment): void {
  const config = program
    .command("config")
    .description("contexts: which clusters there are and which one is meant")
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl config get-contexts\n  orchctl config use-context prod\n  orchctl config set-context --current -n shop     the namespace to use where no -n is given\n  orchctl config import admin.yaml",
    );
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
    .option("--server <host:port>", "where its control plane is now")
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl config set-context --current -n shop\n  orchctl config set-context prod --server control.example.com:7443",
    )
    .action(async (name: string | undefined, options: { server?: string }, command: Command) =>
      (await run()).setContext(name, options, globalOptions(command), environment),
    );
  config
    .command("rename-context")
    .description("give a context another name")
    .argument("<old>")
    .argument("<new>")
    .addHelpText("after", "\nExamples:\n  orchctl config rename-context local laptop")
    .action(async (from: string, to: string, _options: unknown, command: Command) =>
      (await run()).renameContext(from, to, globalOptions(command), environment),
    );
  config
    .command("view")
    .description("print the context file; keys are left out")
    .option("--minify", "only the current context (or that of --context)")
    .option("--raw", "with the private keys")
    .addOption(outputOption("json", "yaml"))
    .addHelpText("after", "\nExamples:\n  orchctl config view\n  orchctl config view --minify --raw > ci.yaml")
    .action(async (options: ViewFlags, command: Command) =>
      (await run()).viewConfig(options, globalOptions(command), environment),
    );
  config
    .command("get-clusters")
    .description("list the clusters that contexts are for")
    .addHelpText("after", "\nExamples:\n  orchctl config get-clusters")
    .action(async (_options: unknown, command: Command) =>
      (await run()).getClusters(globalOptions(command), environment),
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
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl config import admin.yaml\n\nA context of the same name and cluster with another user stays: the new one is called USER@NAME.",
    )
    .action(async (file: string, _options: unknown, command: Command) =>
      (await import("./import.ts")).importContexts(file, globalOptions(command), environment),
    );
  config
    .command("renew")
    .description("renew the certificate in a context, before it expires or when the cluster's authority is replaced")
    .argument("[name]", "a context (default: the current one)")
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl config renew\n  orchctl config renew prod\n\nAn administrator's is good for as long as it was again; anybody else's ends when it would have: ask for a longer one.",
    )
    .action(async (name: string | undefined, _options: unknown, command: Command) => {
      const { renewContext } = await import("./renew.ts");
      await renewContext(name, globalOptions(command), environment);
    });
}
