/** orchctl user */
import type { Command } from "commander";
import type { Environment } from "../../environment.ts";
import { collect, globalOptions, parseDuration } from "../../program-options.ts";
import type { AddUserFlags } from "./run.ts";

export function addUser(program: Command, environment: Environment): void {
  const user = program
    .command("user")
    .description("people and tools that may use the cluster")
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl user add ana --group orch:viewers\n  orchctl user add ci --group orch:editors --ttl 30d --file ci.yaml",
    );
  user
    .command("add")
    .description("give a person or tool a certificate, as a context file to hand over")
    .argument("<name>", "who it is: what events, managed fields and refusals will say")
    .requiredOption("--group <group>", "what it may do; may repeat", collect)
    .option("--ttl <duration>", "how long it is good: at most 365d", parseDuration, 90 * 24 * 3_600_000)
    .option("--file <file>", 'where to write the context file; "-" is standard output (default: NAME.yaml)')
    .addHelpText(
      "after",
      `
Groups:
  orch:viewers     may read everything but Secrets
  orch:editors     may change everything but the cluster itself and kube-system's Secrets
  system:masters   may do everything

Examples:
  orchctl user add ana --group orch:viewers
  orchctl user add ci --group orch:editors --ttl 30d --file ci.yaml

The other side runs: orchctl config import ana.yaml
The key is made here and is nowhere but in that file (mode 0600): hand it over on a safe way and remove it.`,
    )
    .action(async (name: string, options: AddUserFlags, command: Command) => {
      const { addUserContext } = await import("./run.ts");
      await addUserContext(name, options, globalOptions(command), environment);
    });
}
