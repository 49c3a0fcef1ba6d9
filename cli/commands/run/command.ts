/** orchctl run */
import { type Command, Option } from "commander";
import type { Environment } from "../../environment.ts";
import { afterDashes, collect, globalOptions, parseCount, parseDuration } from "../../program-options.ts";
import type { RunOptions } from "./run.ts";

export function addRun(program: Command, environment: Environment): void {
  program
    .command("run")
    .description("run one pod: its output is printed, its exit code is ours")
    .argument("<image>", "image, or NAME --image IMAGE")
    .argument("[arguments...]", "arguments for the image's entrypoint; without one, the command to run")
    .option("--command", "run the arguments themselves, instead of the image's entrypoint")
    .option("--image <image>", "then the first argument is the pod's name")
    .option("--name <name>", "the pod's name (default: made from the image)")
    .option("--rm", "remove the pod afterwards")
    .option("-d, --detach", "do not wait; keep it running")
    .addOption(
      new Option("--restart <policy>", "when to start the container again")
        .choices(["Never", "OnFailure", "Always"])
        .default("Never"),
    )
    .option("-e, --env <NAME=value>", "environment; may repeat", collect, [])
    .option("-l, --labels <labels>", "labels as a=b,c=d")
    .option("--port <port>", "port the container listens on", parseCount(1))
    .addOption(
      new Option("--image-pull-policy <policy>", "when to fetch the image").choices([
        "Always",
        "IfNotPresent",
        "Never",
      ]),
    )
    .option("--timeout <duration>", "how long it may take to start", parseDuration, 120_000)
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl run --rm busybox:1 -- echo hello\n  orchctl run web --image nginx:1 -d --port 80",
    )
    .action(async (first: string, words: string[], options: RunOptions, command: Command) => {
      const { runRun } = await import("./run.ts");
      await runRun(first, afterDashes(words), options, globalOptions(command), environment);
    });
}
