/** orchctl patch */
import { type Command, Option } from "commander";
import { addChangeFlags, addFileFlags } from "../../changes/flags.ts";
import type { Environment } from "../../environment.ts";
import { globalOptions } from "../../program-options.ts";
import type { PatchFlags } from "./run.ts";

export function addPatch(program: Command, environment: Environment): void {
  const command = program
    .command("patch")
    .description("change fields of objects, in one of three ways of writing a change")
    .argument("[target...]", "KIND NAME, or KIND/NAME …")
    .option("-p, --patch <text>", "the change, as JSON or YAML")
    .option("--patch-file <file>", "a file with the change (- for stdin)")
    .addOption(
      new Option(
        "--type <type>",
        "strategic merges lists by their keys, merge replaces them (null removes), json is a list of operations",
      )
        .choices(["strategic", "merge", "json"])
        .default("strategic"),
    )
    .option("--subresource <name>", "change this part of it: status, scale");
  addChangeFlags(addFileFlags(command))
    .addHelpText(
      "after",
      [
        "\nExamples:",
        `  orchctl patch deployment web -p '{"spec":{"replicas":3}}'`,
        `  orchctl patch deploy/web -p 'spec: {template: {spec: {containers: [{name: main, image: "nginx:2"}]}}}'`,
        `  orchctl patch cm settings --type merge -p '{"data":{"old":null}}'`,
        `  orchctl patch node node-1 --type json -p '[{"op":"add","path":"/spec/unschedulable","value":true}]'`,
      ].join("\n"),
    )
    .action(async (words: string[], flags: PatchFlags, own: Command) => {
      const { runPatch } = await import("./run.ts");
      await runPatch(words, flags, globalOptions(own), environment);
    });
}
