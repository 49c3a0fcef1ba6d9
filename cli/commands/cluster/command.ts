/** orchctl cluster */
import { type Command, InvalidArgumentError } from "commander";
import type { Environment } from "../../environment.ts";
import { collect, globalOptions, outputOption, parseCount, parseDuration } from "../../program-options.ts";
import { addAuthority } from "../authority/command.ts";
import { addBackup } from "../backup/command.ts";
import { addSealingKey } from "../key/command.ts";
import type { DiagnoseFlags } from "./diagnose.ts";
import type { AddNodeFlags, RemoveNodeFlags } from "./nodes.ts";
import type { DownFlags, StatusFlags, UpFlags } from "./run.ts";
import type { UpgradeFlags } from "./upgrade.ts";

export function addCluster(program: Command, environment: Environment): void {
  const cluster = program
    .command("cluster")
    .description("start, stop and look at clusters")
    .addHelpText(
      "after",
      "\nExamples:\n  sudo orchctl cluster up                          a local cluster of 3 nodes\n  orchctl cluster status                           what is wrong, and what to do\n  sudo orchctl cluster add-node\n  orchctl cluster backup /backup/prod.orch --passphrase-file /root/backup-passphrase",
    );
  cluster
    .command("up")
    .description("start a local cluster: real nodes in namespaces of this machine")
    .option("--name <name>", "the cluster's name", "local")
    .option("--nodes <count>", "how many nodes (3, or as many as it has)", parseCount(1))
    .option("--max-pods <count>", "pods each node offers room for (110; at creation)", parseCount(1))
    .option(
      "--max-restart-period <duration>",
      "longest wait before a container that keeps ending is started again (5m; at creation)",
      parseSeconds(1, 86_400),
    )
    .option(
      "--pressure-hold <duration>",
      "how long a node's pressure stays told after it is over (60s; at creation)",
      parseSeconds(0, 3_600),
    )
    .option("--plain-http-registry <host>", "a registry to reach without TLS; may repeat (at creation)", collect, [])
    .option("--no-wait", "do not wait until all nodes are ready")
    .option("--timeout <duration>", "how long to wait", parseDuration, 120_000)
    .addOption(outputOption("json"))
    .addHelpText(
      "after",
      "\nExamples:\n  sudo orchctl cluster up\n  sudo orchctl cluster up --name test --nodes 5\n\nRun again, it changes nothing that is right; after a reboot it starts the cluster with its data.",
    )
    .action(async (options: UpFlags, command: Command) => {
      const { runUp } = await import("./run.ts");
      await runUp(options, globalOptions(command), environment);
    });
  cluster
    .command("down")
    .description("stop a local cluster and all it runs; its data stays")
    .option("--name <name>", "the cluster's name", "local")
    .option("--purge", "also remove its data, its context, and changes made to this machine")
    .addHelpText("after", "\nExamples:\n  sudo orchctl cluster down\n  sudo orchctl cluster down --name test --purge")
    .action(async (options: DownFlags, command: Command) => {
      const { runDown } = await import("./run.ts");
      await runDown(options, globalOptions(command), environment);
    });
  addNodeCommands(cluster, environment);
  addUpgrade(cluster, environment);
  addDiagnose(cluster, environment);
  cluster
    .command("status")
    .description("how the cluster is, what is wrong and what to do; exits with 1 when something is")
    .addHelpText("after", "\nExamples:\n  orchctl cluster status\n  orchctl cluster status --context prod -o json")
    .addOption(outputOption("json"))
    .action(async (options: StatusFlags, command: Command) => {
      const { runStatus } = await import("./status.ts");
      await runStatus(options, globalOptions(command), environment);
    });
}

/** In whole seconds, as agents take it. */
const parseSeconds =
  (least: number, most: number) =>
  (text: string): number => {
    const seconds = Math.ceil(parseDuration(text) / 1000);
    if (seconds >= least && seconds <= most) return seconds;
    throw new InvalidArgumentError(`it takes a time from ${least}s to ${most / 3600}h.`);
  };

function addUpgrade(cluster: Command, environment: Environment): void {
  cluster
    .command("upgrade")
    .description("bring a running local cluster to this orchctl's version; containers run on")
    .option("--name <name>", "the cluster's name", "local")
    .option("--restart", "also when it runs this version already: after a rebuild")
    .addHelpText(
      "after",
      "\nExamples:\n  sudo orchctl cluster upgrade\n\nThe control plane goes first, then the nodes' agents, one by one. Cut off, the same command goes on.",
    )
    .action(async (options: UpgradeFlags, command: Command) => {
      const { runUpgrade } = await import("./upgrade.ts");
      await runUpgrade(options, globalOptions(command), environment);
    });
}

function addDiagnose(cluster: Command, environment: Environment): void {
  cluster
    .command("diagnose")
    .description("pack status, objects, metrics and logs into one file for somebody who helps; without secrets")
    .option("-f, --file <path>", "where to (orch-diagnose-CLUSTER-TIME.tar.gz here)")
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl cluster diagnose\n  sudo orchctl cluster diagnose -f /tmp/bundle.tar.gz   # with a local cluster's logs",
    )
    .action(async (options: DiagnoseFlags, command: Command) => {
      const { runDiagnose } = await import("./diagnose.ts");
      await runDiagnose(options, globalOptions(command), environment);
    });
}

function addNodeCommands(cluster: Command, environment: Environment): void {
  cluster
    .command("add-node")
    .description("add a node to a running local cluster; the others are left alone")
    .argument("[node]", "its name; the next of node-1, node-2 … when left out")
    .option("--name <name>", "the cluster's name", "local")
    .option("--cpus <cores>", "CPUs it offers (as the other nodes)")
    .option("--memory <bytes>", "memory it offers, as 2Gi (as the other nodes)")
    .option("--label <key=value>", "label of the new node; may repeat", collect, [])
    .option("--taint <key=value:effect>", "taint of the new node; may repeat", collect, [])
    .option("--no-wait", "do not wait until it is ready")
    .option("--timeout <duration>", "how long to wait", parseDuration, 60_000)
    .addHelpText(
      "after",
      "\nExamples:\n  sudo orchctl cluster add-node\n  sudo orchctl cluster add-node gpu-1 --label gpu=yes --taint gpu=yes:NoSchedule",
    )
    .action(async (node: string | undefined, options: AddNodeFlags, command: Command) => {
      const { runAddNode } = await import("./nodes.ts");
      await runAddNode(node, options, globalOptions(command), environment);
    });
  cluster
    .command("remove-node")
    .description("drain a node of a local cluster, let it leave, and remove all of it")
    .argument("<node>")
    .option("--name <name>", "the cluster's name", "local")
    .option("--timeout <duration>", "how long to wait for its pods to move", parseDuration, 120_000)
    .option("--force", "also pods that nobody will start again, and without the control plane knowing")
    .option("--delete-emptydir-data", "also pods that keep data in emptyDir")
    .option("--no-drain", "do not move its pods first: they stop, and are started elsewhere afterwards")
    .addHelpText(
      "after",
      "\nExamples:\n  sudo orchctl cluster remove-node node-3\n  sudo orchctl cluster remove-node node-3 --no-drain --force   # it is broken",
    )
    .action(async (node: string, options: RemoveNodeFlags, command: Command) => {
      const { runRemoveNode } = await import("./nodes.ts");
      await runRemoveNode(node, options, globalOptions(command), environment);
    });
  addAuthority(cluster, environment);
  addSealingKey(cluster, environment);
  addBackup(cluster, environment);
}
