/** orchctl run */
import { type Command, Option } from "commander";
import { dryRunOption } from "../../changes/flags.ts";
import type { Environment } from "../../environment.ts";
import { objectOutputOption } from "../../printers/formats.ts";
import { afterDashes, collect, globalOptions, parseCount, parseDuration } from "../../program-options.ts";
import { addDockerFlags } from "./docker-flags.ts";
import type { RunOptions } from "./run-options.ts";

const examples = `
Examples:
  orchctl run --rm busybox:1 echo hello
  orchctl run -it --rm busybox:1 sh
  cat data | orchctl run -i --rm busybox:1 wc -l
  orchctl run web --image nginx:1 -d --port 80
  orchctl run -d --name db -e POSTGRES_PASSWORD=x -v /var/lib/postgresql/data --memory 1g postgres:16
  orchctl run -d --restart always --cap-drop ALL --read-only --tmpfs /tmp example/app:2
  orchctl run --name web nginx:1 --dry-run=client -o yaml > web.yaml

Flags stand before the command; what follows its first word is its own. Flags of docker run that have no meaning here are refused with what to do instead.`;

export function addRun(program: Command, environment: Environment): void {
  const run = program
    .command("run")
    .description("run one pod: its output is printed, its exit code is ours")
    .argument("<image>", "image, or NAME --image IMAGE")
    .argument("[arguments...]", "arguments for the image's entrypoint; without one, the command to run")
    .option("--command", "run the arguments themselves, instead of the image's entrypoint")
    .option("--image <image>", "then the first argument is the pod's name")
    .option("--name <name>", "the pod's name (default: made from the image)")
    .option("--rm", "remove the pod afterwards")
    .option("-d, --detach", "do not wait; keep it running")
    .option("-i, --stdin", "pass standard input on, to its end")
    .addOption(new Option("--interactive").hideHelp())
    .option("-t, --tty", "a terminal in the container")
    .option("--detach-keys <keys>", "leave a terminal with these, the pod goes on (default: ctrl-p,ctrl-q)")
    .addOption(new Option("--sig-proxy", "as ever").hideHelp())
    .option("--restart <policy>", "when to start the container again: no, on-failure, always, unless-stopped", "Never")
    .option("-e, --env <NAME=value>", "environment; NAME alone passes ours on; may repeat", collect, [])
    .option("-l, --labels <labels>", "labels as a=b,c=d; may repeat", collect)
    .addOption(new Option("--label <label>", "a label; may repeat").argParser(collect).hideHelp())
    .option("--port <port>", "port the container listens on", parseCount(1))
    .addOption(
      new Option("--image-pull-policy <policy>", "when to fetch the image")
        .choices(["Always", "IfNotPresent", "Never"])
        .hideHelp(),
    );
  addDockerFlags(run)
    .addOption(dryRunOption())
    .addOption(objectOutputOption())
    .option("--timeout <duration>", "how long it may take to start", parseDuration, 120_000)
    .addHelpText("after", examples)
    .action(async (first: string, words: string[], flags: Flags, command: Command) => {
      const { runRun } = await import("./run.ts");
      await runRun(first, afterDashes(words), optionsOf(flags), globalOptions(command), environment);
    });
}

interface Flags extends RunOptions {
  readonly interactive?: boolean;
  readonly label?: readonly string[];
  readonly imagePullPolicy?: RunOptions["pull"];
}

/** kubectl's and Docker's spellings of the same thing become one. */
function optionsOf({ label, imagePullPolicy, interactive, ...flags }: Flags): RunOptions {
  const labels = [...(flags.labels ?? []), ...(label ?? [])];
  const pull = flags.pull ?? imagePullPolicy;
  const stdin = flags.stdin ?? interactive;
  return {
    ...flags,
    ...(stdin !== undefined && { stdin }),
    ...(labels.length > 0 && { labels }),
    ...(pull !== undefined && { pull }),
  };
}
