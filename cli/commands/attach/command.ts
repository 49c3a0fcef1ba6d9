/** orchctl attach */
import type { Command } from "commander";
import type { Environment } from "../../environment.ts";
import { globalOptions } from "../../program-options.ts";
import { defaultDetachKeys } from "./detach-keys.ts";
import type { AttachOptions } from "./run.ts";

export function addAttach(program: Command, environment: Environment): void {
  program
    .command("attach")
    .description("join the streams of a running container; exits with its code")
    .argument("<pod>", "POD, or KIND/NAME such as deployment/web")
    .option("-c, --container <name>", "which container (default: the first)")
    .option("-i, --stdin", "pass standard input on, if the container takes any")
    .option("-t, --tty", "our terminal is the container's, if it has one")
    .option("--detach-keys <keys>", "leave a terminal with these, the container goes on", defaultDetachKeys)
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl attach web-1              its output from now on; Ctrl-C leaves\n  orchctl attach -it shell          its terminal; Ctrl-P Ctrl-Q leaves\n  echo go | orchctl attach -i worker-1",
    )
    .action(async (pod: string, options: AttachOptions, command: Command) => {
      const { runAttach } = await import("./run.ts");
      await runAttach(pod, options, globalOptions(command), environment);
    });
}
