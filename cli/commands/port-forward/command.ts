/** orchctl port-forward */
import type { Command } from "commander";
import type { Environment } from "../../environment.ts";
import { globalOptions } from "../../program-options.ts";
import type { ForwardOptions } from "./run.ts";

export function addPortForward(program: Command, environment: Environment): void {
  program
    .command("port-forward")
    .description("reach ports of a pod on this machine")
    .argument("<pod>", "POD, or KIND/NAME such as deployment/web")
    .argument("<ports...>", "[LOCAL:]REMOTE; LOCAL left empty or 0 = any free one")
    .option("--address <ip>", "local address to listen on", "127.0.0.1")
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl port-forward deployment/web 8080:80\n  orchctl port-forward web-1 :5432",
    )
    .action(async (pod: string, ports: string[], options: ForwardOptions, command: Command) => {
      const { runPortForward } = await import("./run.ts");
      await runPortForward(pod, ports, options, globalOptions(command), environment);
    });
}
