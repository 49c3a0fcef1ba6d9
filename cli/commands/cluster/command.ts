/** orchctl cluster */
import type { Command } from "commander";
import type { Environment } from "../../environment.ts";
import { collect, globalOptions, outputOption, parseCount, parseDuration } from "../../program-options.ts";
import type { DownFlags, StatusFlags, UpFlags } from "./run.ts";

export function addCluster(program: Command, environment: Environment): void {
  const cluster = program.command("cluster").description("start, stop and look at clusters");
  cluster
    .command("up")
    .description("start a local cluster: real nodes in namespaces of this machine")
    .option("--name <name>", "the cluster's name", "local")
    .option("--nodes <count>", "how many nodes", parseCount(1), 3)
    .option("--plain-http-registry <host>", "a registry to reach without TLS; may repeat (at creation)", collect, [])
    .option("--no-wait", "do not wait until all nodes are ready")
    .option("--timeout <duration>", "how long to wait", parseDuration, 120_000)
    .addOption(outputOption("json"))
    .addHelpText(
      "after",
      "\nExamples:\n  sudo orchctl cluster up\n  sudo orchctl cluster up --name test --nodes 5\n\nRun again, it changes nothing that is right; after a reboot it starts the cluster with its data.",
    )
    .action(async (options: UpFlags, command: Command) => {
      const { runUp } = await import("./run.ts");
      await runUp(options, globalOptions(command), environment);
    });
  cluster
    .command("down")
    .description("stop a local cluster and all it runs; its data stays")
    .option("--name <name>", "the cluster's name", "local")
    .option("--purge", "also remove its data, its context, and changes made to this machine")
    .addHelpText("after", "\nExamples:\n  sudo orchctl cluster down\n  sudo orchctl cluster down --name test --purge")
    .action(async (options: DownFlags, command: Command) => {
      const { runDown } = await import("./run.ts");
      await runDown(options, globalOptions(command), environment);
    });
  cluster
    .command("status")
    .description("how the cluster is, what is wrong and what to do; exits with 1 when something is")
    .addHelpText("after", "\nExamples:\n  orchctl cluster status\n  orchctl cluster status --context prod -o json")
    .addOption(outputOption("json"))
    .action(async (options: StatusFlags, command: Command) => {
      const { runStatus } = await import("./status.ts");
      await runStatus(options, globalOptions(command), environment);
    });
}
