/** orchctl cluster ca */
import type { Command } from "commander";
import type { Environment } from "../../environment.ts";
import { globalOptions, outputOption, parseDuration } from "../../program-options.ts";
import type { FinishFlags, RotateFlags, StatusFlags } from "./run.ts";

export function addAuthority(cluster: Command, environment: Environment): void {
  const ca = cluster
    .command("ca")
    .description("the cluster's certificate authority, and replacing it")
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl cluster ca status\n  orchctl cluster ca rotate\n  orchctl cluster ca finish",
    );
  const run = async (): Promise<typeof import("./run.ts")> => import("./run.ts");
  ca.command("status")
    .description("which authority signs, and who has a certificate of it")
    .addOption(outputOption("json"))
    .addHelpText("after", "\nExamples:\n  orchctl cluster ca status")
    .action(async (options: StatusFlags, command: Command) =>
      (await run()).printStatus(options, globalOptions(command), environment),
    );
  ca.command("rotate")
    .description("have a new authority sign everything, with nothing restarted and no request dropped")
    .option(
      "--window <duration>",
      "how long the old authority is trusted beside it",
      parseDuration,
      30 * 24 * 3_600_000,
    )
    .option("--no-wait", "do not wait until the nodes are there")
    .option("--timeout <duration>", "how long to wait", parseDuration, 300_000)
    .addHelpText(
      "after",
      `
Examples:
  orchctl cluster ca rotate
  orchctl cluster ca rotate --window 7d --no-wait
  orchctl cluster ca finish

The new authority is signed by the old one too: whoever trusts only the old one goes on working. All nodes that are connected get new
certificates at once; those that are not, when they come back, within the window. This context is renewed; other people run
"orchctl config renew". The old authority is dropped by "orchctl cluster ca finish", or when the window ends.
It can be interrupted at any moment: it goes on by itself, and run again it only waits.`,
    )
    .action(async (options: RotateFlags, command: Command) =>
      (await run()).rotate(options, globalOptions(command), environment),
    );
  ca.command("finish")
    .description("drop the old authority; refused while somebody depends on it")
    .option(
      "--force",
      "also when somebody does: machines come back by themselves within 30 days, people need new contexts",
    )
    .addHelpText("after", "\nExamples:\n  orchctl cluster ca finish\n  orchctl cluster ca finish --force")
    .action(async (options: FinishFlags, command: Command) =>
      (await run()).finish(options, globalOptions(command), environment),
    );
}
