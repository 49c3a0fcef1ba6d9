/** orchctl cordon, uncordon, drain, node */
import type { Command } from "commander";
import { dryRunOption } from "../../changes/flags.ts";
import type { Environment } from "../../environment.ts";
import { collect, globalOptions, outputOption, parseCount, parseDuration } from "../../program-options.ts";
import type { DrainOptions, TokenOptions } from "./run.ts";
import type { NodeSelection } from "./which-nodes.ts";

export function addNode(program: Command, environment: Environment): void {
  for (const [verb, unschedulable, description] of [
    ["cordon", true, "give a node no new pods"],
    ["uncordon", false, "give a node pods again"],
  ] as const) {
    program
      .command(verb)
      .description(description)
      .argument("[nodes...]")
      .option("-l, --selector <labels>", "all nodes with these labels")
      .addHelpText("after", `\nExamples:\n  orchctl ${verb} node-2\n  orchctl ${verb} -l rack=7`)
      .action(async (words: string[], options: NodeSelection, command: Command) => {
        const [{ setUnschedulable }, { whichNodes }] = await Promise.all([
          import("./run.ts"),
          import("./which-nodes.ts"),
        ]);
        const global = globalOptions(command);
        const nodes = await whichNodes(words, options, global, environment);
        await setUnschedulable(nodes, unschedulable, global, environment);
      });
  }
  program
    .command("drain")
    .description("cordon nodes and move their pods away")
    .argument("[nodes...]")
    .option("-l, --selector <labels>", "all nodes with these labels")
    .option("--grace-period <seconds>", "time to stop in, instead of each pod's own", parseCount(0))
    .option("--timeout <duration>", "how long to wait for all of it; 0 waits for ever", parseDuration, 300_000)
    .option("--force", "also pods that nobody will start again elsewhere")
    .option("--no-surge", "take pods away before others are ready in their place")
    .option("--pod-selector <selector>", "only pods with these labels")
    .option("--ignore-daemonsets", "accepted as in kubectl: daemon pods stay")
    .option("--delete-emptydir-data", "also pods that keep data in emptyDir")
    .addOption(dryRunOption("only say which pods would leave"))
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl drain node-2\n  orchctl drain node-2 --force --delete-emptydir-data\n  orchctl drain -l rack=7\n\nA copy of a Deployment leaves when another one is ready elsewhere. Cut off, the same command goes on where it was.",
    )
    .action(async (words: string[], options: DrainOptions & NodeSelection, command: Command) => {
      const [{ drain }, { whichNodes }] = await Promise.all([import("./drain.ts"), import("./which-nodes.ts")]);
      const global = globalOptions(command);
      await drain(await whichNodes(words, options, global, environment), options, global, environment);
    });
  const node = program
    .command("node")
    .description("machines of the cluster")
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl node join                                prints what to run on the machine\n  orchctl node metrics node-2\n  orchctl node remove node-7",
    );
  node
    .command("join")
    .description("print the command that makes a machine a node")
    .option("--lifetime <duration>", "how long the token is good", parseDuration, 3_600_000)
    .option("--uses <count>", "how many machines may use it", parseCount(1), 1)
    .option("--label <key=value>", "label of the new node; may repeat", collect, [])
    .option("--taint <key=value:effect>", "taint of the new node; may repeat", collect, [])
    .addOption(outputOption("json"))
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl node join\n  orchctl node join --uses 10 --lifetime 8h --label disk=ssd --taint gpu=yes:NoSchedule",
    )
    .action(async (options: TokenOptions, command: Command) => {
      const { printJoinCommand } = await import("./run.ts");
      await printJoinCommand(options, globalOptions(command), environment);
    });
  node
    .command("metrics")
    .description("what a node's agent counts, in Prometheus' form")
    .argument("<node>")
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl node metrics node-2\n  orchctl get --raw /metrics      # the control plane's",
    )
    .action(async (name: string, _options: unknown, command: Command) => {
      const { getRaw } = await import("../get/raw.ts");
      await getRaw(`/nodes/${encodeURIComponent(name)}/metrics`, globalOptions(command), environment);
    });
  node
    .command("remove")
    .description("take a machine that is gone for good out of the cluster; its pods are started elsewhere")
    .argument("<node>")
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl node remove node-7\n\nA machine that still works leaves by itself. On it, as root:\n  systemctl disable --now orch-node-agent && orch-node-agent leave",
    )
    .action(async (name: string, _options: unknown, command: Command) => {
      const { removeNode } = await import("./run.ts");
      await removeNode(name, globalOptions(command), environment);
    });
}
