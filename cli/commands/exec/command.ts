/** orchctl exec */
import type { Command } from "commander";
import type { Environment } from "../../environment.ts";
import { afterDashes, globalOptions } from "../../program-options.ts";
import type { ExecOptions } from "./run.ts";

export function addExec(program: Command, environment: Environment): void {
  program
    .command("exec")
    .description("run a command in a container; exits with its code")
    .argument("<pod>", "POD, or KIND/NAME such as deployment/web")
    .argument("<command...>", "what follows its first word is its own, flags too")
    .option("-c, --container <name>", "which container (default: the first)")
    .option("-i, --stdin", "pass standard input on")
    .option("-t, --tty", "a terminal in the container")
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl exec web-1 ls -l /etc\n  orchctl exec -it deployment/web -- sh\n  cat dump.sql | orchctl exec -i db-1 -- psql",
    )
    .action(async (pod: string, words: string[], options: ExecOptions, command: Command) => {
      const { runExec } = await import("./run.ts");
      await runExec(pod, afterDashes(words), options, globalOptions(command), environment);
    });
}
