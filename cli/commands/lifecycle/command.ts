/** orchctl stop, start, restart, pause, unpause, kill, rm: Docker's verbs, for pods and their containers. */
import type { Command } from "commander";
import type { Environment } from "../../environment.ts";
import { globalOptions, parseCount, parseDuration } from "../../program-options.ts";
import type { KillFlags, LifecycleFlags, RemoveFlags } from "./run.ts";

const run = async (): Promise<typeof import("./run.ts")> => import("./run.ts");

const grace = "seconds between the stop signal and SIGKILL (default: the pod's own)";

export function addLifecycle(program: Command, environment: Environment): void {
  addStop(program, environment);
  verb(program, "start", "start what stop has stopped")
    .addHelpText(
      "after",
      "\nA pod that has come to its end by itself stays ended: make it anew.\n\nExamples:\n  orchctl start web\n  orchctl start web -c sidecar",
    )
    .action(async (pods: string[], flags: LifecycleFlags, own: Command) =>
      (await run()).runStart(pods, flags, globalOptions(own), environment),
    );
  verb(program, "restart", "restart containers in place; of a workload, all its pods one after the other")
    .option("-t, --time <seconds>", grace, parseCount(0))
    .addHelpText(
      "after",
      "\nThe pod keeps its name, node, address and volumes; the container's writable layer is made anew.\n\nExamples:\n  orchctl restart web\n  orchctl restart web -c app -t 2\n  orchctl restart deployment/web",
    )
    .action(async (pods: string[], flags: LifecycleFlags, own: Command) =>
      (await run()).runRestart(pods, flags, globalOptions(own), environment),
    );
  verb(program, "pause", "freeze all processes of containers")
    .addHelpText(
      "after",
      "\nA paused container is not ready and not probed. It stays paused across restarts of agent and machine.\n\nExamples:\n  orchctl pause web\n  orchctl unpause web",
    )
    .action(async (pods: string[], flags: LifecycleFlags, own: Command) =>
      (await run()).runPause(pods, flags, globalOptions(own), environment),
    );
  verb(program, "unpause", "let paused containers go on")
    .addHelpText("after", "\nExamples:\n  orchctl unpause web")
    .action(async (pods: string[], flags: LifecycleFlags, own: Command) =>
      (await run()).runUnpause(pods, flags, globalOptions(own), environment),
    );
  addKill(program, environment);
  addRemove(program, environment);
}

function verb(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .argument("<pods...>", "POD or KIND/NAME")
    .option("-c, --container <name>", "only this container (default: all that are to run on)")
    .option("--no-wait", "do not wait until it is so")
    .option("--timeout <duration>", "how long to wait (default: the grace period and a minute)", parseDuration);
}

function addStop(program: Command, environment: Environment): void {
  verb(program, "stop", "stop containers and keep them stopped, until they are started again")
    .option("-t, --time <seconds>", grace, parseCount(0))
    .option("-s, --signal <signal>", "instead of the container's stop signal")
    .addHelpText(
      "after",
      "\nThe pod stays, with its address, volumes and place on its node. What belongs to a workload is scaled instead:\n  orchctl scale deployment/web --replicas 0\n\nExamples:\n  orchctl stop web\n  orchctl stop web db -t 2\n  orchctl stop web -c sidecar",
    )
    .action(async (pods: string[], flags: LifecycleFlags, own: Command) =>
      (await run()).runStop(pods, flags, globalOptions(own), environment),
    );
}

function addKill(program: Command, environment: Environment): void {
  program
    .command("kill")
    .description("send a signal to the first process of a container")
    .argument("<pods...>", "POD or KIND/NAME")
    .option("-c, --container <name>", "which container (default: all that run)")
    .option("-s, --signal <signal>", "as SIGHUP, HUP or 1", "SIGKILL")
    .addHelpText(
      "after",
      "\nWhat ends by it starts again as its restartPolicy says; stop keeps it stopped.\n\nExamples:\n  orchctl kill -s HUP proxy\n  orchctl kill web -c app",
    )
    .action(async (pods: string[], flags: KillFlags, own: Command) =>
      (await run()).runKill(pods, flags, globalOptions(own), environment),
    );
}

function addRemove(program: Command, environment: Environment): void {
  program
    .command("rm")
    .description("delete pods that do not run; with -f those that do, too")
    .argument("<pods...>", "POD or pod/POD")
    .option("-f, --force", "stop them first, with a second's grace")
    .option("-v, --volumes", "as Docker has it: volumes of a pod always go with it")
    .option("--timeout <duration>", "how long to wait until they are gone", parseDuration, 120_000)
    .addHelpText("after", "\nExamples:\n  orchctl rm once\n  orchctl rm -f web db")
    .action(async (pods: string[], flags: RemoveFlags, own: Command) =>
      (await run()).runRemove(pods, flags, globalOptions(own), environment),
    );
}
