/** orchctl cluster key */
import type { Command } from "commander";
import type { Environment } from "../../environment.ts";
import { globalOptions, outputOption, parseDuration } from "../../program-options.ts";
import type { RotateFlags, StatusFlags } from "./run.ts";

export function addSealingKey(cluster: Command, environment: Environment): void {
  const key = cluster
    .command("key")
    .description("the key that seals Secrets at rest, and replacing it")
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl cluster key status\n  orchctl cluster key rotate\n  orchctl cluster key finish",
    );
  const run = async (): Promise<typeof import("./run.ts")> => import("./run.ts");
  key
    .command("status")
    .description("which key seals, what is still sealed with another one, and which control plane has which")
    .addOption(outputOption("json"))
    .addHelpText("after", "\nExamples:\n  orchctl cluster key status\n  orchctl cluster key status -o json")
    .action(async (options: StatusFlags, command: Command) =>
      (await run()).printStatus(options, globalOptions(command), environment),
    );
  key
    .command("rotate")
    .description("seal everything with a new key while the cluster runs")
    .option("--finish", "then drop the old key, too")
    .option("--no-wait", "do not wait until everything is sealed anew")
    .option("--timeout <duration>", "how long to wait", parseDuration, 600_000)
    .addHelpText(
      "after",
      `
Examples:
  orchctl cluster key rotate
  orchctl cluster key rotate --no-wait
  orchctl cluster key finish

Every control plane gets the new key, sealed under the old one, and puts it into its key file; then everything is sealed with it, old values
too, and no Secret is unreadable meanwhile. It can be interrupted at any moment: it goes on by itself, and run again it only waits. A control
plane that is off gets the new key when it starts, until the old key is dropped by "orchctl cluster key finish".
Backups carry the keys that open them: those of before stay good.`,
    )
    .action(async (options: RotateFlags, command: Command) =>
      (await run()).rotate(options, globalOptions(command), environment),
    );
  key
    .command("finish")
    .description("drop the old key from all key files; refused while anything or anybody needs it")
    .addHelpText("after", "\nExamples:\n  orchctl cluster key finish")
    .action(async (_options: object, command: Command) => (await run()).finish(globalOptions(command), environment));
}
