/** orchctl inspect, changes */
import { type Command, Option } from "commander";
import type { Environment } from "../../environment.ts";
import { globalOptions, outputOption } from "../../program-options.ts";
import type { ChangesFlags } from "./changes.ts";
import type { InspectFlags } from "./run.ts";

export function addInspect(program: Command, environment: Environment): void {
  program
    .command("inspect")
    .description("everything about pods, containers, nodes or images as JSON, with what their nodes know")
    .argument("<names...>", "POD, KIND/NAME, or an image; what is found first is shown")
    .option("-c, --container <name>", "only this container of the pod")
    .addOption(new Option("--type <type>", "look only for this").choices(["pod", "container", "node", "image"]))
    .option("-f, --format <template>", "as '{{.containers}}'; of one container with -c: '{{.State.Pid}}'")
    .option("-s, --size", "count what containers have written")
    .addHelpText(
      "after",
      "\nOf a pod: the object, and of each container its process, cgroup, mounts, image, layers and writable layer on the node.\nValues of environment variables are left out: they may be secret.\n\nExamples:\n  orchctl inspect web\n  orchctl inspect web -c app -f '{{.State.Pid}} {{.Runtime.Cgroup}}'\n  orchctl inspect node/node-1\n  orchctl inspect --type image nginx:1",
    )
    .action(async (names: string[], flags: InspectFlags, own: Command) => {
      const { runInspect } = await import("./run.ts");
      await runInspect(names, flags, globalOptions(own), environment);
    });
  program
    .command("changes")
    .description("what a container has added (A), changed (C) and deleted (D) against its image")
    .argument("<pod>", "POD, or KIND/NAME such as deployment/web")
    .option("-c, --container <name>", "which container (default: the first)")
    .addOption(outputOption("json"))
    .addHelpText(
      "after",
      "\nIt lies in the container's writable layer, which ends with the container: what is to stay belongs in a volume.\n\nExamples:\n  orchctl changes web\n  orchctl changes web -c app -o json",
    )
    .action(async (pod: string, flags: ChangesFlags, own: Command) => {
      const { runChanges } = await import("./changes.ts");
      await runChanges(pod, flags, globalOptions(own), environment);
    });
}
