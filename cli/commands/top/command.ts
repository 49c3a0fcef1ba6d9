/** orchctl top */
import { type Command, Option } from "commander";
import type { Environment } from "../../environment.ts";
import { globalOptions, outputOption } from "../../program-options.ts";
import type { ProcessFlags } from "./processes.ts";
import type { TopFlags } from "./run.ts";

const run = async (): Promise<typeof import("./run.ts")> => import("./run.ts");

export function addTop(program: Command, environment: Environment): void {
  const top = program
    .command("top")
    .description("what nodes, pods and containers use at this moment; of a pod: its processes")
    .argument("[pod]", "a pod: its processes, as docker top")
    .option("-c, --container <name>", "with a pod: only this container")
    .option("--no-headers", "no header line")
    .addOption(outputOption("json"))
    .addHelpText(
      "after",
      "\nA pod that is called nodes, pods or containers is named as pod/NAME.\n\nExamples:\n  orchctl top nodes\n  orchctl top pods -A --sort-by memory\n  orchctl top web              the processes of pod web",
    )
    .action(async (pod: string | undefined, flags: ProcessFlags, own: Command) => {
      if (pod === undefined) return own.help({ error: true });
      const { topProcesses } = await import("./processes.ts");
      await topProcesses(pod, flags, globalOptions(own), environment);
    });
  common(
    top.command("nodes").alias("node").alias("no").description("processor, memory, network and disk of nodes"),
    "node-1",
  )
    .option("--show-capacity", "shares of all the node has, instead of what pods may have")
    .action(async (names: string[], flags: TopFlags, own: Command) =>
      (await run()).topNodes(names, flags, globalOptions(own), environment),
    );
  for (const [name, alias, description] of [
    ["pods", "pod", "processor, memory, network and disk of pods"],
    ["containers", "container", "processor, memory and disk of each container of pods"],
  ] as const) {
    const command = common(top.command(name).alias(alias).description(description), "web-1")
      .option("-A, --all-namespaces", "of all namespaces")
      .option("--field-selector <fields>", "only pods with these fields, as spec.nodeName=node-1")
      .option("--sum", "the sum as a last line");
    if (name === "pods") command.alias("po").option("--containers", "each container on a line of its own");
    command.action(async (names: string[], flags: TopFlags, own: Command) =>
      (await run()).topPods(names, name === "containers" ? { ...flags, containers: true } : flags, {
        ...{ global: globalOptions(own), environment },
      }),
    );
  }
}

function common(command: Command, example: string): Command {
  const name = `orchctl top ${command.name()}`;
  return command
    .argument("[names...]", "names; none = all")
    .option("-l, --selector <labels>", "only those with these labels")
    .addOption(new Option("--sort-by <what>", "the largest first").choices(["cpu", "memory"]))
    .option("--no-headers", "no header line")
    .addOption(outputOption("json", "yaml"))
    .addHelpText(
      "after",
      `\nThe nodes are asked when you ask: processor time is that of the last half second or so, memory is what cannot be given up at once; network and disk are bytes per second.\n\nExamples:\n  ${name}\n  ${name} ${example}\n  ${name} --sort-by memory`,
    );
}
