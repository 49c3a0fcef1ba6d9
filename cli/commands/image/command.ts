/** orchctl image, and its short forms images, pull, push, history */
import { type Command, Option } from "commander";
import type { Environment } from "../../environment.ts";
import { collect, globalOptions, outputOption } from "../../program-options.ts";
import type { ListOptions, NodeOptions } from "./list.ts";
import type { LoadOptions } from "./load.ts";
import type { PushOptions } from "./push.ts";

const onNode = (what: string): Option => new Option("--node <name>", what);

export function addImage(program: Command, environment: Environment): void {
  const image = program
    .command("image")
    .description("images on the nodes")
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl image ls\n  docker save web:1 | orchctl image load           no registry is needed\n  orchctl image pull registry.example/web:1        onto the nodes, before pods need it\n  orchctl image prune -a",
    );
  addList(image, "ls", environment).alias("list");
  addPull(image, environment);
  addPush(image, environment);
  addShow(image, environment);
  addHistory(image, environment);
  addKeep(image, environment);
  addArchives(image, environment);
  addCare(image, environment);
  addList(program, "images", environment);
  addPull(program, environment);
  addPush(program, environment);
  addHistory(program, environment);
}

function addList(parent: Command, name: string, environment: Environment): Command {
  return parent
    .command(name)
    .description("images of the cluster: what there is, how large, on how many nodes, for how many pods")
    .argument("[image]", "only of this name, with any tag or with this one; * stands for anything")
    .addOption(onNode("of this node only"))
    .option("-q, --quiet", "digests only")
    .option("--no-trunc", "whole digests")
    .option(
      "-f, --filter <filter>",
      "dangling=true, reference=web:1*, before=web:2, since=web:1, label=KEY[=VALUE]; may repeat",
      collect,
      [],
    )
    .addOption(outputOption("wide", "json"))
    .addHelpText(
      "after",
      `
Examples:
  orchctl images
  orchctl images 'registry.example/*'
  orchctl images --filter label=org.opencontainers.image.vendor=us --filter since=web:1
  orchctl image ls --node node-1 -o wide
  orchctl image rm $(orchctl images -q --filter dangling=true)`,
    )
    .action(async (image: string | undefined, options: ListOptions, command: Command) => {
      const { runList } = await import("./list.ts");
      await runList(image, options, globalOptions(command), environment);
    });
}

export function addPull(parent: Command, environment: Environment): void {
  parent
    .command("pull")
    .description("fetch an image onto nodes before pods need it; each layer leaves the registry once")
    .argument("<image>", "as registry.example/web:1 or web@sha256:…")
    .addOption(onNode("onto this node only (default: all ready ones)"))
    .option("-q, --quiet", "no progress")
    .addOption(outputOption("json"))
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl pull registry.example/web:1\n  orchctl image pull web:1 --node node-2",
    )
    .action(async (image: string, options: NodeOptions & { quiet?: boolean }, command: Command) => {
      const { runPull } = await import("./transfer.ts");
      await runPull(image, options, globalOptions(command), environment);
    });
}

function addPush(parent: Command, environment: Environment): void {
  parent
    .command("push")
    .description("send an image from a node that has it to a registry")
    .argument("<image>", "an image of the cluster")
    .argument("[destination]", "name to push it under (default: its own)")
    .option("-a, --all-tags", "all tags of the image, which is then named without one")
    .addOption(onNode("from this node"))
    .addOption(outputOption("json"))
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl push registry.example/web:1\n  orchctl image push web:1 registry.example/team/web:1\n  orchctl push --all-tags registry.example/web\n\nLog in first where it is needed: orchctl login registry.example",
    )
    .action(async (image: string, destination: string | undefined, options: PushOptions, command: Command) => {
      const { runPush } = await import("./push.ts");
      await runPush(image, destination, options, globalOptions(command), environment);
    });
}

function addShow(parent: Command, environment: Environment): void {
  parent
    .command("inspect")
    .description("everything about an image, as JSON: layers, config, manifest, who runs it")
    .argument("<image>", "a name, or a digest or id or the beginning of one")
    .addOption(onNode("as this node knows it"))
    .addOption(outputOption("json"))
    .addHelpText("after", "\nExamples:\n  orchctl image inspect web:1\n  orchctl image inspect 85adca64fda8")
    .action(async (name: string, options: NodeOptions, command: Command) => {
      const { runInspect } = await import("./list.ts");
      await runInspect(name, options, globalOptions(command), environment);
    });
}

function addHistory(parent: Command, environment: Environment): void {
  parent
    .command("history")
    .description("how an image was made, step by step, the newest first")
    .argument("<image>")
    .addOption(onNode("as this node knows it"))
    .option("--no-trunc", "whole commands")
    .addOption(outputOption("json"))
    .addHelpText("after", "\nExamples:\n  orchctl history web:1\n  orchctl image history web:1 --no-trunc")
    .action(async (name: string, options: NodeOptions & { trunc: boolean }, command: Command) => {
      const { runHistory } = await import("./list.ts");
      await runHistory(name, options, globalOptions(command), environment);
    });
}

function addKeep(parent: Command, environment: Environment): void {
  parent
    .command("tag")
    .description("give an image another name, on the nodes that have it; pods keep what they run")
    .argument("<image>", "as it is called now, or its id")
    .argument("<name>", "another name for it")
    .addOption(onNode("on this node only"))
    .addHelpText("after", "\nExamples:\n  orchctl image tag web:1 registry.example/team/web:1")
    .action(async (name: string, other: string, options: NodeOptions, command: Command) => {
      const { runTag } = await import("./keep.ts");
      await runTag(name, other, options, globalOptions(command), environment);
    });
  parent
    .command("rm")
    .alias("remove")
    .description("remove images; what a pod runs is never taken")
    .argument("<images...>", "names, or digests or ids or beginnings of them")
    .addOption(onNode("from this node only (default: from all)"))
    .option("--ignore-not-found", "an image that is nowhere is no error")
    .addOption(outputOption("json"))
    .addHelpText("after", "\nExamples:\n  orchctl image rm web:1 web:2")
    .action(async (names: string[], options: NodeOptions & { ignoreNotFound?: boolean }, command: Command) => {
      const { runRemove } = await import("./keep.ts");
      await runRemove(names, options, globalOptions(command), environment);
    });
  parent
    .command("prune")
    .description("remove images without a tag that no pod runs")
    .option("-a, --all", "also tagged ones that no pod runs")
    .addOption(onNode("on this node only (default: on all)"))
    .addOption(outputOption("json"))
    .addHelpText("after", "\nExamples:\n  orchctl image prune -a")
    .action(async (options: NodeOptions & { all?: boolean }, command: Command) => {
      const { runPrune } = await import("./keep.ts");
      await runPrune(options, globalOptions(command), environment);
    });
}

function addArchives(parent: Command, environment: Environment): void {
  parent
    .command("save")
    .description("write images to an archive that docker, podman, skopeo and orchctl read")
    .argument("<images...>")
    .option("-f, --file <file>", "where to (default: standard output)")
    .addOption(new Option("-o, --output <file>", "as Docker spells it").hideHelp())
    .addOption(onNode("from this node"))
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl image save web:1 -f web.tar\n  orchctl image save web:1 | docker load",
    )
    .action(async (names: string[], options: NodeOptions & { file?: string }, command: Command) => {
      const { runSave } = await import("./transfer.ts");
      await runSave(names, { ...options, file: options.file ?? options.output }, globalOptions(command), environment);
    });
  parent
    .command("load")
    .description("load a docker or OCI archive, without a registry: one node takes it, the others get it from there")
    .argument("[archive]", "file made by docker save, skopeo copy … (default: stdin)")
    .option("-i, --input <file>", "the archive")
    .addOption(onNode("onto this node (default: a ready one)"))
    .option("--all-nodes", "bring it to every ready node now, not when its pods need it")
    .addOption(outputOption("json"))
    .addHelpText("after", "\nExamples:\n  orchctl image load web.tar\n  docker save web:1 | orchctl image load")
    .action(async (archive: string | undefined, options: LoadOptions, command: Command) => {
      const { runLoad } = await import("./load.ts");
      await runLoad(options.input ?? archive, options, globalOptions(command), environment);
    });
}

function addCare(parent: Command, environment: Environment): void {
  parent
    .command("df")
    .description("what images take on each node's disk")
    .addOption(onNode("of this node only"))
    .addOption(outputOption("json"))
    .addHelpText("after", "\nExamples:\n  orchctl image df")
    .action(async (options: NodeOptions, command: Command) => {
      const { runUsage } = await import("./list.ts");
      await runUsage(options, globalOptions(command), environment);
    });
  parent
    .command("verify")
    .description("read stored images whole and compare them with their digests; exit code 1 when something is damaged")
    .argument("[images...]", "default: all")
    .option("--repair", "fetch and unpack anew what is damaged; running containers go on")
    .addOption(onNode("on this node only"))
    .addOption(outputOption("json"))
    .addHelpText("after", "\nExamples:\n  orchctl image verify\n  orchctl image verify web:1 --repair --node node-2")
    .action(async (names: string[], options: NodeOptions & { repair?: boolean }, command: Command) => {
      const { runVerify } = await import("./keep.ts");
      await runVerify(names, options, globalOptions(command), environment);
    });
}
