/** Flags that commands which change objects share. */
import { type Command, Option } from "commander";
import { objectOutputOption } from "../printers/formats.ts";
import { collect } from "../program-options.ts";

export type DryRun = "none" | "server" | "client";

export interface ChangeFlags {
  readonly dryRun?: DryRun;
  readonly output?: string;
  readonly fieldManager: string;
}

const dryRunText = "change nothing: server runs all checks there, client only shows what would be sent";

export const dryRunOption = (text = dryRunText): Option =>
  new Option("--dry-run [where]", text).choices(["server", "client", "none"]).preset("server");

export const validateOption = (): Option =>
  new Option("--validate <how>", "what becomes of unknown fields: strict refuses them")
    .choices(["strict", "warn", "ignore", "true", "false"])
    .default("strict");

export function addChangeFlags(command: Command): Command {
  return command
    .addOption(dryRunOption())
    .option("--field-manager <name>", "who changes", "orchctl")
    .addOption(objectOutputOption());
}

export function addSelectFlags(command: Command): Command {
  return addFileFlags(command)
    .option("-l, --selector <labels>", "all with these labels")
    .option("--field-selector <fields>", "all with these fields, as status.phase=Running")
    .option("--all", "all objects of the kind in the namespace")
    .option("-A, --all-namespaces", "with a selector or --all: in all namespaces");
}

export function addFileFlags(command: Command): Command {
  return command
    .option("-f, --filename <file>", "file, folder, or - for stdin; may repeat", collect)
    .option("-R, --recursive", "with -f: also folders below");
}
