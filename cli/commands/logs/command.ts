/** orchctl logs */
import { type Command, InvalidArgumentError } from "commander";
import type { Environment } from "../../environment.ts";
import { globalOptions, parseCount, parseDuration } from "../../program-options.ts";
import type { LogsOptions } from "./run.ts";

function parseInstant(text: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new InvalidArgumentError(`"${text}" is no time; write it as 2026-11-21T12:00:00Z.`);
  return ms;
}

export function addLogs(program: Command, environment: Environment): void {
  program
    .command("logs")
    .description("what a container wrote")
    .argument("[pod]", "POD, or KIND/NAME such as deployment/web")
    .option("-c, --container <name>", "which container (default: the first)")
    .option("--all-containers", "of all containers, those that prepare the pod too")
    .option("-l, --selector <labels>", "of all pods with these labels")
    .option("--all-pods", "of all pods of a workload, with --prefix")
    .option("--prefix", "name pod and container before each line")
    .option("-f, --follow", "keep printing what comes")
    .option("-p, --previous", "of the container's last run")
    .option("--since <duration>", "only of the last 5m, 1h …", parseDuration)
    .option("--since-time <time>", "only from then on, as 2026-11-21T12:00:00Z", parseInstant)
    .option("--gone", "of a pod that is gone: kept on its node for a day, up to 1 GiB a node")
    .option("--tail <lines>", "only the last lines", parseCount(0))
    .option("--timestamps", "the time of each line")
    .option("--limit-bytes <bytes>", "stop after so many bytes", parseCount(1))
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl logs web-1 -f\n  orchctl logs deployment/web --tail 20\n  orchctl logs deployment/web --all-pods -f\n  orchctl logs web-1 -c sidecar --previous\n  orchctl logs -l app=web --all-containers --prefix",
    )
    .action(async (pod: string | undefined, options: LogsOptions, command: Command) => {
      const { runLogs } = await import("./run.ts");
      await runLogs(pod, options, globalOptions(command), environment);
    });
}
