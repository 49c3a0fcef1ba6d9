/** orchctl get */
import { type Command, Option } from "commander";
import { addFileFlags } from "../../changes/flags.ts";
import type { Environment } from "../../environment.ts";
import { objectOutputOption } from "../../printers/formats.ts";
import { collectWords, globalOptions, usageProblem } from "../../program-options.ts";
import type { GetOptions } from "./run.ts";

interface RawOption {
  readonly raw?: string;
}

export function addGet(program: Command, environment: Environment): void {
  const command = program
    .command("get")
    .description("list objects, or show some by name")
    .argument("[kinds]", "pods, deployments, nodes … ; several as pods,replicasets; one object as pod/NAME; all")
    .argument("[names...]", "names; none = all")
    .addOption(objectOutputOption("wide"))
    .option("-A, --all-namespaces", "objects of all namespaces")
    .option("-l, --selector <labels>", "only objects with these labels, as app=web,tier!=db")
    .option("--field-selector <fields>", "only objects with these fields, as status.phase=Running")
    .option("--sort-by <path>", "sort by a field, as .metadata.creationTimestamp")
    .option("-w, --watch", "then keep printing changes, until Ctrl-C or for as long as --request-timeout")
    .option("--watch-only", "print only changes")
    .option("--no-headers", "no header line")
    .option("--show-managed-fields", "with json and yaml: also who set which field")
    .addOption(
      new Option("--subresource <name>", "a part of an object that has its own rights").choices(["status", "scale"]),
    )
    .option("--ignore-not-found", "a name that does not exist is no error")
    .option("--show-labels", "labels as a last column")
    .option("--raw <path>", "instead of objects what monitoring asks: /metrics, /readyz?verbose, /nodes/NODE/metrics")
    .option("-L, --label-columns <labels>", "a column for each of these labels, as app,tier", collectWords);
  addFileFlags(command)
    .addHelpText(
      "after",
      "\nExamples:\n  orchctl get pods\n  orchctl get pods -o wide -A\n  orchctl get deploy/web -o yaml\n  orchctl get pods -l app=web -w\n  orchctl get nodes -w --request-timeout 5m      # for five minutes, then with exit code 0\n  orchctl get pods,replicasets -o name\n  orchctl get pods --sort-by .status.startTime\n  orchctl get pods -o jsonpath='{range .items[*]}{.metadata.name}{\"\\n\"}{end}'\n  orchctl get nodes -o custom-columns=NAME:.metadata.name,CPU:.status.capacity.cpu",
    )
    .action(async (kinds: string | undefined, names: string[], options: GetOptions & RawOption, own: Command) => {
      if (options.raw !== undefined) {
        if (kinds !== undefined) throw usageProblem("--raw takes a path and no kinds");
        const { getRaw } = await import("./raw.ts");
        await getRaw(options.raw, globalOptions(own), environment);
        return;
      }
      const { runGet } = await import("./run.ts");
      await runGet({ kinds, names, options, global: globalOptions(own) }, environment);
    });
}
