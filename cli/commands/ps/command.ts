/** orchctl ps */
import type { Command } from "commander";
import type { Environment } from "../../environment.ts";
import { collect, globalOptions, parseCount } from "../../program-options.ts";
import type { PsFlags } from "./run.ts";

export function addPs(program: Command, environment: Environment): void {
  program
    .command("ps")
    .description("containers of all nodes: those that run, or all")
    .option("-a, --all", "also those that have ended, wait or were stopped")
    .option("-q, --quiet", "only the names of their pods, for other commands")
    .option("-A, --all-namespaces", "of all namespaces")
    .option("-l, --selector <labels>", "only of pods with these labels")
    .option("-f, --filter <NAME=value>", "name, pod, node, status, ancestor, label, id; may repeat", collect)
    .option("--format <template>", "as '{{.Names}} {{.Status}}', 'table {{.Names}}\\t{{.Node}}' or json")
    .option("--last <number>", "the newest ones, whatever their state", parseCount(1))
    .option("--latest", "the newest one, whatever its state")
    .option("--no-trunc", "commands in full")
    .option("--size", "how much each has written")
    .option("--no-headers", "no header line")
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl ps\n  orchctl ps -a --filter status=exited\n  orchctl stop $(orchctl ps -q -l run=web)\n  orchctl ps -A --filter node=node-2 --format '{{.Pod}}/{{.Names}} {{.Image}}'",
    )
    .action(async (flags: PsFlags, own: Command) => {
      const { runPs } = await import("./run.ts");
      await runPs(flags, globalOptions(own), environment);
    });
}
