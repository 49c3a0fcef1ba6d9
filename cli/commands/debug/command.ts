/** orchctl debug */
import type { Command } from "commander";
import type { Environment } from "../../environment.ts";
import { afterDashes, collect, globalOptions, parseDuration } from "../../program-options.ts";
import { defaultDetachKeys } from "../attach/detach-keys.ts";
import type { DebugOptions } from "./run.ts";

const examples = `
Examples:
  orchctl debug web-1 -it --image busybox:1                       a shell beside its containers, in their network
  orchctl debug web-1 -it --image busybox:1 --target main -- ps   it sees that container's processes, and its files in /proc/1/root
  orchctl debug web-1 -it --copy-to web-debug --image busybox:1   in a copy that no Service sends requests to
  orchctl debug node/node-1 -n tools -it --image busybox:1        on the node itself, its files in /host

A pod on a node itself needs a namespace that is open to such pods: orchctl label namespace tools pod-security.kubernetes.io/enforce=privileged
What is added to a pod stays in it until the pod is deleted; it gets no resources and is never started again.`;

export function addDebug(program: Command, environment: Environment): void {
  program
    .command("debug")
    .description("look into a pod with the tools of another image, without touching its containers")
    .argument("<target>", "POD, KIND/NAME such as deployment/web, or node/NODE")
    .argument("[command...]", "its own flags too; without it the image's own")
    .requiredOption("--image <image>", "image that brings the tools")
    .option("-c, --container <name>", "name of the new container (default: debugger-…)")
    .option("--target <name>", "see the processes of this container")
    .option("-i, --stdin", "pass standard input on")
    .option("-t, --tty", "a terminal in the container")
    .option("--attach", "wait for its end and print what it writes; -i and -t do so anyway")
    .option("-e, --env <NAME=value>", "environment; may repeat", collect, [])
    .option("--copy-to <name>", "leave the pod alone: add the container to a copy of this name")
    .option("--same-node", "the copy runs on the same node")
    .option("--detach-keys <keys>", "leave a terminal with these, the container goes on", defaultDetachKeys)
    .option("--timeout <duration>", "how long it may take to start", parseDuration, 120_000)
    .addHelpText("after", examples)
    .action(async (target: string, words: string[], options: DebugOptions, command: Command) => {
      const { runDebug } = await import("./run.ts");
      await runDebug(target, afterDashes(words), options, globalOptions(command), environment);
    });
}
