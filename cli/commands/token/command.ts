/** orchctl token */
import type { Command } from "commander";
import type { Environment } from "../../environment.ts";
import { globalOptions, outputOption, parseCount, parseDuration } from "../../program-options.ts";
import type { CreateFlags } from "./run.ts";

export function addToken(program: Command, environment: Environment): void {
  const token = program
    .command("token")
    .description("tokens by which machines join")
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl token list\n  orchctl token create --ttl 8h --uses 20\n  orchctl token revoke abcdefghij",
    );
  const run = async (): Promise<typeof import("./run.ts")> => import("./run.ts");
  token
    .command("list")
    .description("all tokens of late: for how many machines, until when, who used them")
    .addOption(outputOption("json"))
    .addHelpText("after", "\nExamples:\n  orchctl token list")
    .action(async (options: { output?: string }, command: Command) =>
      (await run()).listTokens(options.output, globalOptions(command), environment),
    );
  token
    .command("create")
    .description("make a token; it is shown this once")
    .option("--ttl <duration>", "how long it is good: at most 30d", parseDuration, 3_600_000)
    .option("--uses <count>", "how many machines may use it", parseCount(1), 1)
    .option("--description <text>", "what for", "")
    .addOption(outputOption("json"))
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl token create --ttl 8h --uses 20 --description 'rack 4'\n\norchctl node join prints the whole command for a machine.",
    )
    .action(async (options: CreateFlags, command: Command) =>
      (await run()).createToken(options, globalOptions(command), environment),
    );
  token
    .command("revoke")
    .description("make tokens good for nothing; machines that joined with them stay")
    .argument("<ids...>", "as orchctl token list shows them")
    .addHelpText("after", "\nExamples:\n  orchctl token revoke abcdefghij")
    .action(async (ids: string[], _options: unknown, command: Command) =>
      (await run()).revokeTokens(ids, globalOptions(command), environment),
    );
}
